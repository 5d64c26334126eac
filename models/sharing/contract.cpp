#include "models/sharing/contract.h"

#include <algorithm>

namespace evenkeel {
namespace {

using S = ContractState;
using R = ContractRole;

struct Move {
  S from;
  R who;
  S to;
  friend bool operator==(const Move&, const Move&) = default;
};

constexpr Move negotiation_moves[] = {
    {S::none, R::consumer, S::requested},     {S::none, R::provider, S::offered},
    {S::requested, R::provider, S::offered},  {S::requested, R::provider, S::agreed},
    {S::offered, R::consumer, S::requested},  {S::offered, R::consumer, S::accepted},
    {S::accepted, R::provider, S::agreed},    {S::agreed, R::consumer, S::verified},
    {S::verified, R::provider, S::finalized},
};
constexpr Move transfer_moves[] = {
    {S::none, R::consumer, S::requested},    {S::requested, R::provider, S::started},
    {S::started, R::consumer, S::suspended}, {S::started, R::provider, S::suspended},
    {S::suspended, R::consumer, S::started}, {S::suspended, R::provider, S::started},
    {S::started, R::consumer, S::completed}, {S::started, R::provider, S::completed},
};

// Of two messages for one step the higher counts.
int rank(const ContractMessage& message) {
  int rank = 0;
  if (message.to == S::suspended) rank = 1;
  if (message.to == S::terminated || message.to == S::completed) rank = 2;
  if (message.to == S::finalized) rank = 3;
  return 2 * rank + (message.who == R::provider ? 1 : 0);
}

}  // namespace

std::string_view to_string(ContractState state) {
  constexpr std::string_view names[] = {"NONE",      "REQUESTED", "OFFERED",   "ACCEPTED",
                                        "AGREED",    "VERIFIED",  "FINALIZED", "STARTED",
                                        "SUSPENDED", "COMPLETED", "TERMINATED"};
  const auto i = static_cast<std::size_t>(state);
  return i < contract_states ? names[i] : "UNKNOWN";
}

bool may_move(ContractKind kind, ContractState from, ContractRole who, ContractState to) {
  if (to == S::terminated) return from != S::none && !is_final(from);
  const Move move{from, who, to};
  if (kind == ContractKind::negotiation)
    return std::ranges::find(negotiation_moves, move) != std::end(negotiation_moves);
  return std::ranges::find(transfer_moves, move) != std::end(transfer_moves);
}

Blob ContractMessage::content() const {
  return encoded(std::string{"evenkeel contract"}, process, kind, step, who, to, agreement,
                 data_set, terms, token, reason, sender);
}

void ContractMessage::sign(const SigningKey& key) {
  sender = key.public_key();
  signature = key.sign(content());
}

Result<Done> ContractSide::check(const ContractMessage& message) const {
  const bool is_ours = message.who == role_;
  if (message.kind != kind_ || message.sender != (is_ours ? self_ : other_) || !message.is_good())
    return Error{ErrorCode::denied, "a step that the other party has not signed"};
  if (message.terms)
    if (const Result<Done> sound = check_caveats(*message.terms); !sound) return sound;
  if (!log_.empty() && message.process != log_.front().process)
    return Error{ErrorCode::denied, "a step of another process"};
  if (message.step != next_step() || message.step > most_contract_steps ||
      !may_move(kind_, state(), message.who, message.to))
    return Error{ErrorCode::invalid, "from " + std::string{to_string(state())} + " to " +
                                         std::string{to_string(message.to)} +
                                         " is no step of this protocol"};
  return Done{};
}

Result<ContractMessage> ContractSide::begin(ContractMessage message, const SigningKey& key) {
  if (pending_ && (message.to != S::terminated || pending_->to == S::terminated))
    return Error{ErrorCode::conflict, "the step before is not acknowledged yet"};
  if (!log_.empty()) message.process = log_.front().process;
  message.kind = kind_;
  message.who = role_;
  message.step = next_step();
  message.sign(key);
  const Result<Done> good = check(message);
  if (!good) return good.error();
  pending_ = message;
  return message;
}

const ContractMessage* ContractSide::at(std::uint32_t step) const {
  return step >= 1 && step <= log_.size() ? &log_[step - 1] : nullptr;
}

bool ContractSide::ours_wins(const ContractMessage& theirs) const {
  return pending_ && rank(*pending_) > rank(theirs);
}

Result<Done> ContractSide::heard(const ContractMessage& message) {
  if (const ContractMessage* mine = at(message.step)) {
    if (*mine == message) return Done{};  // it came again
    return Error{ErrorCode::conflict, "another step was taken here"};
  }
  if (message.who == role_ || !message.is_good() || message.sender != other_)
    return Error{ErrorCode::denied, "a step that the other party has not signed"};
  if (pending_ && message.step == next_step() + 1) {
    // It builds on ours: the acknowledgement was lost, or is late.
    ContractSide ahead = *this;
    ahead.acknowledged(*pending_);
    const Result<Done> good = ahead.check(message);
    if (!good) return good;
    *this = std::move(ahead);
    log_.push_back(message);
    return Done{};
  }
  const Result<Done> good = check(message);
  if (!good) return good;
  if (ours_wins(message))
    return Error{ErrorCode::conflict, "a step of ours is under way that counts more"};
  pending_.reset();
  log_.push_back(message);
  return Done{};
}

void ContractSide::acknowledged(const ContractMessage& message) {
  // An answer to what we have since replaced is as good: the other side has taken it.
  if (message.step != next_step() || message.who != role_ || !check(message)) return;
  pending_.reset();
  log_.push_back(message);
}

Result<Done> ContractSide::overruled(const ContractMessage& message) {
  if (at(message.step) != nullptr) return Done{};
  const Result<Done> good = check(message);
  if (!good) return good;
  pending_.reset();
  log_.push_back(message);
  return Done{};
}

Caveats ContractSide::terms() const {
  for (auto step = log_.rbegin(); step != log_.rend(); ++step)
    if (step->terms) return *step->terms;
  return {};
}

std::optional<ContractState> ContractSide::automatic_step(bool is_agreement_retired) const {
  if (pending_) return std::nullopt;
  const bool provides = role_ == ContractRole::provider;
  const bool transfers = kind_ == ContractKind::transfer;
  switch (state()) {
    case S::requested:
      if (!provides) return std::nullopt;
      if (transfers) return is_agreement_retired ? S::terminated : S::started;
      return S::agreed;
    case S::accepted:
      return provides ? std::optional{S::agreed} : std::nullopt;
    case S::verified:
      return provides ? std::optional{S::finalized} : std::nullopt;
    case S::offered:
      return provides ? std::nullopt : std::optional{S::accepted};
    case S::agreed:
      return provides ? std::nullopt : std::optional{S::verified};
    default:
      return std::nullopt;
  }
}

void ContractSide::restore(std::vector<ContractMessage> log,
                           std::optional<ContractMessage> pending) {
  log_ = std::move(log);
  pending_ = std::move(pending);
}

bool are_compatible(const ContractSide& a, const ContractSide& b) {
  const auto& shorter = a.log().size() <= b.log().size() ? a.log() : b.log();
  const auto& longer = a.log().size() <= b.log().size() ? b.log() : a.log();
  return longer.size() <= shorter.size() + 1 &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace evenkeel
