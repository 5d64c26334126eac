// A fully linear proof that a vector is valid: the prover makes it of the whole vector, verifiers
// check it on additive shares of vector and proof, and learn nothing but the verdict.
//
// Boneh, Boyle, Corrigan-Gibbs, Gilboa and Ishai, "Zero-knowledge proofs on secret-shared data via
// fully linear PCPs", CRYPTO 2019, Theorem 4.3, as in draft-irtf-cfrg-vdaf, section 7.3. A circuit
// is linear but for calls of one gadget G of degree 2. With p the power of two above the number of
// calls, w_j the polynomial whose value at the k-th root is input j of call k (at the 0th a random
// seed), the proof is the seeds and G(w) by its values at the first 2 p - 1 roots of order 2 p.
//
//   proof      arity + 2 p - 1 elements
//   verifier   2 + arity elements: the checks mixed into one, w_j(t), G(w)(t) at a random point t
//
// A false proof passes with probability about 2 p / |F|.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "models/mpc/claim.h"
#include "models/mpc/tools/ntt.h"

namespace evenkeel {

template <class F>
class GadgetCalls;

/// What is valid.
template <class F>
class Circuit {
 public:
  struct Shape {
    std::size_t measurement = 1;       // elements of an encoded measurement
    std::size_t joint_randomness = 0;  // elements that the prover must not choose
    std::size_t output = 1;            // elements that are added up
    std::size_t checks = 1;            // elements that are zero if the measurement is valid
    std::size_t arity = 2;             // of the gadget
    std::size_t calls = 1;
  };
  virtual ~Circuit() = default;

  virtual Shape shape() const = 0;
  /// Of degree 2.
  virtual F gadget(std::span<const F> inputs) const = 0;
  /// Affine in shares of the measurement, the gadget apart: `one` is a share of 1.
  virtual Elements<F> checks(std::span<const F> measurement, std::span<const F> joint_randomness,
                             F one, GadgetCalls<F>& calls) const = 0;
  /// Nothing if the numbers are not valid; a lie gives them all the same.
  virtual std::optional<Elements<F>> encoded(std::span<const Word> numbers, Claim claim) const = 0;
  /// Linear.
  virtual Elements<F> output(std::span<const F> measurement) const = 0;
};

/// Remembers the inputs of each call, and gives its output: the gadget's, or what a proof says.
template <class F>
class GadgetCalls {
 public:
  GadgetCalls(const Circuit<F>& circuit, std::size_t points, std::span<const F> seeds,
              std::span<const F> values = {})
      : circuit_(circuit), arity_(seeds.size()), values_(values), rows_(points * arity_, F{}) {
    std::ranges::copy(seeds, rows_.begin());
  }

  /// Of the next call; to be filled before `output`.
  std::span<F> inputs() { return std::span{rows_}.subspan(++call_ * arity_, arity_); }
  F output() const { return values_.empty() ? circuit_.gadget(row(call_)) : values_[2 * call_]; }
  /// One row a root: the seeds, then the calls, then zeros.
  std::span<const F> row(std::size_t i) const {
    return std::span{rows_}.subspan(i * arity_, arity_);
  }

 private:
  const Circuit<F>& circuit_;
  std::size_t arity_;
  std::span<const F> values_;
  Elements<F> rows_;
  std::size_t call_ = 0;
};

template <class F>
class Flp {
 public:
  /// The circuit outlives it.
  explicit Flp(const Circuit<F>& circuit)
      : circuit_(circuit),
        shape_(circuit.shape()),
        wires_(std::bit_ceil(1 + shape_.calls)),
        product_(2 * wires_.size()) {}

  std::size_t prove_randomness() const { return shape_.arity; }
  std::size_t query_randomness() const { return 1 + (shape_.checks > 1 ? shape_.checks : 0); }
  std::size_t proof() const { return shape_.arity + 2 * wires_.size() - 1; }
  std::size_t verifier() const { return 2 + shape_.arity; }
  /// Field products, about, to prove and to query.
  double prove_products() const {
    const auto points = static_cast<double>(wires_.size());
    return static_cast<double>(shape_.arity) * points * (std::log2(points) + 10);
  }
  double query_products() const {
    return static_cast<double>(3 * shape_.arity * wires_.size() + 12 * wires_.size());
  }

  Elements<F> prove(std::span<const F> measurement, std::span<const F> prove_randomness,
                    std::span<const F> joint_randomness) const {
    const std::size_t arity = shape_.arity;
    const std::size_t points = wires_.size();
    GadgetCalls<F> calls(circuit_, points, prove_randomness);
    circuit_.checks(measurement, joint_randomness, F{1}, calls);

    Elements<F> between(points * arity);  // the wires at the roots halfway
    Elements<F> wire(points);
    for (std::size_t j = 0; j < arity; ++j) {
      for (std::size_t i = 0; i < points; ++i) wire[i] = calls.row(i)[j];
      wires_.values_between(wire);
      for (std::size_t i = 0; i < points; ++i) between[i * arity + j] = wire[i];
    }
    Elements<F> proof(prove_randomness.begin(), prove_randomness.end());
    for (std::size_t i = 0; i < points; ++i) {
      proof.push_back(circuit_.gadget(calls.row(i)));
      if (i + 1 < points)
        proof.push_back(circuit_.gadget(std::span{between}.subspan(i * arity, arity)));
    }
    return proof;
  }

  /// This share's part of what is decided upon; nothing if the random point is one that would tell
  /// a gadget's output (which happens with negligible probability).
  std::optional<Elements<F>> query(std::span<const F> measurement, std::span<const F> proof,
                                   std::span<const F> query_randomness,
                                   std::span<const F> joint_randomness, F one) const {
    const std::size_t points = wires_.size();
    const F point = query_randomness.back();
    if (disclosed(point.power(points) == F{1})) return std::nullopt;
    Elements<F> values(proof.begin() + static_cast<std::ptrdiff_t>(shape_.arity), proof.end());
    values.push_back(last_value(values));
    GadgetCalls<F> calls(circuit_, points, proof.first(shape_.arity), values);
    const Elements<F> checks = circuit_.checks(measurement, joint_randomness, one, calls);

    Elements<F> verifier(this->verifier(), F{});
    for (std::size_t i = 0; i < checks.size(); ++i)
      verifier[0] += checks.size() == 1 ? checks[0] : query_randomness[i] * checks[i];
    const Elements<F> wire_weights = wires_.weights_at(point);
    for (std::size_t i = 0; i < points; ++i) {
      const std::span<const F> row = calls.row(i);
      for (std::size_t j = 0; j < row.size(); ++j) verifier[1 + j] += wire_weights[i] * row[j];
    }
    const Elements<F> weights = product_.weights_at(point);
    for (std::size_t i = 0; i < values.size(); ++i) verifier.back() += weights[i] * values[i];
    return verifier;
  }

  /// Of the sum of all shares' parts.
  bool decide(std::span<const F> verifier) const {
    return disclosed(verifier[0] == F{}) &&
           disclosed(circuit_.gadget(verifier.subspan(1, shape_.arity)) == verifier.back());
  }

 private:
  // A polynomial of degree below 2 p - 1 has no coefficient of x^(2p - 1), which is
  // 1 / (2p) times the sum of value * root over all roots.
  F last_value(std::span<const F> others) const {
    F sum{};
    for (std::size_t i = 0; i < others.size(); ++i) sum += others[i] * product_.root(i);
    return F{} - sum * product_.root(1);
  }

  const Circuit<F>& circuit_;
  typename Circuit<F>::Shape shape_;
  Ntt<F> wires_;
  Ntt<F> product_;
};

}  // namespace evenkeel
