// The arithmetic that protocols are made of, on secrets.
#include "models/mpc/domain.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/field128.h"
#include "models/mpc/tools/field64.h"
#include "models/mpc/tools/function_secret_sharing.h"
#include "models/mpc/tools/half_gates.h"
#include "models/mpc/tools/ntt.h"
#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/ring128.h"
#include "models/mpc/tools/shamir.h"
#include "models/mpc/tools/threshold_sharing.h"
#include "tests/constant_time/secret.h"

namespace evenkeel::test {
namespace {

using Tools = ConstantTime;

const PrgKey fixed_key{std::byte{9}};

Words secret_words(std::size_t count) {
  Prg prg{fixed_key};
  return secret(prg.words(count));
}

class ConstantTimeIn : public ConstantTime, public testing::WithParamInterface<const Domain*> {};

TEST_P(ConstantTimeIn, AllThatADomainDoes) {
  const Domain& domain = *GetParam();
  const std::vector<std::int64_t> numbers =
      secret(std::vector<std::int64_t>{0, 1, -1, 1 << 20, -(1 << 20)});
  Words a = domain.encoded(numbers);
  Words b = secret_words(a.size());
  domain.from_random(b);
  domain.add(a, b);
  domain.subtract(a, b);
  domain.add_products(a, b, b);
  const Words factor(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(domain.width()));
  domain.scale(a, factor);
  std::vector<std::int64_t> decoded(numbers.size());
  domain.decode(a, decoded);
}

INSTANTIATE_TEST_SUITE_P(Domains, ConstantTimeIn,
                         testing::Values(&ring64(), &ring128(), &field61_domain(), &bit_domain()));

template <class Field>
void compute_in() {
  const Words words = secret_words(8);
  std::vector<Field> elements;
  for (const Word word : words) elements.push_back(Field{word});
  Field sum = elements[0];
  for (const Field& one : elements) sum += one * elements[1] - elements[2];
  sum = sum.inverse();
  std::array<std::byte, Field::encoded_bytes> bytes;
  sum.encode(bytes.data());
}

TEST_F(Tools, ComputeInFieldsOfProofs) {
  compute_in<Field64>();
  compute_in<Field128>();
}

TEST_F(Tools, TurnBitsIntoPlanesAndBack) {
  const Words numbers = secret_words(100);
  const Words planes = planes_of(numbers, 64);
  const Words run = run_of(planes, numbers.size());
  const Words back = numbers_of(planes_of_run(run, 64, numbers.size()), numbers.size());
  EXPECT_EQ(back.size(), numbers.size());
}

TEST_F(Tools, StretchKeys) {
  Prg prg{secret(fixed_key)};
  const PrgKey key = prg.key();
  EXPECT_EQ(Prg{key}.words(100).size(), 100U);
}

TEST_F(Tools, ShareAndCombineByShamir) {
  Prg prg{secret(fixed_key)};
  Words secrets = secret_words(20);
  field61_domain().from_random(secrets);
  const shamir::Elements points = shamir::first_points(5);
  const std::vector<Words> shares = shamir::shares_of(secrets, points, 2, prg);
  const Words back = shamir::interpolated(points, shares, 0);
  EXPECT_EQ(back.size(), secrets.size());
}

TEST_F(Tools, ShareComparisonsAndPoints) {
  constexpr std::size_t bits = 20;
  constexpr std::size_t count = 6;
  Words alpha = secret_words(count);
  for (Word& word : alpha) word &= (Word{1} << bits) - 1;
  const Words beta = secret_words(count);
  const Words first = secret_words(seed_words * count);
  const Words second = secret_words(seed_words * count);
  const Corrections made = share_comparisons(alpha, beta, bits, first, second);
  const Words x{1, 2, 3, 1 << 19, 5, 6};  // public
  for (const unsigned holder : {0U, 1U})
    evaluate_comparisons(holder, x, bits, holder == 0 ? first : second, made);
  const std::span root{first};
  const std::span other{second};
  const Corrections point = share_point(alpha[0], std::span{beta}.first(2), bits,
                                        root.first(seed_words), other.first(seed_words));
  evaluate_point_everywhere(0, 50, bits, root.first(seed_words), point);
}

TEST_F(Tools, GarbleAndEvaluateCircuits) {
  constexpr std::size_t width = 12;
  constexpr std::size_t count = 70;
  BooleanCircuit circuit;
  const BooleanCircuit::Number a = circuit.inputs(width);
  const BooleanCircuit::Number b = circuit.inputs(width);
  circuit.output(circuit.sum(a, b).back());
  Words words = secret_words(2 * (2 * width * count + 1));
  words[0] |= 1;
  const Block delta{words[0], words[1]};
  Blocks labels;
  for (std::size_t i = 2; i < words.size(); i += 2) labels.push_back({words[i], words[i + 1]});
  Blocks table(table_blocks(circuit, count));
  Garbler garbler{delta};
  const Blocks zeros = garbler.garble(circuit, {count}, labels, table);
  Words told(zeros.size());
  garbler.shares_of(zeros, told);
  Evaluator evaluator;
  const Blocks active = evaluator.evaluate(circuit, {count}, labels, table);
  evaluator.shares_of(active, told);
}

// Not a tool: shows that a branch on a secret is reported, without which nothing above says much.
TEST(MemcheckItself, ReportsABranchOnASecret) {
  if (!runs_under_memcheck()) GTEST_SKIP() << "not under valgrind";
  const std::size_t before = memcheck_reports();
  const Word word = secret(Word{3});
  volatile int taken = 0;
  if (word % 7 == 3) taken = 1;
  EXPECT_GT(memcheck_reports(), before) << taken;
}

}  // namespace
}  // namespace evenkeel::test
