#include "models/mpc/tools/boolean_circuit.h"

#include "models/runtime/check.h"

namespace evenkeel {

using Bit = BooleanCircuit::Bit;
using Number = BooleanCircuit::Number;

Bit BooleanCircuit::add_gate(Kind kind, Bit a, Bit b) {
  gates_.push_back({kind, a.wire, b.wire});
  EVENKEEL_CHECK(gates_.size() < Bit::known_zero, "a circuit of too many gates");
  return Bit{static_cast<std::uint32_t>(gates_.size() - 1)};
}

Bit BooleanCircuit::input() {
  const Bit number{static_cast<std::uint32_t>(inputs_++)};
  return add_gate(Kind::input, number, number);
}

Number BooleanCircuit::inputs(std::size_t width) {
  Number number(width);
  for (Bit& bit : number) bit = input();
  return number;
}

void BooleanCircuit::output(Bit bit) {
  EVENKEEL_CHECK(!bit.is_known(), "an output that is known beforehand");
  outputs_.push_back(bit.wire);
}

void BooleanCircuit::output(const Number& number) {
  for (const Bit bit : number) output(bit);
}

Bit BooleanCircuit::negation(Bit a) {
  if (a.is_known()) return a == zero ? one : zero;
  return add_gate(Kind::negation, a, a);
}

Bit BooleanCircuit::exclusive_or(Bit a, Bit b) {
  if (a.is_known()) return a == zero ? b : negation(b);
  if (b.is_known()) return b == zero ? a : negation(a);
  return a == b ? zero : add_gate(Kind::exclusive_or, a, b);
}

Bit BooleanCircuit::conjunction(Bit a, Bit b) {
  if (a.is_known()) return a == zero ? zero : b;
  if (b.is_known()) return b == zero ? zero : a;
  if (a == b) return a;
  ++conjunctions_;
  return add_gate(Kind::conjunction, a, b);
}

Bit BooleanCircuit::disjunction(Bit a, Bit b) {
  return negation(conjunction(negation(a), negation(b)));
}

Bit BooleanCircuit::choice(Bit bit, Bit a, Bit b) {
  return exclusive_or(b, conjunction(bit, exclusive_or(a, b)));
}

// One conjunction (Boyar, Peralta and Pochuev, 2000).
Bit BooleanCircuit::carry_of(Bit a, Bit b, Bit carry) {
  return exclusive_or(carry, conjunction(exclusive_or(a, carry), exclusive_or(b, carry)));
}

Number BooleanCircuit::sum(const Number& a, const Number& b) {
  EVENKEEL_CHECK(a.size() == b.size(), "numbers of unlike width");
  Number sum(a.size());
  Bit carry = zero;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum[i] = exclusive_or(exclusive_or(a[i], b[i]), carry);
    if (i + 1 < a.size()) carry = carry_of(a[i], b[i], carry);
  }
  return sum;
}

// a + ~b + 1
Number BooleanCircuit::difference(const Number& a, const Number& b) {
  EVENKEEL_CHECK(a.size() == b.size(), "numbers of unlike width");
  Number difference(a.size());
  Bit carry = one;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Bit other = negation(b[i]);
    difference[i] = exclusive_or(exclusive_or(a[i], other), carry);
    if (i + 1 < a.size()) carry = carry_of(a[i], other, carry);
  }
  return difference;
}

// What a - b borrows.
Bit BooleanCircuit::is_less(const Number& a, const Number& b) {
  EVENKEEL_CHECK(a.size() == b.size(), "numbers of unlike width");
  Bit carry = one;
  for (std::size_t i = 0; i < a.size(); ++i) carry = carry_of(a[i], negation(b[i]), carry);
  return negation(carry);
}

Bit BooleanCircuit::is_less_signed(Number a, Number b) {
  if (!a.empty()) a.back() = negation(a.back());
  if (!b.empty()) b.back() = negation(b.back());
  return is_less(a, b);
}

Bit BooleanCircuit::is_equal(const Number& a, const Number& b) {
  EVENKEEL_CHECK(a.size() == b.size(), "numbers of unlike width");
  Bit all = one;
  for (std::size_t i = 0; i < a.size(); ++i)
    all = conjunction(all, negation(exclusive_or(a[i], b[i])));
  return all;
}

Number BooleanCircuit::choice(Bit bit, const Number& a, const Number& b) {
  EVENKEEL_CHECK(a.size() == b.size(), "numbers of unlike width");
  Number chosen(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) chosen[i] = choice(bit, a[i], b[i]);
  return chosen;
}

}  // namespace evenkeel
