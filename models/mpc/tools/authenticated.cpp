#include "models/mpc/tools/authenticated.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/binary_field64.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/runtime/check.h"

namespace evenkeel {
namespace {

void append(Words& to, std::span<const Word> more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

void Authenticated::set_keys(Words keys) {
  keys_ = std::move(keys);
  products_.resize(key_count_);
}

Words Authenticated::times_key(std::size_t k, std::span<const Word> values) const {
  Words products(values.begin(), values.end());
  domain_.scale(products, key(k));
  return products;
}

void Authenticated::note(std::span<const Word> opened, const Words& shares) {
  append(opened_, opened);
  for (std::size_t k = 0; k < key_count_; ++k)
    append(products_[k], std::span{shares}.subspan((1 + k) * opened.size(), opened.size()));
}

Task<Words> Authenticated::open(const Words& shares) {
  const std::size_t size = shares.size() / components();
  Words values(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(size));
  if (!computes()) co_return values;
  Task<Words> opening =
      plan_.open(session_, domain_, std::move(values), sizeof(Word) * domain_.width());
  Words opened = co_await std::move(opening);
  disclose(opened);
  note(opened, shares);
  co_return opened;
}

void Authenticated::expect_zero(const Words& shares) {
  const Words zeros(shares.size() / components(), 0);
  note(zeros, shares);
}

Words Authenticated::summed(const Words& shares, std::size_t length) const {
  if (length == 1) return shares;
  const std::size_t width = domain_.width();
  Words sums(shares.size() / length, 0);
  for (std::size_t i = 0; i < shares.size() / width; ++i)
    domain_.add(std::span{sums}.subspan(i / length * width, width),
                std::span{shares}.subspan(i * width, width));
  return sums;
}

Words Authenticated::part(const Words& shares, std::size_t first, std::size_t elements) const {
  const std::size_t size = shares.size() / components();
  Words some;
  for (std::size_t c = 0; c < components(); ++c)
    append(some, std::span{shares}.subspan(c * size + first * domain_.width(),
                                           elements * domain_.width()));
  return some;
}

Words Authenticated::joined(std::initializer_list<const Words*> all) const {
  Words together;
  for (std::size_t c = 0; c < components(); ++c)
    for (const Words* one : all) {
      const std::size_t size = one->size() / components();
      append(together, std::span{*one}.subspan(c * size, size));
    }
  return together;
}

// With a triple x, y, z = x y and the opened d = a - x, e = b - y: a b = z + d y + e x + d e; in
// every component, those of d e being known.
Task<Words> Authenticated::multiply(std::span<const Word> a, std::span<const Word> b,
                                    std::size_t length, const Triples& triples) {
  const std::size_t size = a.size() / components();
  EVENKEEL_CHECK(a.size() == b.size() && length > 0 && size / domain_.width() % length == 0,
                 "uneven dot products");
  Words product = triples.sums;
  if (!computes()) co_return product;
  session_.charge(2 * costs::replicated_product * static_cast<double>(a.size()));
  Words masked(2 * a.size());  // d and e side by side in each component
  for (std::size_t c = 0; c < components(); ++c) {
    const std::span left = std::span{masked}.subspan(2 * c * size, size);
    const std::span right = std::span{masked}.subspan((2 * c + 1) * size, size);
    std::ranges::copy(a.subspan(c * size, size), left.begin());
    std::ranges::copy(b.subspan(c * size, size), right.begin());
    domain_.subtract(left, std::span{triples.x}.subspan(c * size, size));
    domain_.subtract(right, std::span{triples.y}.subspan(c * size, size));
  }
  const Words opened = co_await open(masked);
  const std::span d = std::span{opened}.first(size);
  const std::span e = std::span{opened}.last(size);
  Words rest(a.size(), 0);
  for (std::size_t c = 0; c < components(); ++c) {
    const std::span part = std::span{rest}.subspan(c * size, size);
    domain_.add_products(part, d, std::span{triples.y}.subspan(c * size, size));
    domain_.add_products(part, e, std::span{triples.x}.subspan(c * size, size));
  }
  Words known(size, 0);
  domain_.add_products(known, d, e);
  add_known(rest, known);
  domain_.add(product, summed(rest, length));
  co_return product;
}

void Authenticated::add_known(std::span<Word> shares, std::span<const Word> known) const {
  if (!computes()) return;
  if (session_.self() == 0) domain_.add(shares.first(known.size()), known);
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

double Authenticated::product_cost() const {
  return &domain_ == &bit_domain() ? costs::binary_product : costs::field_product;
}

Words Authenticated::combination(Prg& factors, const Words& shares) const {
  const std::size_t size = shares.size() / components();
  session_.charge(static_cast<double>(shares.size()) * product_cost());
  Words drawn = factors.words(size);
  domain_.from_random(drawn);
  const std::span last = std::span{drawn}.last(domain_.width());
  std::ranges::fill(last, 0);
  last[0] = 1;
  Words sums;
  for (std::size_t c = 0; c < components(); ++c)
    append(sums, combined(drawn, std::span{shares}.subspan(c * size, size)));
  return sums;
}

Words Authenticated::proof(Prg& factors) {
  Words drawn = factors.words(opened_.size());
  domain_.from_random(drawn);
  const Words values = combined(drawn, opened_);
  session_.charge(static_cast<double>(opened_.size() * components()) * product_cost());
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
