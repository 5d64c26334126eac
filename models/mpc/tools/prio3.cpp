#include "models/mpc/tools/prio3.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/field128.h"
#include "models/mpc/tools/field64.h"
#include "models/mpc/tools/prio3_streams.h"

namespace evenkeel {
namespace {

using View = Prio3::View;
using Algorithm = Prio3Algorithm;
using Usage = Prio3Usage;

// One field product.
double product_ns(Field64) { return costs::goldilocks_product; }
double product_ns(Field128) { return costs::field128_product; }

// Takes bytes from the front.
View taken(View& from, std::size_t bytes) {
  const View front = from.first(bytes);
  from = from.subspan(bytes);
  return front;
}

template <class F>
class Prio3Of final : public Prio3 {
 public:
  Prio3Of(Algorithm algorithm, std::uint32_t aggregators, std::unique_ptr<Circuit<F>> circuit)
      : aggregators_(aggregators),
        circuit_(std::move(circuit)),
        shape_(circuit_->shape()),
        flp_(*circuit_),
        streams_(algorithm, shape_, flp_.proof()),
        one_(F{aggregators}.inverse()) {
    EVENKEEL_CHECK(aggregators >= 2 && aggregators < 256, "too few or too many aggregators");
  }

  std::uint32_t aggregators() const override { return aggregators_; }

  Sizes sizes() const override {
    const std::size_t seeds = is_joint() ? seed_bytes : 0;
    return {.randomness = aggregators_ * (seed_bytes + seeds),
            .public_share = aggregators_ * seeds,
            .leader_share = (shape_.measurement + flp_.proof()) * F::encoded_bytes + seeds,
            .helper_share = seed_bytes + seeds,
            .verifier_share = flp_.verifier() * F::encoded_bytes + seeds,
            .message = seeds,
            .aggregate_share = shape_.output * F::encoded_bytes};
  }

  Work work() const override {
    const auto elements = static_cast<double>(shape_.measurement + flp_.proof());
    const double expand_ns = costs::turbo_shake_byte * F::encoded_bytes * elements;
    const double bind_ns = is_joint() ? costs::turbo_shake_byte * F::encoded_bytes *
                                            static_cast<double>(shape_.measurement)
                                      : 0;
    const double fixed_ns = 12 * costs::turbo_shake_byte * TurboShake128::rate_bytes;
    return {.shard_ns = fixed_ns + expand_ns + 2 * bind_ns +
                        (flp_.prove_products() + 6 * elements) * product_ns(F{}),
            .verify_ns = fixed_ns + expand_ns + bind_ns +
                         (flp_.query_products() + 4 * elements) * product_ns(F{})};
  }

  std::optional<Report> shard(View context, std::span<const Word> numbers, const Nonce& nonce,
                              View randomness, Claim claim) const override {
    EVENKEEL_CHECK(randomness.size() == sizes().randomness, "randomness of another length");
    const std::optional<Elements<F>> measurement = circuit_->encoded(numbers, claim);
    if (!measurement) return std::nullopt;
    Report report;
    Elements<F> leader_measurement = *measurement;
    SecretBytes parts;  // of the joint randomness, the helpers' first
    for (std::uint32_t i = 1; i < aggregators_; ++i) {
      const View seed = taken(randomness, seed_bytes);
      const Elements<F> share = streams_.measurement_share(context, i, seed);
      subtract(leader_measurement, share);
      SecretBytes& input_share = report.input_shares.emplace_back(seed.begin(), seed.end());
      if (!is_joint()) continue;
      const View blind = taken(randomness, seed_bytes);
      append(input_share, blind);
      append(parts, streams_.joint_part(context, i, blind, nonce, share));
    }
    View leader_blind;
    Elements<F> joint;
    if (is_joint()) {
      leader_blind = taken(randomness, seed_bytes);
      append(report.public_share,
             streams_.joint_part(context, 0, leader_blind, nonce, leader_measurement));
      append(report.public_share, parts);
      joint = streams_.joint_randomness(context, streams_.joint_seed(context, report.public_share));
    }
    XofTurboShake128 prove_stream{
        randomness, streams_.purpose(Usage::prove_randomness, context), {View{prio3_proofs}}};
    Elements<F> proof =
        flp_.prove(*measurement, prove_stream.elements<F>(flp_.prove_randomness()), joint);
    for (std::uint32_t i = 1; i < aggregators_; ++i)
      subtract(proof, streams_.proof_share(context, i,
                                           View{report.input_shares[i - 1]}.first(seed_bytes)));
    SecretBytes leader_share = encoded_elements<F>(leader_measurement);
    append(leader_share, encoded_elements<F>(proof));
    append(leader_share, leader_blind);
    report.input_shares.insert(report.input_shares.begin(), std::move(leader_share));
    return report;
  }

