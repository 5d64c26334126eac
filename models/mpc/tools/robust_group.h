// n parties of whom t, 3t < n, may do anything: messages in rounds that nobody can hold up, and
// agreement on what somebody said to all.
//
// Rounds: all send to all, then wait for all, so that nobody is further ahead of the slowest than
// one such wait; who is silent, late or sends another length is
// dropped by whom it failed and not read again. A round waits longer than the one before by more
// than a message takes, so that a party that waited for a silent one is not taken for silent
// itself: by a part `slack_part` of the session's patience.
//
// Agreement: Berman, Garay and Perry's phase king (FOCS 1989), which needs n > 3t, over whether a
// vector was heard alike; before it, Turpin and Coan's reduction (1984) finds the one vector that
// honest parties can have heard from most. For v vectors, every party sends to every other:
//   round 1          a digest of each vector, 32 v
//   round 2          the digest that n-t named, or none, 32 v
//   t+1 phases of 3  a byte a vector
//   last round       those that have an agreed vector give it to those that lack it; nobody lacks
//                    one unless somebody cheated, and a byte is sent
// Promises: all honest parties come to the same vector or the same nothing; what an honest party
// said to all in time is agreed on.
#pragma once

#include <optional>
#include <vector>

#include "models/mpc/session.h"

namespace evenkeel {

class RobustGroup {
 public:
  static constexpr int slack_part = 16;

  using Heard = std::optional<SecretBytes>;

  RobustGroup(Session& session, std::uint32_t t);

  std::uint32_t parties() const { return session_.parties(); }
  std::uint32_t most_faulty() const { return t_; }

  /// What a round may take from now on.
  Duration limit() const;

  /// One round: `to_each[i]` goes to seat i, and comes from there with `sizes[i]` bytes; nothing
  /// where that seat failed. The own message is heard as it is. Where there is nothing to say, a
  /// byte is sent, for all to wait for all.
  Task<std::vector<Heard>> exchange(std::vector<SecretBytes> to_each,
                                    std::vector<std::size_t> sizes);
  Task<std::vector<Heard>> exchange_alike(SecretBytes to_all, std::vector<std::size_t> sizes);

  /// From clients, of whom each said so many bytes to every party, if it is there. A client that
  /// talks to some only makes the others late, which all rounds from now on allow for.
  Task<std::vector<Heard>> hear_clients(std::vector<Seat> clients, std::size_t size);

  /// On vectors of sizes that all know.
  Task<std::vector<Heard>> agree(std::vector<Heard> heard, std::vector<std::size_t> sizes);
  std::uint32_t agreement_rounds() const { return 3 + 3 * (t_ + 1); }
  std::uint64_t agreement_bytes(std::size_t vectors) const {
    return (parties() - 1) * (vectors * (64 + 3 * (t_ + 1)) + 1);
  }

  /// Tells the run's time line that a seat did something else than it should; once a seat.
  void name_culprit(Seat seat, std::string_view what);

 private:
  struct Ballot;

  Task<std::vector<Heard>> votes(const SecretBytes& mine);
  Task<> choose_candidates(std::vector<Ballot>& ballots);
  Task<> decide(std::vector<Ballot>& ballots);

  Session& session_;
  std::uint32_t t_;
  int rounds_ = 0;
  Duration lag_{};        // that clients can have caused
  std::size_t lags_ = 0;  // of these
  std::vector<bool> is_named_;
};

}  // namespace evenkeel
