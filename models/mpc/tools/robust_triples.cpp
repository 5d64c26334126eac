#include "models/mpc/tools/robust_triples.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/robust_decoding.h"

namespace evenkeel {

using Heard = RobustGroup::Heard;

struct RobustTriples::Batch {
  Words a;
  Words b;
  Words r;
  std::vector<Words> terms = {};  // of the zero
  std::vector<Seat> seats = {};   // whose words are in `said`
  std::vector<Words> said = {};
  std::vector<bool> is_opened = {};
};

Task<> RobustTriples::prepare(std::size_t count) {
  const OfflinePhase offline{seat_.session()};
  while (stock() < count) co_await make(count - stock());
}

Triples RobustTriples::take(std::size_t count) {
  EVENKEEL_CHECK(count <= stock(), "triples that were not prepared");
  Triples taken;
  const auto cut = [count](Words& from, Words& to) {
    to.assign(from.end() - static_cast<std::ptrdiff_t>(count), from.end());
    from.resize(from.size() - count);
  };
  cut(stock_.a, taken.a);
  cut(stock_.b, taken.b);
  cut(stock_.product, taken.product);
  return taken;
}

Task<> RobustTriples::make(std::size_t count) {
  Batch batch{.a = seat_.random(count), .b = seat_.random(count), .r = seat_.random(count)};
  batch.is_opened.assign(count, false);
  for (std::uint32_t j = 0; j < seat_.degree(); ++j) batch.terms.push_back(seat_.random(count));
  Words mine = PseudorandomSharing::zeros_from(batch.terms, seat_.self());
  for (std::size_t i = 0; i < count; ++i)
    mine[i] = field61::subtract(field61::multiply(batch.a[i], batch.b[i]),
                                field61::add(batch.r[i], mine[i]));
  seat_.session().enter("prepare products");
  const std::vector<std::size_t> sizes(seat_.parties(), count * sizeof(Word));
  Task<std::vector<Heard>> exchanging = seat_.group().exchange_alike(bytes_of(mine), sizes);
  std::vector<Heard> heard = co_await std::move(exchanging);
  Task<std::vector<Heard>> agreeing = seat_.group().agree(std::move(heard), sizes);
  std::vector<Heard> agreed = co_await std::move(agreeing);
  for (Seat seat = 0; seat < seat_.parties(); ++seat) {
    if (!agreed[seat]) is_out_[seat] = true;
    if (is_out_[seat]) continue;
    batch.seats.push_back(seat);
    batch.said.push_back(elements_of(*agreed[seat]));
    agreed[seat].reset();
  }
  const std::size_t degree = 2 * seat_.degree();
  for (;;) {
    const shamir::Elements points = shamir::points_of(batch.seats);
    std::vector<std::size_t> wrong;
    if (points.size() > degree) wrong = inconsistent_places(points, batch.said, degree);
    if (points.size() > degree && wrong.empty()) break;
    if (!wrong.empty()) co_await search(batch, wrong[0]);
    if (wrong.empty() || batch.seats.size() == points.size()) {
      const Session::Forever forever =
          seat_.session().abort(ErrorCode::cheating, "more seats lie than the protocol can bear");
      co_await forever;
    }
  }
  const std::span all{batch.said};
  const shamir::Elements points = shamir::points_of(batch.seats);
  const Words opened =
      shamir::interpolated(std::span{points}.first(degree + 1), all.first(degree + 1), 0);
  seat_.session().charge(costs::field_product * static_cast<double>(count * points.size()) *
                         static_cast<double>(points.size() - degree));
  for (std::size_t i = 0; i < count; ++i) {
    if (batch.is_opened[i]) continue;
    stock_.a.push_back(batch.a[i]);
    stock_.b.push_back(batch.b[i]);
    stock_.product.push_back(field61::add(opened[i], batch.r[i]));
  }
}

// Opens all that one triple is made of, and leaves out who lied.
Task<> RobustTriples::search(Batch& batch, std::size_t place) {
  batch.is_opened[place] = true;
  Words parts{batch.a[place], batch.b[place], batch.r[place]};
  for (const Words& term : batch.terms) parts.push_back(term[place]);
  const shamir::Elements points = shamir::first_points(seat_.parties());
  Task<std::vector<Words>> opening = seat_.open_at(parts, points);
  const std::vector<Words> right = co_await std::move(opening);
  for (std::size_t i = batch.seats.size(); i-- > 0;) {
    const Seat seat = batch.seats[i];
    const Words& own = right[seat];
    std::vector<Words> terms;
    for (std::size_t j = 3; j < own.size(); ++j) terms.push_back(Words{own[j]});
    const Word zero = PseudorandomSharing::zeros_from(terms, seat)[0];
    const Word said =
        field61::subtract(field61::multiply(own[0], own[1]), field61::add(own[2], zero));
    if (said == batch.said[i][place]) continue;
    is_out_[seat] = true;
    seat_.distrust(seat, "lied about its share of a product");
    batch.seats.erase(batch.seats.begin() + static_cast<std::ptrdiff_t>(i));
    batch.said.erase(batch.said.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

std::uint64_t RobustTriples::sent_bytes(std::size_t count) const {
  return (seat_.parties() - 1) * sizeof(Word) * count +
         seat_.group().agreement_bytes(seat_.parties());
}

}  // namespace evenkeel