  std::optional<Checking> begin_check(const Seed& verify_key, View context,
                                      std::uint32_t aggregator, const Nonce& nonce,
                                      View public_share, View input_share) const override {
    const Sizes sizes = this->sizes();
    if (public_share.size() != sizes.public_share ||
        input_share.size() != (aggregator == 0 ? sizes.leader_share : sizes.helper_share))
      return std::nullopt;
    Elements<F> measurement;
    Elements<F> proof;
    if (aggregator == 0) {
      auto numbers = decoded_elements<F>(taken(input_share, shape_.measurement * F::encoded_bytes));
      auto proving = decoded_elements<F>(taken(input_share, flp_.proof() * F::encoded_bytes));
      if (!numbers || !proving) return std::nullopt;
      measurement = std::move(*numbers);
      proof = std::move(*proving);
    } else {
      const View seed = taken(input_share, seed_bytes);
      measurement = streams_.measurement_share(context, aggregator, seed);
      proof = streams_.proof_share(context, aggregator, seed);
    }
    Checking checking;
    Elements<F> joint;
    SecretBytes own_part;
    if (is_joint()) {
      own_part = streams_.joint_part(context, aggregator, input_share, nonce, measurement);
      SecretBytes parts(public_share.begin(), public_share.end());
      std::ranges::copy(own_part,
                        parts.begin() + static_cast<std::ptrdiff_t>(aggregator * seed_bytes));
      checking.expected_message = streams_.joint_seed(context, parts);
      joint = streams_.joint_randomness(context, checking.expected_message);
    }
    XofTurboShake128 query_stream{verify_key,
                                  streams_.purpose(Usage::query_randomness, context),
                                  {View{prio3_proofs}, View{nonce}}};
    const std::optional<Elements<F>> verifier = flp_.query(
        measurement, proof, query_stream.elements<F>(flp_.query_randomness()), joint, one_);
    if (!verifier) return std::nullopt;
    checking.verifier_share = encoded_elements<F>(*verifier);
    append(checking.verifier_share, own_part);
    checking.output_share = encoded_elements<F>(circuit_->output(measurement));
    return checking;
  }

  std::optional<SecretBytes> message_of(
      View context, std::span<const SecretBytes> verifier_shares) const override {
    EVENKEEL_CHECK(verifier_shares.size() == aggregators_, "a verifier share is missing");
    Elements<F> verifier(flp_.verifier(), F{});
    SecretBytes parts;
    for (const SecretBytes& bytes : verifier_shares) {
      View rest = bytes;
      if (rest.size() != sizes().verifier_share) return std::nullopt;
      const auto share = decoded_elements<F>(taken(rest, verifier.size() * F::encoded_bytes));
      if (!share) return std::nullopt;
      for (std::size_t i = 0; i < verifier.size(); ++i) verifier[i] += (*share)[i];
      append(parts, rest);
    }
    if (!flp_.decide(verifier)) return std::nullopt;
    return is_joint() ? streams_.joint_seed(context, parts) : SecretBytes{};
  }

  void add(SecretBytes& aggregate_share, View output_share) const override {
    const std::optional<Elements<F>> other = decoded_elements<F>(output_share);
    std::optional<Elements<F>> sum = decoded_elements<F>(aggregate_share);
    EVENKEEL_CHECK(sum && other && sum->size() == other->size(), "shares of unlike length");
    for (std::size_t i = 0; i < sum->size(); ++i) (*sum)[i] += (*other)[i];
    aggregate_share = encoded_elements<F>(*sum);
  }

  std::optional<std::vector<Word>> unshard(
      std::span<const SecretBytes> aggregate_shares) const override {
    Elements<F> sum(shape_.output, F{});
    for (const SecretBytes& bytes : aggregate_shares) {
      const auto share = decoded_elements<F>(bytes);
      if (!share || share->size() != sum.size()) return std::nullopt;
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += (*share)[i];
    }
    disclose(sum);  // the aggregate is the result
    std::vector<Word> numbers;
    for (const F element : sum) {
      numbers.push_back(static_cast<Word>(element.number()));
      if (element.number() >> 64 != 0) return std::nullopt;
    }
    return numbers;
  }

 private:
  bool is_joint() const { return shape_.joint_randomness > 0; }

  static void subtract(std::span<F> from, std::span<const F> other) {
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = from[i] - other[i];
  }

  std::uint32_t aggregators_;
  std::unique_ptr<Circuit<F>> circuit_;
  typename Circuit<F>::Shape shape_;
  Flp<F> flp_;
  Prio3Streams<F> streams_;
  F one_;  // an aggregator's share of 1
};

}  // namespace

std::unique_ptr<Prio3> prio3_count(std::uint32_t aggregators) {
  return std::make_unique<Prio3Of<Field64>>(Algorithm::count, aggregators,
                                            std::make_unique<CountCircuit<Field64>>());
}

std::unique_ptr<Prio3> prio3_sum(std::uint32_t aggregators, Word most) {
  return std::make_unique<Prio3Of<Field64>>(Algorithm::sum, aggregators,
                                            std::make_unique<SumCircuit<Field64>>(most));
}

std::unique_ptr<Prio3> prio3_sum_vec(std::uint32_t aggregators, std::size_t length, Word most,
                                     std::size_t chunk) {
  return std::make_unique<Prio3Of<Field128>>(
      Algorithm::sum_vec, aggregators,
      std::make_unique<SumVecCircuit<Field128>>(length, most, chunk));
}

std::unique_ptr<Prio3> prio3_histogram(std::uint32_t aggregators, std::size_t length,
                                       std::size_t chunk) {
  return std::make_unique<Prio3Of<Field128>>(
      Algorithm::histogram, aggregators,
      std::make_unique<HistogramCircuit<Field128>>(length, chunk));
}

}  // namespace evenkeel
