// What may be valid (draft-irtf-cfrg-vdaf, section 7.4): a bit, a number, a vector of numbers, one
// choice of several. Each is encoded as bits, and a bit b is one that makes b (b - 1) zero.
#pragma once

#include <bit>

#include "models/mpc/disclosure.h"
#include "models/mpc/tools/flp.h"

namespace evenkeel {

/// Numbers in [0, most] as bits with the weights 1, 2, 4, ..., the last of which is such that all
/// together are `most`: no bits stand for more. A number has one code or two.
template <class F>
class RangeCode {
 public:
  explicit RangeCode(Word most)
      : most_(most),
        bits_(static_cast<std::size_t>(std::bit_width(most))),
        rest_(bits_ == 0 ? 0 : (Word{1} << (bits_ - 1)) - 1) {}

  std::size_t bits() const { return bits_; }
  Word most() const { return most_; }
  /// In constant time. False if the number is too large; a lie adds the excess to a bit.
  bool encode(Word number, std::span<F> into, Claim claim) const {
    const Word excess = number - std::min(number, most_);
    if (disclosed(excess > 0) && claim == Claim::honest) return false;
    number -= excess;
    const Word last = (rest_ - number) >> 63;  // 1 if number > rest, as both are below 2^63
    const Word rest = number - ((most_ - rest_) & (0 - last));
    for (std::size_t i = 0; i + 1 < bits_; ++i) into[i] = F{(rest >> i) & 1};
    into[bits_ - 1] = F{last};
    into[0] += F{excess};
    return true;
  }
  F decoded(std::span<const F> bits) const {
    F number = F{most_ - rest_} * bits[bits_ - 1];
    for (std::size_t i = 0; i + 1 < bits_; ++i) number += F{Word{1} << i} * bits[i];
    return number;
  }

 private:
  Word most_;
  std::size_t bits_;
  Word rest_;  // of all bits but the last
};

/// One bit.
template <class F>
class CountCircuit final : public Circuit<F> {
 public:
  typename Circuit<F>::Shape shape() const override { return {}; }
  F gadget(std::span<const F> inputs) const override { return inputs[0] * inputs[1]; }
  Elements<F> checks(std::span<const F> measurement, std::span<const F>, F,
                     GadgetCalls<F>& calls) const override {
    std::ranges::fill(calls.inputs(), measurement[0]);
    return {calls.output() - measurement[0]};
  }
  std::optional<Elements<F>> encoded(std::span<const Word> numbers, Claim claim) const override {
    if (numbers.size() != 1 || (disclosed(numbers[0] > 1) && claim == Claim::honest))
      return std::nullopt;
    return Elements<F>{F{numbers[0]}};
  }
  Elements<F> output(std::span<const F> measurement) const override {
    return {measurement.begin(), measurement.end()};
  }
};

/// A number in [0, most]; most is in [1, 2^62).
template <class F>
class SumCircuit final : public Circuit<F> {
 public:
  explicit SumCircuit(Word most) : code_(most) {}

  typename Circuit<F>::Shape shape() const override {
    return {.measurement = code_.bits(), .checks = code_.bits(), .arity = 1, .calls = code_.bits()};
  }
  F gadget(std::span<const F> inputs) const override { return inputs[0] * inputs[0] - inputs[0]; }
  Elements<F> checks(std::span<const F> measurement, std::span<const F>, F,
                     GadgetCalls<F>& calls) const override {
    Elements<F> checks;
    for (const F bit : measurement) {
      calls.inputs()[0] = bit;
      checks.push_back(calls.output());
    }
    return checks;
  }
  std::optional<Elements<F>> encoded(std::span<const Word> numbers, Claim claim) const override {
    if (numbers.size() != 1) return std::nullopt;
    Elements<F> bits(code_.bits());
    if (!code_.encode(numbers[0], bits, claim)) return std::nullopt;
    return bits;
  }
  Elements<F> output(std::span<const F> measurement) const override {
    return {code_.decoded(measurement)};
  }

 private:
  RangeCode<F> code_;
};

/// Bits, so many (`chunk`) to a call of the gadget: their products with b - 1 are added up with
/// powers of joint randomness as factors, so that they cannot cancel out.
template <class F>
class BitsCircuit : public Circuit<F> {
 public:
  BitsCircuit(std::size_t bits, std::size_t chunk) : bits_(bits), chunk_(chunk) {
    EVENKEEL_CHECK(bits > 0 && chunk > 0, "a circuit of nothing");
  }

