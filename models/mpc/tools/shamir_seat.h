// A party's part in sharing secrets among n by Shamir's scheme, with seeds: of the n shares of a
// dealer's secret the t next seats draw theirs from keys that they have in common with the dealer,
// which fixes the polynomial; the dealer sends the n-1-t others theirs. And random secrets, from
// keys of sets of seats as long as there are few such sets, else from secrets that all deal.
#pragma once

#include <optional>
#include <vector>

#include "models/mpc/session.h"
#include "models/mpc/tools/pseudorandom_sharing.h"

namespace evenkeel {

class ShamirSeat {
 public:
  /// Above so many sets of seats, random secrets are dealt.
  static constexpr std::size_t most_sets = 126;  // 4 of 9

  ShamirSeat(Session& session, std::uint32_t t);

  std::uint32_t parties() const { return session_.parties(); }
  std::uint32_t degree() const { return t_; }
  Seat self() const { return session_.self(); }
  Seat after(Seat seat, std::uint32_t places = 1) const { return (seat + places) % parties(); }
  /// Whether a share of what `dealer` shares comes from a seed at this seat.
  bool has_seed(Seat dealer, Seat seat) const {
    return (seat + parties() - dealer - 1) % parties() < t_;
  }
  bool draws_alone() const { return draws_alone_; }

  /// One round.
  Task<> agree_on_keys();
  std::uint64_t key_bytes(Seat seat) const;

  /// Sends shares of these elements to those without a seed, and keeps this seat's.
  Words deal(std::span<const Word> secrets);
  /// At a client: sends t parties a seed, the others their shares.
  void deal_as_client(const Words& secrets);
  /// This seat's shares of what another seat, a party or a client, dealt.
  Task<Words> dealt(Seat dealer, std::size_t count);
  std::uint64_t dealt_bytes(std::size_t count) const { return 8 * count * (parties() - 1 - t_); }

  /// Words that this seat and `receiver` alone know, the same as `stream_from` gives there.
  Prg& stream_to(Seat receiver) { return *to_[receiver]; }
  Prg& stream_from(Seat sender) { return *from_[sender]; }
  Prg& own_stream() { return *own_; }

  /// Shares of uniform secrets; not sent at all if draws_alone, else in one round.
  Task<Words> random(std::size_t count);
  std::uint64_t random_bytes(std::size_t count) const;

 private:
  std::size_t dealings_for(std::size_t count) const;

  Session& session_;
  std::uint32_t t_;
  bool draws_alone_;
  std::optional<PseudorandomSharing> sharing_;
  std::optional<Prg> own_;
  std::vector<std::optional<Prg>> to_;
  std::vector<std::optional<Prg>> from_;
  std::vector<shamir::Elements> extraction_;
};

}  // namespace evenkeel
