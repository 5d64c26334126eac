// Shamir shares of degree t among n parties of whom t, 3t < n, may do anything: keys that nobody
// can give wrongly, random secrets from them, and openings that correct what is wrong.
#pragma once

#include <optional>
#include <vector>

#include "models/mpc/tools/robust_keys.h"

namespace evenkeel {

class RobustSeat {
 public:
  explicit RobustSeat(Session& session);

  Session& session() const { return session_; }
  Seat self() const { return session_.self(); }
  std::uint32_t parties() const { return session_.parties(); }
  std::uint32_t degree() const { return t_; }
  RobustGroup& group() { return group_; }
  const RobustGroup& group() const { return group_; }

  /// By the parties, before all else (robust_keys.h).
  Task<> agree_on_keys() {
    const OfflinePhase offline{session_};
    co_await keys_.agree(*sharing_);
  }
  const RobustKeys& keys() const { return keys_; }

  /// Shares of degree t of secrets that nobody knows.
  Words random(std::size_t count);

  /// Opens shares of degree t to all, in one round: the secrets, or the polynomials' values at each
  /// target.
  Task<Words> open(const Words& shares);
  Task<std::vector<Words>> open_at(const Words& shares, shamir::Elements targets);
  /// From what the parties sent. Ends the session if more than t are wrong.
  Task<Words> decoded(std::vector<RobustGroup::Heard> heard);
  Task<std::vector<Words>> decoded_at(std::vector<RobustGroup::Heard> heard,
                                      shamir::Elements targets);
  /// At a client, to whom each party sends a share of each secret: as soon as 2t+1 fit together,
  /// without waiting for others.
  Task<Words> receive_secrets(std::size_t count);

  /// How many patiences a client waits for the next party's share.
  static constexpr int client_patience = 64;

  /// Not read any more; known to all honest parties if `distrust` was agreed on.
  void distrust(Seat seat, std::string_view why);
  bool is_distrusted(Seat seat) const { return is_distrusted_[seat]; }

 private:
  Session& session_;
  std::uint32_t t_;
  RobustGroup group_;
  RobustKeys keys_;
  std::optional<PseudorandomSharing> sharing_;
  std::vector<bool> is_distrusted_;
  std::vector<std::vector<std::size_t>> unread_;  // sizes of what was not waited for, by seat
};

SecretBytes bytes_of(std::span<const Word> words);
/// Whatever came, as elements.
Words elements_of(const SecretBytes& bytes);

}  // namespace evenkeel
