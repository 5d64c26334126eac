// Garbled circuits against plain arithmetic.
#include "models/mpc/tools/half_gates.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <optional>

#include "models/mpc/tools/prg.h"

namespace evenkeel::test {
namespace {

using Bit = BooleanCircuit::Bit;
using Number = BooleanCircuit::Number;

Block some_block(Prg& prg) { return {prg.word(), prg.word()}; }

// Garbles, evaluates and decodes; `inputs` and what is returned: the bits of an instance in each.
struct Garbling {
  explicit Garbling(std::uint8_t seed) : prg(PrgKey{std::byte{seed}}) {
    delta = some_block(prg);
    delta.low |= 1;
    garbler.emplace(delta);
  }

  std::vector<std::vector<bool>> run(const BooleanCircuit& circuit,
                                     const std::vector<std::vector<bool>>& inputs) {
    const std::size_t n = inputs.size();
    Blocks zeros(circuit.input_count() * n);
    Blocks active(zeros.size());
    for (std::size_t i = 0; i < zeros.size(); ++i) {
      zeros[i] = some_block(prg);
      active[i] = zeros[i] ^ delta.times(inputs[i % n][i / n]);
    }
    table.resize(table_blocks(circuit, n));
    out_zeros = garbler->garble(circuit, {n}, zeros, table);
    out_active = evaluator.evaluate(circuit, {n}, active, table);
    std::vector<std::vector<bool>> got(n);
    for (std::size_t i = 0; i < out_zeros.size(); ++i) {
      EXPECT_TRUE(out_active[i] == out_zeros[i] || out_active[i] == (out_zeros[i] ^ delta)) << i;
      got[i % n].push_back(out_active[i] != out_zeros[i]);
    }
    return got;
  }

  Prg prg;
  Block delta{};
  std::optional<Garbler> garbler;
  Evaluator evaluator;
  Blocks table;
  Blocks out_zeros;
  Blocks out_active;
};

std::vector<bool> bits_of(std::uint64_t a, std::uint64_t b, std::size_t width) {
  std::vector<bool> bits;
  for (const std::uint64_t number : {a, b})
    for (std::size_t i = 0; i < width; ++i) bits.push_back((number >> i & 1) != 0);
  return bits;
}

std::uint64_t number_of(const std::vector<bool>& bits, std::size_t first, std::size_t width) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < width; ++i) number |= std::uint64_t{bits[first + i]} << i;
  return number;
}

TEST(HalfGates, DoEveryGateForAllInputs) {
  BooleanCircuit circuit;
  const Bit a = circuit.input();
  const Bit b = circuit.input();
  const Bit c = circuit.input();
  circuit.output(circuit.exclusive_or(a, b));
  circuit.output(circuit.conjunction(a, b));
  circuit.output(circuit.disjunction(a, b));
  circuit.output(circuit.negation(a));
  circuit.output(circuit.choice(c, a, b));
  circuit.output(circuit.conjunction(circuit.negation(a), b));
  std::vector<std::vector<bool>> inputs;
  for (unsigned i = 0; i < 8; ++i) inputs.push_back({(i & 1) != 0, (i & 2) != 0, (i & 4) != 0});
  for (std::uint8_t seed = 0; seed < 20; ++seed) {
    Garbling garbling{seed};
    const auto got = garbling.run(circuit, inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const bool x = inputs[i][0];
      const bool y = inputs[i][1];
      const std::vector<bool> right{x != y, x && y, x || y, !x, inputs[i][2] ? x : y, !x && y};
      EXPECT_EQ(got[i], right) << i;
    }
  }
}

TEST(BooleanCircuit, SpendsNoGateOnWhatIsKnown) {
  BooleanCircuit circuit;
  const Bit a = circuit.input();
  EXPECT_EQ(circuit.conjunction(a, BooleanCircuit::zero), BooleanCircuit::zero);
  EXPECT_EQ(circuit.conjunction(BooleanCircuit::one, a), a);
  EXPECT_EQ(circuit.conjunction(a, a), a);
  EXPECT_EQ(circuit.exclusive_or(a, BooleanCircuit::zero), a);
  EXPECT_EQ(circuit.exclusive_or(a, a), BooleanCircuit::zero);
  EXPECT_EQ(circuit.negation(BooleanCircuit::zero), BooleanCircuit::one);
  EXPECT_EQ(circuit.gates().size(), 1U);
  EXPECT_EQ(circuit.conjunctions(), 0U);
}

TEST(BooleanCircuit, TakesOneConjunctionABit) {
  for (const std::size_t width : {1U, 8U, 64U}) {
    BooleanCircuit circuit;
    const Number a = circuit.inputs(width);
    const Number b = circuit.inputs(width);
    circuit.output(circuit.sum(a, b));
    EXPECT_EQ(circuit.conjunctions(), width - 1);
    circuit.output(circuit.difference(a, b));
    EXPECT_EQ(circuit.conjunctions(), 2 * (width - 1));
    circuit.output(circuit.is_less(a, b));
    EXPECT_EQ(circuit.conjunctions(), 2 * (width - 1) + width);
  }
}

