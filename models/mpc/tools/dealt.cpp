#include "models/mpc/tools/dealt.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/runtime/check.h"

namespace evenkeel {

Task<> DealtSeat::agree_on_keys(bool in_pairs) {
  const OfflinePhase offline{session_};
  session_.enter("agree on keys");
  to_.resize(computing());
  from_.resize(computing());
  dealt_.resize(computing());
  Prg fresh{draw_prg_key(session_.node().random())};
  std::vector<std::optional<Prg>>& own = deals() ? dealt_ : to_;
  for (Seat seat = 0; seat < computing(); ++seat) {
    if (seat == self() || !(in_pairs || deals())) continue;
    const PrgKey key = fresh.key();
    own[seat].emplace(key);
    session_.send_bytes(seat, key);
  }
  if (deals()) co_return;
  for (Seat seat = 0; seat <= dealer(); ++seat) {
    if (seat == self() || !(in_pairs || seat == dealer())) continue;
    PrgKey key;
    co_await session_.receive_bytes(seat, key);
    (seat == dealer() ? dealt_[self()] : from_[seat]).emplace(key);
  }
}

Words DealtSeat::drawn(Prg& stream, const Domain& domain, std::size_t elements) {
  session_.charge(costs::prg_word * static_cast<double>(elements * domain.width()));
  Words words = stream.words(elements * domain.width());
  domain.from_random(words);
  return words;
}

Words DealtSeat::uniform(const Domain& domain, std::size_t elements) {
  const OfflinePhase offline{session_};
  if (!deals()) return drawn(*dealt_[self()], domain, elements);
  Words sum = drawn(*dealt_[0], domain, elements);
  for (Seat seat = 1; seat < computing(); ++seat)
    domain.add(sum, drawn(*dealt_[seat], domain, elements));
  return sum;
}

Task<Words> DealtSeat::deal(const Domain& domain, Words values, std::size_t bytes) {
  const OfflinePhase offline{session_};
  Task<Words> sharing = share_out(domain, std::move(values), bytes);
  Words shares = co_await std::move(sharing);
  co_return shares;
}

Task<Words> DealtSeat::share_out(const Domain& domain, Words values, std::size_t bytes) {
  const std::size_t width = domain.width();
  if (bytes == 0) bytes = 8 * width;
  const std::size_t elements = values.size() / width;
  if (deals()) {
    Words rest = values;
    for (Seat seat = 1; seat < computing(); ++seat)
      domain.subtract(rest, drawn(*dealt_[seat], domain, elements));
    session_.send_bytes(0, narrowed(rest, width, bytes));
  } else if (self() != 0) {
    values = drawn(*dealt_[self()], domain, elements);
  } else {
    SecretBytes narrow(elements * bytes);
    co_await session_.receive_bytes(dealer(), narrow);
    values = widened(narrow, width, bytes);
  }
  co_return values;
}

Task<Words> DealtSeat::open(const Domain& domain, Words shares, std::size_t bytes) {
  if (deals()) co_return shares;
  if (bytes == 0) bytes = 8 * domain.width();
  const OpeningPlan plan = openings();
  Task<Words> opening = plan.open(session_, domain, std::move(shares), bytes);
  Words sum = co_await std::move(opening);
  disclose(sum);
  co_return sum;
}

// With a triple x, y, z = x y and the opened d = a - x, e = b - y: a b = z + d y + e x + d e.
Task<Words> DealtSeat::multiply(const Domain& domain, std::span<const Word> a,
                                std::span<const Word> b, std::size_t length) {
  const std::size_t width = domain.width();
  const std::size_t products = a.size() / width;
  EVENKEEL_CHECK(a.size() == b.size() && length > 0 && products % length == 0,
                 "uneven dot products");
  const auto summed = [&](Words each) {
    if (length == 1) return each;
    Words sums(each.size() / length, 0);
    for (std::size_t i = 0; i < products; ++i)
      domain.add(std::span{sums}.subspan(i / length * width, width),
                 std::span{each}.subspan(i * width, width));
    return sums;
  };
  session_.charge(2 * costs::replicated_product * static_cast<double>(a.size()));
  const Words x = uniform(domain, products);
  const Words y = uniform(domain, products);
  Words each(a.size(), 0);
  if (deals()) domain.add_products(each, x, y);
  Task<Words> dealing = deal(domain, summed(std::move(each)));
  Words product = co_await std::move(dealing);
  if (deals()) co_return product;

  Words masked(2 * a.size());
  const std::span left = std::span{masked}.first(a.size());
  const std::span right = std::span{masked}.last(a.size());
  std::ranges::copy(a, left.begin());
  std::ranges::copy(b, right.begin());
  domain.subtract(left, x);
  domain.subtract(right, y);
  Task<Words> opening = open(domain, std::move(masked));
  const Words opened = co_await std::move(opening);
  const std::span d = std::span{opened}.first(a.size());
  const std::span e = std::span{opened}.last(a.size());
  Words rest(a.size(), 0);
  domain.add_products(rest, d, y);
  domain.add_products(rest, e, x);
  if (self() == 0) domain.add_products(rest, d, e);
  domain.add(product, summed(std::move(rest)));
  co_return product;
}

void DealtSeat::add_zero(const Domain& domain, std::span<Word> elements) {
  for (Seat seat = 0; seat < computing(); ++seat) {
    if (seat == self()) continue;
    domain.add(elements, drawn(*to_[seat], domain, elements.size() / domain.width()));
    domain.subtract(elements, drawn(*from_[seat], domain, elements.size() / domain.width()));
  }
}

Words DealtSeat::of_owner(const Domain& domain, Seat owner, Words values) {
  const std::size_t elements = values.size() / domain.width();
  if (deals()) {
    std::ranges::fill(values, 0);
  } else if (self() != owner) {
    values = drawn(*from_[owner], domain, elements);
  } else {
    for (Seat seat = 0; seat < computing(); ++seat)
      if (seat != self()) domain.subtract(values, drawn(*to_[seat], domain, elements));
  }
  return values;
}

}  // namespace evenkeel
