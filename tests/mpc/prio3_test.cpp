// Prio3 against the draft's own vectors, byte for byte, and against clients that lie.
#include "models/mpc/tools/prio3.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/crypto/crypto.h"
#include "models/mpc/tools/circuits.h"
#include "models/mpc/tools/field128.h"
#include "models/mpc/tools/field64.h"
#include "models/mpc/tools/turbo_shake.h"

namespace evenkeel::test {
namespace {

using Json = nlohmann::json;
using Path = std::filesystem::path;

// The vectors of draft-irtf-cfrg-vdaf (poc/test_vec): $EVENKEEL_VDAF_VECTORS, or shared/data/vdaf
// in a folder above the source.
Path vectors() {
  if (const char* named = std::getenv("EVENKEEL_VDAF_VECTORS")) return named;
  Path above = Path{EVENKEEL_SOURCE_DIR};
  for (; above.has_relative_path(); above = above.parent_path())
    if (const Path found = above / "shared/data/vdaf"; std::filesystem::exists(found)) return found;
  return {};
}

std::vector<Path> vector_files(std::string_view prefix) {
  std::vector<Path> files;
  if (vectors().empty()) return files;
  for (const auto& entry : std::filesystem::directory_iterator{vectors()})
    if (entry.path().filename().string().starts_with(prefix)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

Json read(const Path& file) {
  std::ifstream stream{file};
  return Json::parse(stream);
}

SecretBytes bytes_of(const Json& text) {
  const auto blob = from_hex(text.get<std::string>());
  EXPECT_TRUE(blob);
  return {blob->begin(), blob->end()};
}

template <class Array>
Array array_of(const Json& text) {
  const SecretBytes bytes = bytes_of(text);
  Array array{};
  EXPECT_EQ(bytes.size(), array.size());
  std::ranges::copy(bytes, array.begin());
  return array;
}

std::unique_ptr<Prio3> scheme_of(const std::string& name, const Json& vector) {
  const auto number = [&](const char* key) { return vector.at(key).get<std::size_t>(); };
  const auto shares = vector.at("shares").get<std::uint32_t>();
  if (name.starts_with("Prio3Count_")) return prio3_count(shares);
  if (name.starts_with("Prio3Sum_")) return prio3_sum(shares, number("max_measurement"));
  if (name.starts_with("Prio3SumVec_"))
    return prio3_sum_vec(shares, number("length"), number("max_measurement"),
                         number("chunk_length"));
  if (name.starts_with("Prio3Histogram_"))
    return prio3_histogram(shares, number("length"), number("chunk_length"));
  return nullptr;
}

// As the circuits take them: a histogram's choice is a vector.
std::vector<Word> numbers_of(const std::string& name, const Json& vector, const Json& measurement) {
  if (measurement.is_array()) return measurement.get<std::vector<Word>>();
  if (!name.starts_with("Prio3Histogram_")) return {measurement.get<Word>()};
  std::vector<Word> numbers(vector.at("length").get<std::size_t>(), 0);
  numbers[measurement.get<std::size_t>()] = 1;
  return numbers;
}

bool is_said_to_fail(const Json& vector, std::string_view operation) {
  return std::ranges::any_of(vector.at("operations"), [&](const Json& one) {
    return one.at("operation") == operation && !one.at("success").get<bool>();
  });
}

// All the steps of one report; the output shares, unless it is refused, which the file foresees.
std::vector<SecretBytes> follow(const Prio3& scheme, const std::string& name, const Json& vector,
                                const Json& report) {
  const SecretBytes context = bytes_of(vector.at("ctx"));
  const auto key = array_of<Prio3::Seed>(vector.at("verify_key"));
  const auto nonce = array_of<Prio3::Nonce>(report.at("nonce"));
  const SecretBytes public_share = bytes_of(report.at("public_share"));
  const Json& shares = report.at("input_shares");
  if (!report.at("measurement").is_null()) {
    const std::vector<Word> numbers = numbers_of(name, vector, report.at("measurement"));
    const auto made = scheme.shard(context, numbers, nonce, bytes_of(report.at("rand")));
    EXPECT_TRUE(made);
    EXPECT_EQ(hex(made->public_share), report.at("public_share"));
    for (std::size_t i = 0; i < shares.size(); ++i)
      EXPECT_EQ(hex(made->input_shares[i]), shares[i]) << "share " << i;
  }
  std::vector<Prio3::Checking> checking;
  std::vector<SecretBytes> verifier_shares;
  for (std::uint32_t i = 0; i < scheme.aggregators(); ++i) {
    auto begun = scheme.begin_check(key, context, i, nonce, public_share, bytes_of(shares[i]));
    EXPECT_TRUE(begun);
    const Json& said = report.at("verifier_shares")[0];
    if (i < said.size()) {
      EXPECT_EQ(hex(begun->verifier_share), said[i]);
    }
    verifier_shares.push_back(begun->verifier_share);
    checking.push_back(std::move(*begun));
  }
  std::optional<SecretBytes> message = scheme.message_of(context, verifier_shares);
  EXPECT_EQ(!message, is_said_to_fail(vector, "verifier_shares_to_message"));
  if (!message) return {};
  if (is_said_to_fail(vector, "verify_next")) {
    const SecretBytes other = bytes_of(report.at("verifier_messages")[0]);
    EXPECT_FALSE(Prio3::accepts(checking[0], other));
    return {};
  }
  EXPECT_EQ(hex(*message), report.at("verifier_messages")[0]);
  std::vector<SecretBytes> outputs;
  for (std::uint32_t i = 0; i < scheme.aggregators(); ++i) {
    EXPECT_TRUE(Prio3::accepts(checking[i], *message));
    std::string joined;
    const Json& said = report.at("out_shares")[i];
    if (said.is_array()) {
      for (const Json& part : said) joined += part.get<std::string>();
    } else {
      joined = said.get<std::string>();
    }
    EXPECT_EQ(hex(checking[i].output_share), joined);
    outputs.push_back(std::move(checking[i].output_share));
  }
  return outputs;
}

TEST(Prio3, GivesTheBytesOfThePublishedVectorsAndRefusesTheBadOnes) {
  const std::vector<Path> files = vector_files("Prio3");
  if (files.empty()) GTEST_SKIP() << "the vectors of the VDAF draft are not there";
  int followed = 0;
  for (const Path& file : files) {
    const std::string name = file.filename().string();
    SCOPED_TRACE(name);
    const Json vector = read(file);
    const std::unique_ptr<Prio3> scheme = scheme_of(name, vector);
    if (scheme == nullptr) continue;
    ++followed;
    std::vector<SecretBytes> aggregates(scheme->aggregators(),
                                        SecretBytes(scheme->sizes().aggregate_share, std::byte{0}));
    bool all = true;
    for (const Json& report : vector.at("reports")) {
      const std::vector<SecretBytes> outputs = follow(*scheme, name, vector, report);
      all = all && !outputs.empty();
      for (std::size_t i = 0; i < outputs.size(); ++i) scheme->add(aggregates[i], outputs[i]);
    }
    if (!all) continue;
    for (std::size_t i = 0; i < aggregates.size(); ++i)
      EXPECT_EQ(hex(aggregates[i]), vector.at("agg_shares")[i]);
    const auto total = scheme->unshard(aggregates);
    ASSERT_TRUE(total);
    const Json& right = vector.at("agg_result");
    EXPECT_EQ(*total, right.is_array() ? right.get<std::vector<Word>>()
                                       : std::vector<Word>{right.get<Word>()});
  }
  EXPECT_GE(followed, 8);
}

TEST(XofTurboShake128, GivesTheBytesOfThePublishedVector) {
  const std::vector<Path> files = vector_files("XofTurboShake128");
  if (files.empty()) GTEST_SKIP() << "the vectors of the VDAF draft are not there";
  const Json vector = read(files[0]);
  const SecretBytes seed = bytes_of(vector.at("seed"));
  const SecretBytes purpose = bytes_of(vector.at("dst"));
  const SecretBytes binder = bytes_of(vector.at("binder"));
  XofTurboShake128 deriving{seed, purpose, {binder}};
  EXPECT_EQ(hex(deriving.seed()), vector.at("derived_seed"));
  XofTurboShake128 expanding{seed, purpose, {binder}};
  std::string text;
  for (const Field128 element : expanding.elements<Field128>(vector.at("length"))) {
    ByteArray<16> bytes;
    element.encode(bytes.data());
    text += hex(bytes);
  }
  EXPECT_EQ(text, vector.at("expanded_vec_field128"));
}

// RFC 9861, section 5, TurboSHAKE128 with the domain 1F.
std::string shaken(std::size_t length, std::size_t first, std::size_t bytes) {
  TurboShake128 sponge;
  SecretBytes message;
  for (std::size_t i = 0; i < length; ++i) message.push_back(static_cast<std::byte>(i % 251));
  const std::span all{message};
  sponge.absorb(all.first(length / 3));
  sponge.absorb(all.subspan(length / 3));
  sponge.finish(0x1f);
  SecretBytes output(first + bytes);
  sponge.squeeze(std::span{output}.first(output.size() / 2));
  sponge.squeeze(std::span{output}.subspan(output.size() / 2));
  return hex(std::span{output}.subspan(first));
}

TEST(TurboShake128, GivesTheBytesOfItsStandard) {
  EXPECT_EQ(shaken(0, 0, 32), "1e415f1c5983aff2169217277d17bb538cd945a397ddec541f1ce41af2c1b74c");
  EXPECT_EQ(shaken(0, 10000, 32),
            "a3b9b0385900ce761f22aed548e754da10a5242d62e8c658e3f3a923a7555607");
  EXPECT_EQ(shaken(17, 0, 32), "9c97d036a3bac819db70ede0ca554ec6e4c2a1a4ffbfd9ec269ca6a111161233");
}

template <class F>
class FieldContract : public testing::Test {};
using Fields2 = testing::Types<Field64, Field128>;
TYPED_TEST_SUITE(FieldContract, Fields2);

// Numbers at the edges, and some between.
template <class F>
std::vector<F> samples() {
  std::vector<F> all;
  for (const typename F::Wide number : {0, 1, 2, 3}) {
    all.push_back(F{static_cast<Word>(number)});
    all.push_back(F{} - F{static_cast<Word>(number)});
  }
  Random random{5};
  for (int i = 0; i < 30; ++i) all.push_back(F{random()} * F{random()} + F{random()});
  return all;
}

// By doubling and adding alone.
template <class F>
typename F::Wide slow_product(typename F::Wide a, typename F::Wide b) {
  const auto sum = [](typename F::Wide x, typename F::Wide y) {
    const typename F::Wide left = F::modulus - y;
    return x >= left ? x - left : x + y;
  };
  typename F::Wide result = 0;
  for (; b != 0; b >>= 1, a = sum(a, a))
    if ((b & 1) != 0) result = sum(result, a);
  return result;
}

TYPED_TEST(FieldContract, MultipliesAndAddsAsSchoolArithmeticDoes) {
  using F = TypeParam;
  for (const F a : samples<F>()) {
    EXPECT_LT(a.number(), F::modulus);
    for (const F b : samples<F>()) {
      EXPECT_TRUE((a * b).number() == slow_product<F>(a.number(), b.number()));
      EXPECT_EQ(a + b - b, a);
      EXPECT_EQ((a + b) * a, a * a + b * a);
    }
    EXPECT_EQ(a * a.inverse(), a == F{} ? F{} : F{1});
  }
}

TYPED_TEST(FieldContract, EncodesAndRefusesWhatIsNotBelowTheModulus) {
  using F = TypeParam;
  std::array<std::byte, F::encoded_bytes> bytes;
  for (const F a : samples<F>()) {
    a.encode(bytes.data());
    EXPECT_EQ(F::decoded(bytes.data()), a);
  }
  const typename F::Wide modulus = F::modulus;
  std::memcpy(bytes.data(), &modulus, bytes.size());
  EXPECT_FALSE(F::decoded(bytes.data()));
  bytes.fill(std::byte{0xff});
  EXPECT_FALSE(F::decoded(bytes.data()));
}

TYPED_TEST(FieldContract, HasRootsOfTheOrdersItPromises) {
  using F = TypeParam;
  F root = F::root_of_order(F::root_order_bits);
  for (int i = 1; i < F::root_order_bits; ++i) root *= root;
  EXPECT_EQ(root, F{} - F{1});
  EXPECT_EQ(F::root_of_order(1), root);
}

TYPED_TEST(FieldContract, TransformsPolynomialsAsEvaluationDoes) {
  using F = TypeParam;
  for (const std::size_t n : {1U, 2U, 8U, 64U}) {
    const Ntt<F> ntt{n};
    const Ntt<F> twice{2 * n};
    Elements<F> polynomial;
    for (std::size_t i = 0; i < n; ++i) polynomial.push_back(F{i + 3} * F{~Word{0} - i});
    const auto value_at = [&](F x) {
      F value{};
      for (std::size_t i = n; i-- > 0;) value = value * x + polynomial[i];
      return value;
    };
    Elements<F> values = polynomial;
    ntt.values(values);
    Elements<F> between = values;
    ntt.values_between(between);
    const Elements<F> weights = ntt.weights_at(F{12345});
    F elsewhere{};
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_EQ(values[i], value_at(ntt.root(i)));
      EXPECT_EQ(between[i], value_at(twice.root(2 * i + 1)));
      elsewhere += weights[i] * values[i];
    }
    EXPECT_EQ(elsewhere, value_at(F{12345}));
    ntt.coefficients(values);
    EXPECT_EQ(values, polynomial);
  }
}

struct Expected {
  std::unique_ptr<Prio3> scheme;
  Prio3::Sizes sizes;
};

TEST(Prio3, HasTheSizesOfTheDraft) {
  std::vector<Expected> all;
  const auto expect = [&](std::unique_ptr<Prio3> scheme, std::array<std::size_t, 6> sizes) {
    all.push_back({std::move(scheme),
                   {.public_share = sizes[2],
                    .leader_share = sizes[0],
                    .helper_share = sizes[1],
                    .verifier_share = sizes[3],
                    .message = sizes[4],
                    .aggregate_share = sizes[5]}});
  };
  expect(prio3_count(2), {48, 32, 0, 32, 0, 8});
  expect(prio3_sum(2, 255), {320, 32, 0, 24, 0, 8});
  expect(prio3_sum_vec(2, 10, 255, 9), {2096, 64, 64, 352, 32, 160});
  expect(prio3_histogram(2, 4, 2), {272, 64, 64, 128, 32, 64});
  expect(prio3_histogram(2, 64, 8), {1808, 64, 64, 320, 32, 1024});
  expect(prio3_histogram(2, 100, 10), {2448, 64, 64, 384, 32, 1600});
  for (const Expected& one : all) {
    const Prio3::Sizes sizes = one.scheme->sizes();
    EXPECT_EQ(sizes.leader_share, one.sizes.leader_share);
    EXPECT_EQ(sizes.helper_share, one.sizes.helper_share);
    EXPECT_EQ(sizes.public_share, one.sizes.public_share);
    EXPECT_EQ(sizes.verifier_share, one.sizes.verifier_share);
    EXPECT_EQ(sizes.message, one.sizes.message);
    EXPECT_EQ(sizes.aggregate_share, one.sizes.aggregate_share);
  }
}

// A whole round between one client and the aggregators; `change` is what the client, or the
// network, does to the report.
using Change = std::function<void(Prio3::Report&)>;
std::optional<std::vector<Word>> total_of(
    const Prio3& scheme, const std::vector<Word>& numbers,
    const Change& change = [](Prio3::Report&) {}) {
  Random random{9};
  SecretBytes randomness(scheme.sizes().randomness);
  for (std::byte& byte : randomness) byte = static_cast<std::byte>(random.below(256));
  const Prio3::Nonce nonce{std::byte{1}};
  const Prio3::Seed key{std::byte{2}};
  const SecretBytes context{std::byte{3}};
  std::optional<Prio3::Report> report = scheme.shard(context, numbers, nonce, randomness);
  if (!report) return std::nullopt;
  change(*report);
  std::vector<Prio3::Checking> checking;
  std::vector<SecretBytes> verifier_shares;
  std::vector<SecretBytes> outputs;
  for (std::uint32_t i = 0; i < scheme.aggregators(); ++i) {
    auto begun =
        scheme.begin_check(key, context, i, nonce, report->public_share, report->input_shares[i]);
    if (!begun) return std::nullopt;
    verifier_shares.push_back(begun->verifier_share);
    outputs.push_back(begun->output_share);
    checking.push_back(std::move(*begun));
  }
  const std::optional<SecretBytes> message = scheme.message_of(context, verifier_shares);
  if (!message) return std::nullopt;
  for (const Prio3::Checking& one : checking)
    if (!Prio3::accepts(one, *message)) return std::nullopt;
  return scheme.unshard(outputs);
}

TEST(Prio3, AddsUpWhatIsInRangeUpToItsEdges) {
  for (const std::uint32_t aggregators : {2U, 5U}) {
    for (const Word most : {1U, 2U, 6U, 255U, 1337U}) {
      for (const Word number : {Word{0}, Word{1}, most / 2, most - 1, most}) {
        EXPECT_EQ(total_of(*prio3_sum(aggregators, most), {number}), std::vector<Word>{number});
        const std::vector<Word> numbers{most, number, 0};
        EXPECT_EQ(total_of(*prio3_sum_vec(aggregators, 3, most, 4), numbers), numbers);
      }
      EXPECT_FALSE(total_of(*prio3_sum(aggregators, most), {most + 1}));
      EXPECT_FALSE(total_of(*prio3_sum_vec(aggregators, 2, most, 3), {0, most + 1}));
    }
  }
  const Word widest = (Word{1} << 62) - 1;
  EXPECT_EQ(total_of(*prio3_sum_vec(2, 2, widest, 11), {widest, 5}),
            (std::vector<Word>{widest, 5}));
  EXPECT_EQ(total_of(*prio3_count(2), {1}), std::vector<Word>{1});
  EXPECT_FALSE(total_of(*prio3_count(2), {2}));
  EXPECT_EQ(total_of(*prio3_histogram(2, 5, 2), {0, 0, 0, 1, 0}),
            (std::vector<Word>{0, 0, 0, 1, 0}));
  EXPECT_FALSE(total_of(*prio3_histogram(2, 5, 2), {0, 1, 0, 1, 0}));
  EXPECT_FALSE(total_of(*prio3_histogram(2, 5, 2), {0, 0, 0, 0, 0}));
}

TEST(Prio3, RefusesAReportWhicheverByteIsChanged) {
  std::vector<std::unique_ptr<Prio3>> schemes;
  schemes.push_back(prio3_count(2));
  schemes.push_back(prio3_sum(2, 1));
  schemes.push_back(prio3_sum_vec(2, 1, 1, 2));
  schemes.push_back(prio3_histogram(2, 1, 1));
  for (const auto& scheme : schemes) {
    ASSERT_TRUE(total_of(*scheme, {1}));
    const Prio3::Sizes sizes = scheme->sizes();
    for (std::size_t i = 0; i < sizes.public_share; ++i)
      EXPECT_FALSE(total_of(*scheme, {1},
                            [i](Prio3::Report& report) { report.public_share[i] ^= std::byte{1}; }))
          << "byte " << i << " of the public share";
    for (const std::size_t who : {0U, 1U})
      for (std::size_t i = 0; i < (who == 0 ? sizes.leader_share : sizes.helper_share); ++i)
        EXPECT_FALSE(total_of(
            *scheme, {1},
            [i, who](Prio3::Report& report) { report.input_shares[who][i] ^= std::byte{1}; }))
            << "byte " << i << " of share " << who;
  }
}

// A client that makes the best proof it can of what is not valid.
template <class F>
bool is_believed(const Circuit<F>& circuit, const Elements<F>& measurement, std::uint64_t seed) {
  const Flp<F> flp{circuit};
  Random random{seed};
  const auto draw = [&](std::size_t count) {
    Elements<F> drawn;
    for (std::size_t i = 0; i < count; ++i) drawn.push_back(F{random()} * F{random()});
    return drawn;
  };
  const Elements<F> joint = draw(circuit.shape().joint_randomness);
  const Elements<F> proof = flp.prove(measurement, draw(flp.prove_randomness()), joint);
  EXPECT_EQ(proof.size(), flp.proof());
  const Elements<F> query_randomness = draw(flp.query_randomness());
  const Elements<F> other_measurement = draw(measurement.size());
  const Elements<F> other_proof = draw(proof.size());
  Elements<F> own_measurement = measurement;
  Elements<F> own_proof = proof;
  for (std::size_t i = 0; i < measurement.size(); ++i)
    own_measurement[i] = measurement[i] - other_measurement[i];
  for (std::size_t i = 0; i < proof.size(); ++i) own_proof[i] = proof[i] - other_proof[i];
  const F half = F{2}.inverse();
  auto a = flp.query(own_measurement, own_proof, query_randomness, joint, half);
  const auto b = flp.query(other_measurement, other_proof, query_randomness, joint, half);
  for (std::size_t i = 0; i < a->size(); ++i) (*a)[i] += (*b)[i];
  return flp.decide(*a);
}

TYPED_TEST(FieldContract, ProvesWhatIsValidAndNothingElse) {
  using F = TypeParam;
  const F zero{};
  const F one{1};
  const F two{2};
  const CountCircuit<F> count;
  const SumCircuit<F> sum{5};
  const SumVecCircuit<F> sums{2, 7, 4};
  const HistogramCircuit<F> histogram{4, 3};
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    EXPECT_TRUE(is_believed<F>(count, {one}, seed));
    EXPECT_FALSE(is_believed<F>(count, {two}, seed));
    EXPECT_TRUE(is_believed<F>(sum, {one, zero, one}, seed));
    EXPECT_FALSE(is_believed<F>(sum, {one, zero, two}, seed));
    EXPECT_FALSE(is_believed<F>(sum, {zero - one, zero, one}, seed));
    EXPECT_TRUE(is_believed<F>(sums, {one, one, one, zero, zero, one}, seed));
    EXPECT_FALSE(is_believed<F>(sums, {one, one, one, zero, zero, two}, seed));
    EXPECT_FALSE(is_believed<F>(sums, {zero - one, two, one, zero, zero, one}, seed));
    EXPECT_TRUE(is_believed<F>(histogram, {zero, one, zero, zero}, seed));
    EXPECT_FALSE(is_believed<F>(histogram, {one, one, zero, zero}, seed));
    EXPECT_FALSE(is_believed<F>(histogram, {two, zero - one, zero, zero}, seed));
    EXPECT_FALSE(is_believed<F>(histogram, {zero, zero, zero, zero}, seed));
  }
}

TEST(Flp, DoesNotQueryAtARootOfUnity) {
  const SumCircuit<Field64> sum{5};
  const Flp<Field64> flp{sum};
  const Elements<Field64> measurement{Field64{1}, Field64{0}, Field64{1}};
  const Elements<Field64> proof = flp.prove(measurement, Elements<Field64>{Field64{9}}, {});
  Elements<Field64> randomness(flp.query_randomness(), Field64{7});
  EXPECT_TRUE(flp.query(measurement, proof, randomness, {}, Field64{1}));
  randomness.back() = Field64::root_of_order(2);
  EXPECT_FALSE(flp.query(measurement, proof, randomness, {}, Field64{1}));
}

}  // namespace
}  // namespace evenkeel::test
