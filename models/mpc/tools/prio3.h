// Prio3 (draft-irtf-cfrg-vdaf, section 7): a client cuts a number into shares for aggregators, with
// a proof that it is valid; the aggregators check the proof together, and add up their shares.
//
// Corrigan-Gibbs and Boneh, "Prio: private, robust, and scalable computation of aggregate
// statistics", NSDI 2017, with the proof system of flp.h. Here is what each of them computes; who
// sends what to whom is in protocols/prio3.cpp. The bytes are the draft's.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/mpc/claim.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/words.h"

namespace evenkeel {

class Prio3 {
 public:
  static constexpr std::size_t seed_bytes = 32;
  using View = std::span<const std::byte>;
  using Seed = std::array<std::byte, seed_bytes>;
  using Nonce = std::array<std::byte, 16>;

  /// In bytes.
  struct Sizes {
    std::size_t randomness = 0;  // that sharding takes
    std::size_t public_share = 0;
    std::size_t leader_share = 0;
    std::size_t helper_share = 0;
    std::size_t verifier_share = 0;
    std::size_t message = 0;
    std::size_t aggregate_share = 0;
  };
  /// Local computation in nanoseconds (costs.h).
  struct Work {
    double shard_ns = 0;
    double verify_ns = 0;  // one aggregator's, a report
  };
  struct Report {
    SecretBytes public_share = {};
    std::vector<SecretBytes> input_shares = {};  // aggregator 0, the leader, first
  };
  /// What an aggregator keeps of a report while it is being checked.
  struct Checking {
    SecretBytes verifier_share = {};
    SecretBytes output_share = {};
    SecretBytes expected_message = {};
  };

  virtual ~Prio3() = default;
  virtual std::uint32_t aggregators() const = 0;
  virtual Sizes sizes() const = 0;
  virtual Work work() const = 0;

  /// Nothing if the numbers are not valid, or a report that does not hold if `claim` is a lie.
  /// `randomness` is used once, a nonce too.
  virtual std::optional<Report> shard(View context, std::span<const Word> numbers,
                                      const Nonce& nonce, View randomness,
                                      Claim claim = Claim::honest) const = 0;
  /// Nothing if the report makes no sense. The shares have the lengths of `sizes`; the key is known
  /// to all aggregators and to no client.
  virtual std::optional<Checking> begin_check(const Seed& verify_key, View context,
                                              std::uint32_t aggregator, const Nonce& nonce,
                                              View public_share, View input_share) const = 0;
  /// Of all verifier shares of one report, the message that lets the aggregators accept it; nothing
  /// if its proof does not hold.
  virtual std::optional<SecretBytes> message_of(
      View context, std::span<const SecretBytes> verifier_shares) const = 0;
  /// Whether this aggregator accepts the report too.
  static bool accepts(const Checking& checking, View message) {
    return are_same(View{checking.expected_message}, message);
  }
  /// Adds an output share to an aggregate share, which starts as zeros.
  virtual void add(SecretBytes& aggregate_share, View output_share) const = 0;
  /// Nothing if a share, or the sum, is out of range.
  virtual std::optional<std::vector<Word>> unshard(
      std::span<const SecretBytes> aggregate_shares) const = 0;
};

/// Of 2 to 255 aggregators.
std::unique_ptr<Prio3> prio3_count(std::uint32_t aggregators);
/// A number in [0, most], most in [1, 2^62).
std::unique_ptr<Prio3> prio3_sum(std::uint32_t aggregators, Word most);
/// `length` numbers in [0, most].
std::unique_ptr<Prio3> prio3_sum_vec(std::uint32_t aggregators, std::size_t length, Word most,
                                     std::size_t chunk);
/// A vector of zeros and one 1.
std::unique_ptr<Prio3> prio3_histogram(std::uint32_t aggregators, std::size_t length,
                                       std::size_t chunk);

}  // namespace evenkeel
