// A random program over numbers, and what plain arithmetic makes of it: they are entered, added,
// scaled, multiplied, compared, chosen between, masked, opened and revealed in any order, within
// the ranges that a protocol promises.
#pragma once

#include <bit>
#include <map>

#include "models/mpc/protocol.h"
#include "models/runtime/random.h"

namespace evenkeel::test {

class DrawnProgram {
 public:
  struct Shape {
    std::uint64_t seed = 1;
    std::uint32_t parties = 3;
    std::uint32_t owners = 2;  // who enter before the first step
    std::size_t count = 8;     // elements of each vector: as many operations a step
    std::size_t steps = 16;
  };
  enum class Kind {
    add,
    subtract,
    scale,
    constants,
    input,
    multiply,
    dot,
    less,
    equal,
    select,
    mask,
    open,
    reveal
  };
  static constexpr std::array<std::string_view, 13> kind_names{
      "add",  "subtract", "scale",  "constants", "input", "multiply", "dot",
      "less", "equal",    "select", "mask",      "open",  "reveal"};

  using Values = std::vector<std::int64_t>;
  struct Step {
    Kind kind{};
    std::size_t a = 0;  // places among all vectors so far
    std::size_t b = 0;
    std::size_t bit = 0;
    std::int64_t factor = 0;
    std::size_t length = 1;
    int bits = 63;
    Seat who = 0;
  };

  DrawnProgram(const Shape& shape, const Guarantees& promises)
      : shape_(shape), promises_(promises), random_(shape.seed) {
    for (std::uint32_t i = 0; i < shape.owners; ++i) values_.push_back(some_values());
    while (steps_.size() < shape.steps) add_step();
  }

  const Shape& shape() const { return shape_; }
  const std::vector<Step>& steps() const { return steps_; }
  /// Vectors: the owners', then what each step gives.
  const std::vector<Values>& values() const { return values_; }
  const Values& given_by(std::size_t its_step) const { return values_[shape_.owners + its_step]; }

  /// How many operations of each kind, one an element of the result; what is opened in the end is
  /// none of them.
  std::map<Kind, std::uint64_t> operations() const {
    std::map<Kind, std::uint64_t> counted{{Kind::input, shape_.owners * shape_.count}};
    for (const Step& step : steps_)
      counted[step.kind] += step.kind == Kind::dot ? shape_.count / step.length : shape_.count;
    return counted;
  }

 private:
  __extension__ using Wide = __int128;

  std::int64_t most() const { return (std::int64_t{1} << promises_.value_bits) - 1; }

