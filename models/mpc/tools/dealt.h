// Additive shares among seats that compute, with correlated randomness from one that deals it and
// takes no part in what is computed online.
//
// The seats 0 .. n-1 of a session compute; seat n, the last of its parties, deals. It has a key in
// common with each of them, so that of what it deals all shares but seat 0's come from streams and
// travel in no message (Beaver, "Commodity-based cryptography", STOC 1997). All seats, the dealer
// too, call the same functions in the same order. What comes back is a share at a seat that
// computes, and at the dealer the number itself, from which it makes the next; what it gets from an
// opening means nothing. It waits for nobody, so that what it sends adds no round; how far it may
// be ahead, a Session bounds (Session::most_ahead_bytes).
#pragma once

#include <optional>

#include "models/mpc/tools/openings.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

class DealtSeat {
 public:
  DealtSeat(Session& session, Openings openings) : session_(session), openings_(openings) {}

  Session& session() const { return session_; }
  Seat self() const { return session_.self(); }
  Seat dealer() const { return session_.parties() - 1; }
  /// How many compute.
  Seat computing() const { return session_.parties() - 1; }
  bool deals() const { return self() == dealer(); }
  bool computes() const { return self() < dealer(); }
  OpeningPlan openings() const { return {openings_, computing(), computing()}; }

  /// The dealer gives each that computes a key, and those give each other one if what a pair of
  /// them shares is wanted: 16 bytes each.
  Task<> agree_on_keys(bool in_pairs = true);

  /// Words known to that seat, which computes, and the dealer; other seats must not ask.
  Prg& stream_with(Seat seat) { return *dealt_[seat]; }
  /// Shares of uniform elements that the dealer knows. No message.
  Words uniform(const Domain& domain, std::size_t elements);
  /// Shares of what the dealer gives as `values` (the others: anything of that size). It sends seat
  /// 0 the low `bytes` of each element; 0: all. With fewer, the shares hold modulo 2^(8 bytes). All
  /// of that is offline.
  Task<Words> deal(const Domain& domain, Words values, std::size_t bytes = 0);
  /// The same of what the dealer has entered: online.
  Task<Words> share_out(const Domain& domain, Words values, std::size_t bytes = 0);

  /// The sum of what each that computes gives, at all of them: of each element the low `bytes`
  /// travel; 0: all. What is above is not to be used, and must be blank if it is secret.
  Task<Words> open(const Domain& domain, Words shares, std::size_t bytes = 0);
  /// Sums of `length` products each of shares, by a triple a product of which the dealer sends one
  /// element a sum: one opening of twice the elements.
  Task<Words> multiply(const Domain& domain, std::span<const Word> a, std::span<const Word> b,
                       std::size_t length = 1);

  /// Among those that compute: adds a share of zero of which the dealer knows nothing.
  void add_zero(const Domain& domain, std::span<Word> elements);
  /// Shares of what a seat that computes has; the dealer gets zeros. No message.
  Words of_owner(const Domain& domain, Seat owner, Words values);

 private:
  Words drawn(Prg& stream, const Domain& domain, std::size_t elements);

  Session& session_;
  Openings openings_;
  std::vector<std::optional<Prg>> dealt_;  // at the dealer by seat, else one
  std::vector<std::optional<Prg>> to_;     // by seat: streams of pairs that compute
  std::vector<std::optional<Prg>> from_;
};

}  // namespace evenkeel
