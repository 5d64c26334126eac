#include "models/mpc/tools/transfer_preprocessing.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "models/mpc/disclosure.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/carry.h"
#include "models/mpc/tools/grouped_bits.h"

namespace evenkeel {
namespace {

// Bits of authenticated shares without gaps, `count` a plane, to planes of whole lanes, and so each
// component.
Words spread(const Authenticated& bits, const Words& shares, std::size_t planes,
             std::size_t count) {
  const std::size_t size = shares.size() / bits.components();
  Words all;
  for (std::size_t c = 0; c < bits.components(); ++c) {
    const Words some = planes_of_run(std::span{shares}.subspan(c * size, size), planes, count);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::size_t bit_triples_of(const ComparisonShape& shape) {
  return group_products(shape.places) + carry_products(groups_of(shape.places), shape.numbers);
}

std::vector<Seat> all_of(Seat n) {
  std::vector<Seat> all(n);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

TransferPreprocessing::TransferPreprocessing(AuthenticatedSeat& seat)
    : Preprocessing(seat),
      transfers_(seat.session(), seat.computing()),
      authentication_(seat, transfers_),
      number_triples_(authentication_),
      bit_triples_(authentication_),
      dual_bits_(authentication_, number_triples_) {}

Task<> TransferPreprocessing::set_up() {
  const OfflinePhase offline{session()};
  co_await transfers_.set_up();
  authentication_.set_keys();
}

// With a mask behind what owners have.
Task<Words> TransferPreprocessing::entered(std::vector<Seat> owners, Words mine) {
  Authenticated& numbers = seat().numbers();
  const std::size_t elements = mine.size() / numbers.domain().width() - 1;
  Task<std::vector<Words>> entering = authentication_.numbers_of(owners, std::move(mine));
  const std::vector<Words> by_owner = co_await std::move(entering);
  Words sum = by_owner[owners[0]];
  for (std::size_t i = 1; i < owners.size(); ++i) numbers.domain().add(sum, by_owner[owners[i]]);
  const PrgKey drawn = co_await seat().coin();
  Prg factors{drawn};
  const std::vector<Words> all{sum};
  co_await authentication_.open_sums(factors, all, {});
  co_await seat().prove();
  co_return numbers.part(sum, 0, elements);
}

Task<Words> TransferPreprocessing::uniform(std::size_t elements) {
  const OfflinePhase offline{session()};
  const Domain& domain = seat().numbers().domain();
  Words mine = seat().own_stream().words((elements + 1) * domain.width());
  domain.from_random(mine);
  Task<Words> entering = entered(all_of(seat().computing()), std::move(mine));
  Words shares = co_await std::move(entering);
  co_return shares;
}

Task<KnownMask> TransferPreprocessing::known_to(Seat owner, std::size_t elements) {
  const OfflinePhase offline{session()};
  if (owner >= seat().computing()) {
    Task<KnownMask> telling = known_to_client(owner, elements);
    KnownMask told = co_await std::move(telling);
    co_return told;
  }
  const Domain& domain = seat().numbers().domain();
  KnownMask mask{{}, Words(elements * domain.width(), 0)};
  if (!seat().computes()) co_return mask;
  Words mine = seat().own_stream().words((elements + 1) * domain.width());
  domain.from_random(mine);
  std::copy_n(mine.begin(), mask.known.size(), mask.known.begin());
  Task<Words> entering = entered({owner}, std::move(mine));
  mask.shares = co_await std::move(entering);
  co_return mask;
}

// Who tells the client something wrong changes r, v or w by what it chose, and r v = w no longer
// holds but with chance 2^-60.
Task<KnownMask> TransferPreprocessing::known_to_client(Seat client, std::size_t elements) {
  const Domain& domain = seat().numbers().domain();
  const std::size_t size = elements * domain.width();
  KnownMask mask{{}, Words(size, 0)};
  if (seat().computes()) {
    Task<Triples> making = number_triples_.make(elements);
    Triples triples = co_await std::move(making);
    Words told(3 * size);
    std::copy_n(triples.x.begin(), size, told.begin());
    std::copy_n(triples.y.begin(), size, told.begin() + static_cast<std::ptrdiff_t>(size));
    std::copy_n(triples.sums.begin(), size, told.begin() + static_cast<std::ptrdiff_t>(2 * size));
    session().send(client, told);
    mask.shares = std::move(triples.x);
  }
  if (session().self() != client) co_return mask;
  Words sums(3 * size, 0);
  for (Seat other = 0; other < seat().computing(); ++other) {
    Words told = co_await session().receive(other, 3 * size);
    domain.from_random(told);
    domain.add(sums, told);
  }
  Words product(size, 0);
  domain.add_products(product, std::span{sums}.first(size), std::span{sums}.subspan(size, size));
  const Words said(sums.end() - static_cast<std::ptrdiff_t>(size), sums.end());
  if (!are_same(product, said)) {
    const Session::Forever forever = session().abort(
        ErrorCode::cheating, "'mask': what the parties tell a client does not fit: a party cheats");
    co_await forever;
  }
  std::copy_n(sums.begin(), size, mask.known.begin());
  co_return mask;
}

Task<Triples> TransferPreprocessing::triples(std::size_t products, std::size_t length) {
  const OfflinePhase offline{session()};
  Task<Triples> making = number_triples_.make(products);
  Triples triples = co_await std::move(making);
  triples.sums = seat().numbers().summed(triples.sums, length);
  co_return triples;
}

// From the highest bit down.
Task<Words> TransferPreprocessing::masks_of(const Words& bits, std::size_t planes,
                                            std::size_t count) {
  const Authenticated& numbers = seat().numbers();
  const Domain& domain = numbers.domain();
  Words masks(numbers.components() * count * domain.width(), 0);
  if (domain.width() > 1) {
    Task<Words> drawing = uniform(count);
    masks = co_await std::move(drawing);
  }
  for (std::size_t plane = planes; plane-- > 0;) {
    const Words same = masks;
    domain.add(masks, same);
    domain.add(masks, numbers.part(bits, plane * count, count));
  }
  co_return masks;
}

// Pairs first, then of three and four bits the pair of the lowest two times the rest.
Task<Words> TransferPreprocessing::group_products_of(const Words& planes, std::size_t places,
                                                     std::size_t lanes) {
  Authenticated& bits = seat().bits();
  const std::size_t all = planes.size() / bits.components() / lanes;
  const std::size_t products = group_products(places);
  Words made(bits.components() * products * lanes, 0);
  const auto copy = [&](const Words& from, std::size_t of, std::size_t plane, Words& to,
                        std::size_t to_of, std::size_t at) {
    for (std::size_t c = 0; c < bits.components(); ++c)
      std::copy_n(from.data() + (c * of + plane) * lanes, lanes,
                  to.data() + (c * to_of + at) * lanes);
  };
  for (const bool is_second : {false, true}) {
    std::vector<GroupProduct> level;
    for (const GroupProduct& one : products_of_groups(places))
      if ((std::popcount(one.set) > 2) == is_second) level.push_back(one);
    if (level.empty()) continue;
    Words a(bits.components() * level.size() * lanes);
    Words b = a;
    for (std::size_t i = 0; i < level.size(); ++i) {
      const GroupFactors factors = factors_of(level[i]);
      if (is_second) copy(made, products, factors.pair, a, level.size(), i);
      if (!is_second) copy(planes, all, factors.low_place, a, level.size(), i);
      const bool is_bit = std::popcount(level[i].set) < 4;
      copy(is_bit ? planes : made, is_bit ? all : products, factors.rest, b, level.size(), i);
    }
    Task<Triples> preparing = bit_triples(level.size() * lanes);
    const Triples triples = co_await std::move(preparing);
    const Words product = co_await bits.multiply(a, b, 1, triples);
    for (std::size_t i = 0; i < level.size(); ++i)
      copy(product, level.size(), i, made, products, level[i].index);
  }
  co_return made;
}

Task<ComparisonMask> TransferPreprocessing::comparison_masks(const ComparisonShape& shape,
                                                             std::size_t count) {
  const OfflinePhase offline{session()};
  const std::size_t lanes = lanes_of(count);
  const std::size_t planes = shape.planes;
  Task<BothDomains> drawing = dual_bits_.make((planes + 1) * count);
  const BothDomains drawn = co_await std::move(drawing);
  Task<Words> summing = masks_of(drawn.numbers, planes, count);
  ComparisonMask mask;
  mask.numbers = co_await std::move(summing);
  const Words spread_bits = spread(seat().bits(), drawn.planes, planes + 1, count);
  mask.planes = seat().bits().part(spread_bits, 0, planes * lanes);
  last_bit_ = {seat().bits().part(spread_bits, planes * lanes, lanes),
               seat().numbers().part(drawn.numbers, planes * count, count)};

  const std::size_t triples = bit_triples_of(shape);
  if (triples == 0) co_return mask;  // of one bit
  Task<Triples> making = bit_triples_.make(lanes_of(triples * count));
  const Triples made = co_await std::move(making);
  prepared_ = {spread(seat().bits(), made.x, triples, count),
               spread(seat().bits(), made.y, triples, count),
               spread(seat().bits(), made.sums, triples, count)};
  used_words_ = 0;
  Task<Words> multiplying = group_products_of(mask.planes, shape.places, lanes);
  mask.products = co_await std::move(multiplying);
  co_return mask;
}

Task<Triples> TransferPreprocessing::bit_triples(std::size_t words) {
  const auto part = [&](const Words& of) { return seat().bits().part(of, used_words_, words); };
  EVENKEEL_CHECK((used_words_ + words) * seat().bits().components() <= prepared_.x.size(),
                 "triples of bits that were not prepared");
  Triples triples{part(prepared_.x), part(prepared_.y), part(prepared_.sums)};
  used_words_ += words;
  co_return triples;
}

Task<BothDomains> TransferPreprocessing::bits_in_both(std::size_t count) {
  EVENKEEL_CHECK(last_bit_.planes.size() == lanes_of(count) * seat().bits().components(),
                 "bits that were not prepared");
  co_return std::exchange(last_bit_, {});
}

}  // namespace evenkeel
