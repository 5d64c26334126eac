// Boolean circuits of exclusive-ors, negations and conjunctions, and how to build them: bits, and
// whole numbers of bits with their sums, differences and comparisons.
//
// What is known while a circuit is built costs no gate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace evenkeel {

class BooleanCircuit {
 public:
  /// A bit that is computed, or one that is known.
  struct Bit {
    static constexpr std::uint32_t known_zero = 0xfffffffe;
    std::uint32_t wire = known_zero;

    bool is_known() const { return wire >= known_zero; }
    friend bool operator==(const Bit&, const Bit&) = default;
  };
  static constexpr Bit zero{Bit::known_zero};
  static constexpr Bit one{Bit::known_zero + 1};
  /// The lowest bit first.
  using Number = std::vector<Bit>;

  enum class Kind : std::uint8_t { input, exclusive_or, negation, conjunction };
  /// Its wire is its place among the gates; its operands come before it.
  struct Gate {
    Kind kind = Kind::input;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
  };

  // Inputs and outputs have the order in which they are named.
  // -------------------------------------------------------------------
  Bit input();
  Number inputs(std::size_t width);
  /// Not of what is known.
  void output(Bit bit);
  void output(const Number& number);

  Bit exclusive_or(Bit a, Bit b);
  Bit negation(Bit a);
  Bit conjunction(Bit a, Bit b);
  Bit disjunction(Bit a, Bit b);
  /// Where the bit is 1 a, else b.
  Bit choice(Bit bit, Bit a, Bit b);

  // Modulo 2^width, of two of the same width: width - 1 conjunctions.
  // -------------------------------------------------------------------
  Number sum(const Number& a, const Number& b);
  Number difference(const Number& a, const Number& b);
  // Width conjunctions.
  // -------------------------------------------------------------------
  Bit is_less(const Number& a, const Number& b);
  /// In two's complement.
  Bit is_less_signed(Number a, Number b);
  /// Width - 1 conjunctions.
  Bit is_equal(const Number& a, const Number& b);
  Number choice(Bit bit, const Number& a, const Number& b);

  const std::vector<Gate>& gates() const { return gates_; }
  const std::vector<std::uint32_t>& outputs() const { return outputs_; }
  std::size_t input_count() const { return inputs_; }
  std::size_t conjunctions() const { return conjunctions_; }

 private:
  Bit add_gate(Kind kind, Bit a, Bit b);
  /// The next carry.
  Bit carry_of(Bit a, Bit b, Bit carry);

  std::vector<Gate> gates_;
  std::vector<std::uint32_t> outputs_;
  std::size_t inputs_ = 0;
  std::size_t conjunctions_ = 0;
};

}  // namespace evenkeel