  typename Circuit<F>::Shape shape() const override {
    const std::size_t calls = (bits_ + chunk_ - 1) / chunk_;
    return {.measurement = bits_,
            .joint_randomness = calls,
            .output = bits_,
            .arity = 2 * chunk_,
            .calls = calls};
  }
  F gadget(std::span<const F> inputs) const override {
    F sum{};
    for (std::size_t i = 0; i < inputs.size(); i += 2) sum += inputs[i] * inputs[i + 1];
    return sum;
  }
  Elements<F> checks(std::span<const F> measurement, std::span<const F> joint_randomness, F one,
                     GadgetCalls<F>& calls) const override {
    F sum{};
    std::size_t place = 0;
    for (const F random : joint_randomness) {
      const std::span<F> inputs = calls.inputs();
      F factor = random;
      for (std::size_t i = 0; i < inputs.size(); i += 2, ++place, factor *= random) {
        const F bit = place < measurement.size() ? measurement[place] : F{};
        inputs[i] = factor * bit;
        inputs[i + 1] = bit - one;
      }
      sum += calls.output();
    }
    return {sum};
  }
  Elements<F> output(std::span<const F> measurement) const override {
    return {measurement.begin(), measurement.end()};
  }

 private:
  std::size_t bits_;
  std::size_t chunk_;
};

/// `length` numbers in [0, most]; most is in [1, 2^62).
template <class F>
class SumVecCircuit final : public BitsCircuit<F> {
 public:
  SumVecCircuit(std::size_t length, Word most, std::size_t chunk)
      : BitsCircuit<F>(length * RangeCode<F>{most}.bits(), chunk), length_(length), code_(most) {}

  typename Circuit<F>::Shape shape() const override {
    auto shape = BitsCircuit<F>::shape();
    shape.output = length_;
    return shape;
  }
  std::optional<Elements<F>> encoded(std::span<const Word> numbers, Claim claim) const override {
    if (numbers.size() != length_) return std::nullopt;
    Elements<F> bits(length_ * code_.bits());
    for (std::size_t i = 0; i < length_; ++i) {
      const auto place = std::span{bits}.subspan(i * code_.bits(), code_.bits());
      if (!code_.encode(numbers[i], place, claim)) return std::nullopt;
    }
    return bits;
  }
  Elements<F> output(std::span<const F> measurement) const override {
    Elements<F> numbers(length_);
    for (std::size_t i = 0; i < length_; ++i)
      numbers[i] = code_.decoded(measurement.subspan(i * code_.bits(), code_.bits()));
    return numbers;
  }

 private:
  std::size_t length_;
  RangeCode<F> code_;
};

/// One of `length` choices: the numbers are zeros and one 1.
template <class F>
class HistogramCircuit final : public BitsCircuit<F> {
 public:
  HistogramCircuit(std::size_t length, std::size_t chunk)
      : BitsCircuit<F>(length, chunk), length_(length) {}

  typename Circuit<F>::Shape shape() const override {
    auto shape = BitsCircuit<F>::shape();
    shape.checks = 2;
    return shape;
  }
  Elements<F> checks(std::span<const F> measurement, std::span<const F> joint_randomness, F one,
                     GadgetCalls<F>& calls) const override {
    Elements<F> checks = BitsCircuit<F>::checks(measurement, joint_randomness, one, calls);
    F sum = F{} - one;
    for (const F bit : measurement) sum += bit;
    checks.push_back(sum);
    return checks;
  }
  std::optional<Elements<F>> encoded(std::span<const Word> numbers, Claim claim) const override {
    Word sum = 0;
    Word all = 0;
    for (const Word number : numbers) sum += number, all |= number;
    if (numbers.size() != length_) return std::nullopt;
    if (disclosed(((sum ^ 1) | (all ^ 1)) != 0) && claim == Claim::honest) return std::nullopt;
    Elements<F> bits(length_);
    for (std::size_t i = 0; i < length_; ++i) bits[i] = F{numbers[i]};
    return bits;
  }

 private:
  std::size_t length_;
};

}  // namespace evenkeel