// Every operation on two numbers at once, over more instances than are done at a time.
RC_GTEST_PROP(HalfGates, CalculateAsPlainArithmeticDoes, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(1, 65);
  const auto count = *rc::gen::inRange<std::size_t>(1, 150);
  const auto all = *rc::gen::container<std::vector<std::uint64_t>>(
      2 * count, rc::gen::arbitrary<std::uint64_t>());
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - width);
  BooleanCircuit circuit;
  const Number a = circuit.inputs(width);
  const Number b = circuit.inputs(width);
  circuit.output(circuit.sum(a, b));
  circuit.output(circuit.difference(a, b));
  circuit.output(circuit.is_less(a, b));
  circuit.output(circuit.is_less_signed(a, b));
  circuit.output(circuit.is_equal(a, b));
  circuit.output(circuit.choice(circuit.is_less(a, b), a, b));
  std::vector<std::vector<bool>> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    // Few of random numbers are equal, or near each other.
    const std::uint64_t x = all[2 * i] & mask;
    const std::uint64_t y = (i % 3 == 0 ? x + all[2 * i + 1] % 2 : all[2 * i + 1]) & mask;
    inputs.push_back(bits_of(x, y, width));
  }
  Garbling garbling{static_cast<std::uint8_t>(width)};
  const auto got = garbling.run(circuit, inputs);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t x = number_of(inputs[i], 0, width);
    const std::uint64_t y = number_of(inputs[i], width, width);
    const auto shift = static_cast<int>(64 - width);
    RC_ASSERT(number_of(got[i], 0, width) == ((x + y) & mask));
    RC_ASSERT(number_of(got[i], width, width) == ((x - y) & mask));
    RC_ASSERT(got[i][2 * width] == (x < y));
    RC_ASSERT(got[i][2 * width + 1] ==
              (static_cast<std::int64_t>(x << shift) < static_cast<std::int64_t>(y << shift)));
    RC_ASSERT(got[i][2 * width + 2] == (x == y));
    RC_ASSERT(number_of(got[i], 2 * width + 3, width) == std::min(x, y));
  }
}

TEST(HalfGates, SendThirtyTwoBytesAConjunction) {
  BooleanCircuit circuit;
  const Number sum = circuit.sum(circuit.inputs(64), circuit.inputs(64));
  circuit.output(sum.back());
  EXPECT_EQ(table_blocks(circuit, 1000) * sizeof(Block), 63U * 1000 * 32);
}

TEST(HalfGates, TurnLabelsIntoSharesOfTheirBits) {
  BooleanCircuit circuit;
  const Bit a = circuit.input();
  circuit.output(circuit.exclusive_or(a, circuit.input()));
  const std::vector<std::vector<bool>> inputs{{false, false}, {false, true}, {true, false},
                                              {true, true},   {false, true}, {false, false}};
  for (std::uint8_t seed = 0; seed < 20; ++seed) {
    Garbling garbling{seed};
    garbling.run(circuit, inputs);
    Words told(inputs.size());
    const Words one = garbling.garbler->shares_of(garbling.out_zeros, told);
    const Words other = garbling.evaluator.shares_of(garbling.out_active, told);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      EXPECT_EQ(one[i] + other[i], Word{inputs[i][0] != inputs[i][1]}) << i;
      EXPECT_GT(std::bit_width(one[i]), 20);
    }
  }
}

TEST(HalfGates, AreTheSameGatesSomeInstancesAtATime) {
  constexpr std::size_t all = 200;
  BooleanCircuit circuit;
  const Number a = circuit.inputs(8);
  const Number b = circuit.inputs(8);
  circuit.output(circuit.is_less(a, b));
  Prg prg{PrgKey{std::byte{9}}};
  Block delta = some_block(prg);
  delta.low |= 1;
  Garbler garbler{delta};
  Evaluator evaluator;
  Blocks zeros(16 * all);
  Blocks active(zeros.size());
  for (std::size_t i = 0; i < zeros.size(); ++i) {
    const std::size_t wire = i / all;
    const std::size_t number = wire < 8 ? i % all : 100;
    zeros[i] = some_block(prg);
    active[i] = zeros[i] ^ delta.times(number >> (wire % 8) & 1);
  }
  for (const Instances& part : {Instances{all, 0, 70}, {all, 70, 1}, {all, 71, 129}}) {
    Blocks table(table_blocks(circuit, part.count));
    const Blocks out_zeros = garbler.garble(circuit, part, zeros, table);
    const Blocks out_active = evaluator.evaluate(circuit, part, active, table);
    ASSERT_EQ(out_zeros.size(), part.count);
    for (std::size_t i = 0; i < part.count; ++i) {
      EXPECT_EQ(out_active[i], out_zeros[i] ^ delta.times(part.first + i < 100 ? 1 : 0)) << i;
    }
  }
}

TEST(HalfGates, HashNothingTwiceUnderTheSameTweak) {
  // The same circuit and the same labels again: another table.
  BooleanCircuit circuit;
  const Bit a = circuit.input();
  circuit.output(circuit.conjunction(a, circuit.input()));
  Garbler garbler{Block{5, 7}};
  const Blocks labels(4, Block{1, 2});
  Blocks first(4);
  Blocks second(4);
  garbler.garble(circuit, {2}, labels, first);
  garbler.garble(circuit, {2}, labels, second);
  for (std::size_t i = 0; i < 4; ++i)
    for (const Block& block : second) EXPECT_NE(first[i], block);
  EXPECT_NE(first[0], first[1]);
}

}  // namespace
}  // namespace evenkeel::test
