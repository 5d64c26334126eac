#include "models/mpc/protocol.h"

#include <algorithm>

#include "models/mpc/disclosure.h"
#include "models/runtime/defaults.h"

namespace evenkeel {

Task<std::vector<Secrets>> Protocol::inputs(std::span<const Seat> owners,
                                            std::span<const std::int64_t> mine, std::size_t count) {
  session_.enter("input");
  const bool enters = std::ranges::find(owners, self()) != owners.end();
  EVENKEEL_CHECK(!enters || mine.size() == count, "an owner enters as many numbers as agreed");
  std::vector<Secrets> all;
  if (!session_.is_party() && !enters) co_return all;
  Words elements;
  if (enters) elements = domain_.encoded(mine);
  std::vector<Words> shares = co_await enter(owners, elements, count);
  if (session_.is_party())
    for (Words& of_owner : shares) all.push_back({count, std::move(of_owner)});
  co_return all;
}

Task<Secrets> Protocol::multiply(const Secrets& a, const Secrets& b) {
  session_.enter("multiply");
  EVENKEEL_CHECK(a.count == b.count, "vectors of unlike length");
  Words products = co_await sums_of_products(a, b, 1);
  co_return Secrets{a.count, std::move(products)};
}

Task<Secrets> Protocol::dot(const Secrets& a, const Secrets& b, std::size_t length) {
  session_.enter("dot");
  EVENKEEL_CHECK(a.count == b.count && length > 0 && a.count % length == 0, "uneven dot products");
  Words sums = co_await sums_of_products(a, b, length);
  co_return Secrets{a.count / length, std::move(sums)};
}

Cost Protocol::cost_of_inputs(std::span<const Seat> owners, std::size_t count) const {
  Cost all = no_cost();
  for (const Seat owner : owners)
    all.add_beside(cost({.kind = SecureOperation::Kind::input, .count = count, .who = owner}));
  return all;
}

Task<Secrets> Protocol::select(const Secrets& bit, const Secrets& a, const Secrets& b) {
  const Secrets difference = subtract(a, b);
  Secrets chosen = co_await multiply(bit, difference);
  co_return add(std::move(chosen), b);
}

Task<Secrets> Protocol::equal(const Secrets& a, const Secrets& b, int bits) {
  const Secrets left = joined(a, b);
  const Secrets right = joined(b, a);
  const Secrets apart = co_await less(left, right, bits);
  const Secrets either = add(slice(apart, 0, a.count), slice(apart, a.count, a.count));
  co_return subtract(constant(1, a.count), either);
}

Secrets Protocol::constant(std::int64_t value, std::size_t count) const {
  const std::vector<std::int64_t> values(count, value);
  return constants(values);
}

Secrets Protocol::add(Secrets a, const Secrets& b) const {
  EVENKEEL_CHECK(a.count == b.count, "vectors of unlike length");
  domain_.add(a.words, b.words);
  return a;
}

Secrets Protocol::subtract(Secrets a, const Secrets& b) const {
  EVENKEEL_CHECK(a.count == b.count, "vectors of unlike length");
  domain_.subtract(a.words, b.words);
  return a;
}

Secrets Protocol::scale(Secrets a, std::int64_t factor) const {
  const Words encoded = domain_.encoded({&factor, 1});
  domain_.scale(a.words, encoded);
  return a;
}

Secrets Protocol::sums(const Secrets& a, std::size_t length) const {
  EVENKEEL_CHECK(length > 0 && a.count % length == 0, "runs of unlike length");
  Secrets sums{a.count / length, {}};
  sums.words.assign(sums.count * components_ * domain_.width(), 0);
  const std::size_t width = domain_.width();
  for (std::size_t c = 0; c < components_; ++c)
    for (std::size_t i = 0; i < a.count; ++i)
      domain_.add(component(sums, c).subspan(i / length * width, width),
                  component(a, c).subspan(i * width, width));
  return sums;
}

Secrets Protocol::pick(const Secrets& a, std::span<const std::size_t> places) const {
  Secrets picked = empty(places.size());
  const std::size_t width = domain_.width();
  for (std::size_t c = 0; c < components_; ++c) {
    const std::span<const Word> from = component(a, c);
    Word* to = component(picked, c).data();
    for (const std::size_t place : places) to = std::copy_n(from.data() + place * width, width, to);
  }
  return picked;
}

Secrets Protocol::slice(const Secrets& a, std::size_t first, std::size_t count) const {
  EVENKEEL_CHECK(first + count <= a.count, "a slice beyond the end");
  Secrets part = empty(count);
  const std::size_t width = domain_.width();
  for (std::size_t c = 0; c < components_; ++c)
    std::ranges::copy(component(a, c).subspan(first * width, count * width),
                      component(part, c).begin());
  return part;
}

Secrets Protocol::joined(std::span<const Secrets> parts) const {
  std::size_t count = 0;
  for (const Secrets& part : parts) count += part.count;
  Secrets all = empty(count);
  for (std::size_t c = 0; c < components_; ++c) {
    auto to = component(all, c).begin();
    for (const Secrets& part : parts) to = std::ranges::copy(component(part, c), to).out;
  }
  return all;
}

Secrets Protocol::joined(const Secrets& a, const Secrets& b) const {
  Secrets all = empty(a.count + b.count);
  for (std::size_t c = 0; c < components_; ++c) {
    const auto rest = std::ranges::copy(component(a, c), component(all, c).begin()).out;
    std::ranges::copy(component(b, c), rest);
  }
  return all;
}

std::vector<std::int64_t> Protocol::decoded(std::span<const Word> elements) const {
  std::vector<std::int64_t> values(elements.size() / domain_.width());
  disclose(elements);
  domain_.decode(elements, values);
  return values;
}

Catalogue& protocols() {
  static Catalogue catalogue{"protocol"};
  return catalogue;
}

SecurityClass class_of(const Guarantees& promises) {
  if (promises.adversary == Adversary::none) return SecurityClass::trusted_third_party;
  if (promises.adversary == Adversary::malicious)
    return promises.outcome == Outcomes::delivered ? SecurityClass::malicious_with_output
                                                   : SecurityClass::malicious_with_abort;
  return promises.majority_is_honest ? SecurityClass::semi_honest_majority
                                     : SecurityClass::semi_honest_minority;
}

std::string describe(const Guarantees& promises) {
  std::string text;
  switch (promises.adversary) {
    case Adversary::none:
      text = "hides nothing from those that compute";
      break;
    case Adversary::semi_honest:
      text = promises.corruptions +
             " may be curious, but a party that deviates can see secrets or "
             "falsify results unnoticed";
      break;
    case Adversary::malicious:
      text = promises.corruptions + (promises.outcome == Outcomes::delivered
                                         ? " may deviate, and the result comes all the same"
                                         : " may deviate, which is noticed and ends it");
  }
  if (promises.trusted != "nobody") text += "; trusts " + promises.trusted;
  if (promises.is_modelled) text += "; its cost is partly modelled";
  return text;
}

Entry protocol_entry(const std::string& summary, ProtocolKind kind) {
  std::string name = kind.name;
  return {std::move(name), summary + "; " + describe(kind.promises),
          [kind = std::move(kind)](Fields&) -> std::any { return kind; }};
}

ProtocolKind protocol_named(std::string_view name) {
  const Entry* entry = protocols().find(name);
  EVENKEEL_CHECK(entry != nullptr, "no such protocol");
  Defaults defaults;
  return std::any_cast<ProtocolKind>(entry->configure(defaults));
}

}  // namespace evenkeel
