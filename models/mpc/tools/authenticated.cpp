#include "models/mpc/tools/authenticated.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/binary_field64.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/runtime/check.h"

namespace evenkeel {
namespace {

void append(Words& to, std::span<const Word> more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

void Authenticated::draw_keys() {
  keys_ = seat_.uniform(domain_, key_count_);
  if (&domain_ == &bit_domain())
    for (Word& word : keys_) word = 0 - (word & 1);
  products_.resize(key_count_);
}

Words Authenticated::times_key(std::size_t k, std::span<const Word> values) const {
  Words products(values.begin(), values.end());
  domain_.scale(products, key(k));
  return products;
}

Task<Words> Authenticated::with_products(Words shares, const Words& values, Phase phase) {
  shares.reserve(shares.size() * components());
  seat_.session().charge(costs::word_operation * static_cast<double>(values.size() * key_count_));
  for (std::size_t k = 0; k < key_count_; ++k) {
    Words of_key = seat_.deals() ? times_key(k, values) : Words(values.size());
    Task<Words> dealing = phase == Phase::offline ? seat_.deal(domain_, std::move(of_key))
                                                  : seat_.share_out(domain_, std::move(of_key));
    const Words products = co_await std::move(dealing);
    append(shares, products);
  }
  co_return shares;
}

Task<Words> Authenticated::uniform(std::size_t elements) {
  const Words values = seat_.uniform(domain_, elements);
  Words shares = values;
  Task<Words> dealing = with_products(std::move(shares), values, Phase::offline);
  Words authenticated = co_await std::move(dealing);
  co_return authenticated;
}

Task<Words> Authenticated::deal(Words values) {
  const OfflinePhase offline{seat_.session()};
  Words known = values;
  Task<Words> dealing_values = seat_.deal(domain_, std::move(known));
  Words shares = co_await std::move(dealing_values);
  Task<Words> dealing = with_products(std::move(shares), values, Phase::offline);
  Words authenticated = co_await std::move(dealing);
  co_return authenticated;
}

Task<Words> Authenticated::share_out(Words values) {
  Words known = values;
  Task<Words> sharing = seat_.share_out(domain_, std::move(known));
  Words shares = co_await std::move(sharing);
  Task<Words> dealing = with_products(std::move(shares), values, Phase::online);
  Words authenticated = co_await std::move(dealing);
  co_return authenticated;
}

Task<Words> Authenticated::open(const Words& shares) {
  const std::size_t size = shares.size() / components();
  Words values(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(size));
  Task<Words> opening = seat_.open(domain_, std::move(values));
  Words opened = co_await std::move(opening);
  if (seat_.deals()) co_return opened;
  append(opened_, opened);
  for (std::size_t k = 0; k < key_count_; ++k)
    append(products_[k], std::span{shares}.subspan((1 + k) * size, size));
  co_return opened;
}

// As DealtSeat::multiply, for every component: those of a b are z's and d y's and e x's.
Task<Words> Authenticated::multiply(std::span<const Word> a, std::span<const Word> b,
                                    std::size_t length) {
  const std::size_t width = domain_.width();
  const std::size_t size = a.size() / components();
  const std::size_t products = size / width;
  EVENKEEL_CHECK(a.size() == b.size() && length > 0 && products % length == 0,
                 "uneven dot products");
  const auto summed = [&](const Words& each) {
    if (length == 1) return each;
    Words sums(each.size() / length, 0);
    for (std::size_t i = 0; i < each.size() / width; ++i)
      domain_.add(std::span{sums}.subspan(i / length * width, width),
                  std::span{each}.subspan(i * width, width));
    return sums;
  };
  seat_.session().charge(2 * costs::replicated_product * static_cast<double>(a.size()));
  const Words x = co_await uniform(products);
  const Words y = co_await uniform(products);
  Words each(size, 0);
  if (seat_.deals()) domain_.add_products(each, std::span{x}.first(size), std::span{y}.first(size));
  Words sums = summed(each);
  Task<Words> dealing = deal(std::move(sums));
  Words product = co_await std::move(dealing);
  if (seat_.deals()) co_return product;

  Words masked(2 * a.size());  // d and e side by side in each component
  for (std::size_t c = 0; c < components(); ++c) {
    const std::span left = std::span{masked}.subspan(2 * c * size, size);
    const std::span right = std::span{masked}.subspan((2 * c + 1) * size, size);
    std::ranges::copy(a.subspan(c * size, size), left.begin());
    std::ranges::copy(b.subspan(c * size, size), right.begin());
    domain_.subtract(left, std::span{x}.subspan(c * size, size));
    domain_.subtract(right, std::span{y}.subspan(c * size, size));
  }
  const Words opened = co_await open(masked);
  const std::span d = std::span{opened}.first(size);
  const std::span e = std::span{opened}.last(size);
  Words rest(a.size(), 0);
  for (std::size_t c = 0; c < components(); ++c) {
    const std::span part = std::span{rest}.subspan(c * size, size);
    domain_.add_products(part, d, std::span{y}.subspan(c * size, size));
    domain_.add_products(part, e, std::span{x}.subspan(c * size, size));
  }
  domain_.add_products(each, d, e);
  domain_.add(product, summed(rest));
  add_known(product, summed(each));
  co_return product;
}

void Authenticated::add_known(std::span<Word> shares, std::span<const Word> known) const {
  if (seat_.deals()) return;
  if (seat_.self() == 0) domain_.add(shares.first(known.size()), known);
  for (std::size_t k = 0; k < key_count_; ++k)
    domain_.add(shares.subspan((1 + k) * known.size(), known.size()), times_key(k, known));
}

Words Authenticated::times_known(std::span<const Word> shares, std::span<const Word> known) const {
  Words products(shares.size(), 0);
  for (std::size_t start = 0; start < shares.size(); start += known.size())
    domain_.add_products(std::span{products}.subspan(start, known.size()), known,
                         shares.subspan(start, known.size()));
  return products;
}

Words Authenticated::combined(std::span<const Word> factors, std::span<const Word> elements) const {
  const std::size_t width = domain_.width();
  Words sum(width, 0);
  if (&domain_ == &bit_domain()) {
    for (std::size_t i = 0; i < elements.size(); ++i)
      sum[0] ^= binary_field64::multiply(factors[i], elements[i]);
  } else {
    for (std::size_t i = 0; i < elements.size(); i += width)
      domain_.add_products(sum, factors.subspan(i, width), elements.subspan(i, width));
  }
  return sum;
}

Words Authenticated::proof(Prg& factors) {
  Words drawn = factors.words(opened_.size());
  domain_.from_random(drawn);
  const Words values = combined(drawn, opened_);
  seat_.session().charge(
      static_cast<double>(opened_.size() * components()) *
      (&domain_ == &bit_domain() ? costs::binary_product : costs::field_product));
  Words proof;
  for (std::size_t k = 0; k < key_count_; ++k) {
    Words gap = combined(drawn, products_[k]);
    domain_.subtract(gap, times_key(k, values));
    append(proof, gap);
    products_[k].clear();
  }
  opened_.clear();
  return proof;
}

}  // namespace evenkeel