  // Of one size all, now and then at an end of the range.
  Values some_values() {
    const int bits =
        static_cast<int>(random_.below(static_cast<std::uint64_t>(promises_.value_bits) + 1));
    const std::int64_t end = (std::int64_t{1} << bits) - 1;
    const std::array<std::int64_t, 6> ends{0, 1, -1, end, -end, end - end / 2};
    Values values(shape_.count);
    for (std::int64_t& value : values) {
      value = static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(end) + 1));
      if (random_.chance(0.5)) value = -value;
      if (random_.chance(0.2)) value = ends[random_.below(ends.size())];
      value = std::clamp(value, -end, end);
    }
    return values;
  }
  // Equal, or nearly so, to a vector that is there.
  Values near_values(const Values& others) {
    Values values = others;
    for (std::int64_t& value : values)
      value = std::clamp(value + static_cast<std::int64_t>(random_.below(3)) - 1, -most(), most());
    return values;
  }

  // Of a kind, with operands that suit it if any are found soon.
  void add_step() {
    constexpr int tries = 16;
    const auto kind = static_cast<Kind>(random_.below(kind_names.size()));
    for (int i = 0; i < tries; ++i) {
      Step step{.kind = kind,
                .a = random_.below(values_.size()),
                .b = random_.below(values_.size()),
                .bit = random_.below(values_.size()),
                .who = static_cast<Seat>(random_.below(shape_.parties))};
      Values right = right_of(step);
      if (right.empty()) continue;
      steps_.push_back(step);
      values_.push_back(std::move(right));
      return;
    }
  }

  // Completes the step; nothing if it would leave the range, or the protocol cannot do it.
  Values right_of(Step& step) {
    switch (step.kind) {
      case Kind::constants:
      case Kind::input:
        return random_.chance(0.5) ? some_values() : near_values(values_[step.a]);
      case Kind::mask:
      case Kind::open:
      case Kind::reveal:
        return values_[step.a];
      case Kind::less:
      case Kind::equal:
        return promises_.compares && fits_bits(step) ? by_element(step) : Values{};
      case Kind::select:
        if (!is_bits(values_[step.bit])) return {};
        break;
      case Kind::scale:
        step.factor = some_factor(values_[step.a]);
        break;
      case Kind::dot:
        step.length = some_divisor();
        break;
      default:
        break;
    }
    const bool is_product =
        step.kind == Kind::multiply || step.kind == Kind::dot || step.kind == Kind::select;
    return is_product && !promises_.multiplies ? Values{} : by_element(step);
  }

  // As few bits as do, or more.
  bool fits_bits(Step& step) {
    std::uint64_t widest = 0;
    for (std::size_t i = 0; i < shape_.count; ++i) {
      const std::int64_t apart = values_[step.a][i] - values_[step.b][i];
      widest = std::max(widest, static_cast<std::uint64_t>(apart < 0 ? -apart : apart));
    }
    const int least = std::max(1, static_cast<int>(std::bit_width(widest)));
    step.bits =
        random_.chance(0.5)
            ? least
            : least + static_cast<int>(random_.below(static_cast<std::uint64_t>(64 - least)));
    return step.bits <= 63;
  }
  static bool is_bits(const Values& values) {
    return std::ranges::all_of(values, [](std::int64_t v) { return v == 0 || v == 1; });
  }
  std::int64_t some_factor(const Values& of) {
    std::int64_t widest = 1;
    for (const std::int64_t value : of) widest = std::max(widest, value < 0 ? -value : value);
    const std::int64_t limit = most() / widest;
    const std::array<std::int64_t, 4> ends{0, -1, limit, -limit};
    if (random_.chance(0.3)) return ends[random_.below(ends.size())];
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(limit) + 1));
  }
  std::size_t some_divisor() {
    std::size_t length = 1 + random_.below(shape_.count);
    while (shape_.count % length != 0) --length;
    return length;
  }

  // Nothing if it leaves the range.
  Values by_element(const Step& step) const {
    const Values& a = values_[step.a];
    const Values& b = values_[step.b];
    Values right(shape_.count);
    for (std::size_t i = 0; i < right.size(); ++i) {
      const std::size_t first = step.kind == Kind::dot ? i / step.length * step.length : i;
      Wide value = 0;
      for (std::size_t k = first; k < first + step.length; ++k)
        value += in_the_clear(step, a[k], b[k], values_[step.bit][k]);
      if (value > most() || value < -most()) return {};
      right[i] = static_cast<std::int64_t>(value);
    }
    return right;
  }
  static Wide in_the_clear(const Step& step, Wide a, Wide b, Wide bit) {
    switch (step.kind) {
      case Kind::add:
        return a + b;
      case Kind::subtract:
        return a - b;
      case Kind::scale:
        return a * step.factor;
      case Kind::less:
        return a < b ? 1 : 0;
      case Kind::equal:
        return a == b ? 1 : 0;
      case Kind::select:
        return bit == 1 ? a : b;
      default:
        return a * b;  // multiply and dot
    }
  }

  Shape shape_;
  Guarantees promises_;
  Random random_;
  std::vector<Values> values_;
  std::vector<Step> steps_;
};

}  // namespace evenkeel::test
