// How two parties come to an agreement on a data set, and run transfers under it: the state
// machines of the Dataspace Protocol (DSP 2024-1, negotiation and transfer process), literally.
//
// Both sides keep the same list of messages, each one step: a side that sends the next one changes
// its state when the other has acknowledged it, so one side's list is always the beginning of the
// other's, at most one step behind. If both send the same step, the one of higher rank counts
// (finalising, then ending, then suspending; of equals the provider's), and the other gives way.
#pragma once

#include <optional>
#include <vector>

#include "models/sharing/token.h"

namespace evenkeel {

enum class ContractKind : std::uint8_t { negotiation, transfer };
enum class ContractRole : std::uint8_t { consumer, provider };

enum class ContractState : std::uint8_t {
  none,
  requested,
  offered,
  accepted,
  agreed,
  verified,
  finalized,
  started,
  suspended,
  completed,
  terminated
};
inline constexpr std::uint8_t contract_states = 11;
std::string_view to_string(ContractState state);
constexpr bool is_final(ContractState state) {
  return state == ContractState::finalized || state == ContractState::completed ||
         state == ContractState::terminated;
}

/// Whether that side may bring about that state from this one.
bool may_move(ContractKind kind, ContractState from, ContractRole who, ContractState to);

/// One step, signed by who takes it.
struct ContractMessage {
  std::uint64_t process = 0;  // drawn by who began it
  ContractKind kind = ContractKind::negotiation;
  std::uint32_t step = 0;  // from 1
  ContractRole who = ContractRole::consumer;
  ContractState to = ContractState::none;
  std::uint64_t agreement = 0;        // of a transfer: the negotiation that it rests on
  std::string data_set = {};          // of the first message
  std::optional<Caveats> terms = {};  // of requests, offers and agreements
  Blob token = {};                    // of a transfer's start
  std::string reason = {};            // of a termination or suspension
  PublicKey sender = {};
  Signature signature = {};
  friend bool operator==(const ContractMessage&, const ContractMessage&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(process, kind, step, who, to, agreement, data_set, terms, token, reason, sender,
          signature);
  }
  Blob content() const;
  void sign(const SigningKey& key);
  bool is_good() const { return is_signed_by(sender, content(), signature); }
};

inline constexpr std::uint32_t most_contract_steps = 64;

/// One side of one process, as a plain value: what it has done and what it wants to do next.
class ContractSide {
 public:
  ContractSide(ContractKind kind, ContractRole role, PublicKey self, PublicKey other)
      : kind_(kind), role_(role), self_(self), other_(other) {}

  ContractState state() const { return log_.empty() ? ContractState::none : log_.back().to; }
  const std::vector<ContractMessage>& log() const { return log_; }
  const std::optional<ContractMessage>& pending() const { return pending_; }
  /// Those that stand at the end of a negotiation: the latest that were named.
  Caveats terms() const;
  ContractKind kind() const { return kind_; }
  ContractRole role() const { return role_; }
  const PublicKey& other() const { return other_; }

  /// Makes the next step, to be sent until acknowledged. Replaces one not yet acknowledged only by
  /// an ending. ErrorCode::invalid: not allowed in this state; ErrorCode::conflict: another step of
  /// ours is under way.
  Result<ContractMessage> begin(ContractMessage message, const SigningKey& key);

  /// What the other side sent. Good: it is now part of the log, or was before: acknowledge it.
  /// ErrorCode::conflict: another step stands there (at()); ErrorCode::denied: not signed by the
  /// other side; ErrorCode::invalid: not allowed.
  Result<Done> heard(const ContractMessage& message);
  /// The other side has our pending step.
  void acknowledged(const ContractMessage& message);
  /// The other side has this in place of our pending step. It may be one of our own, which it had
  /// already taken when we changed our mind.
  Result<Done> overruled(const ContractMessage& message);
  /// The step at that place, if there is one.
  const ContractMessage* at(std::uint32_t step) const;

  /// What a side that agrees to requests as they are, accepts offers and grants starts does next;
  /// nothing while a step of ours is under way.
  std::optional<ContractState> automatic_step(bool is_agreement_retired) const;

  /// For reading from disk what was written.
  void restore(std::vector<ContractMessage> log, std::optional<ContractMessage> pending);

 private:
  std::uint32_t next_step() const { return static_cast<std::uint32_t>(log_.size()) + 1; }
  Result<Done> check(const ContractMessage& message) const;
  bool ours_wins(const ContractMessage& theirs) const;

  ContractKind kind_;
  ContractRole role_;
  PublicKey self_;
  PublicKey other_;
  std::vector<ContractMessage> log_;
  std::optional<ContractMessage> pending_;
};

/// Whether two sides of one process agree: one's log begins with all of the other's and is at most
/// one step longer.
bool are_compatible(const ContractSide& a, const ContractSide& b);

}  // namespace evenkeel
