// Replicated shares among four parties, of whom one may deviate: a secret is x0 + x1 + x2 + x3, and
// party i holds all but x_i. Whatever has to be told is known to two of them (joint_message.h).
//
// The key of x_j is known to the three that hold x_j; they draw from it in the same order.
#pragma once

#include <array>
#include <optional>

#include "models/mpc/tools/joint_message.h"
#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/replicated.h"

namespace evenkeel {

class Replicated4Seat {
 public:
  static constexpr Seat parties = 4;
  /// Components kept of each secret: x_{i+1}, x_{i+2}, x_{i+3}.
  static constexpr std::size_t kept = 3;
  static Seat summand_of(Seat party, std::size_t component) {
    return (party + 1 + static_cast<Seat>(component)) % parties;
  }
  /// Where a party keeps a summand that it holds.
  static std::size_t component_of(Seat party, Seat summand) {
    return (summand + parties - party - 1) % parties;
  }
  static std::span<Word> share(Words& words, std::size_t component) {
    return std::span{words}.subspan(component * (words.size() / kept), words.size() / kept);
  }
  static std::span<const Word> share(const Words& words, std::size_t component) {
    return std::span{words}.subspan(component * (words.size() / kept), words.size() / kept);
  }
  /// Who tells a party the summand that it lacks.
  static JointMessage lacking(Seat party) {
    return {(party + 1) % parties, (party + 2) % parties, party};
  }

  explicit Replicated4Seat(Session& session) : session_(session) {}

  Session& session() const { return session_; }
  Seat self() const { return session_.self(); }

  /// Each party sends one key to two, 32 bytes, and hashes of two that it got, 64; two rounds.
  Task<> agree_on_keys();
  /// Of a summand that this seat holds.
  Prg& stream(Seat summand) { return *streams_[component_of(self(), summand)]; }

  /// What two of the parties know and share among all, with a message to a third.
  struct Joint {
    JointMessage message;
    /// Whose summand becomes the mask: the receiver's, which it does not hold; the rest goes to
    /// the summand of the fourth.
    Seat fourth() const { return 6 - message.sender - message.witness - message.receiver; }
  };
  /// One for each two: two messages are sent by 0 and by 1 each, one by 2 and 3; 2 and 3 are
  /// witnesses of two, 0 and 1 of one.
  static constexpr std::array<Joint, 6> joints{
      {{{0, 1, 3}}, {{0, 2, 1}}, {{1, 2, 0}}, {{1, 3, 2}}, {{2, 3, 0}}, {{3, 0, 2}}}};
  /// For what two parties know of the summands {0, 1}, half 0, and of {2, 3}, half 1.
  static constexpr std::array<Joint, 2> halves{{{{2, 3, 0}}, {{0, 1, 3}}}};
  static std::size_t half_known_to(Seat party) { return party < 2 ? 1 : 0; }
  /// Where it keeps the two summands of that half.
  static std::array<std::size_t, 2> components_of_half(Seat party, std::size_t half) {
    const auto first = static_cast<Seat>(2 * half);
    return {component_of(party, first), component_of(party, first + 1)};
  }

  /// Adds to `to[k]` shares of what the two of the k-th joint know, `values[k]` (which others leave
  /// empty). One round: a word each, and a hash from the witness.
  template <class Ring>
  Task<> share_jointly(std::span<const Joint> among, std::span<const Words> values,
                       std::span<Words* const> to, std::string_view step);
  /// Sums of `length` products each, all of them in the same order.
  template <class Ring>
  Task<Words> dot(const Words& a, const Words& b, std::size_t length, std::string_view step);

 private:
  Session& session_;
  std::array<std::optional<Prg>, kept> streams_;
};

}  // namespace evenkeel
