// What the hashing policies share: hashes, the ring of consistent hashing, Maglev's table, and one
// copy of a table for all balancers with the same candidates.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/balancing/policy.h"

namespace evenkeel {

/// XXH64: the same on every machine.
std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0);
/// XXH64 of the key's eight bytes, least significant first.
std::uint64_t hash_key(std::uint64_t key, std::uint64_t seed = 0);

/// The weights divided by their mean; all 1 if `weighted` is false or they have no positive sum.
std::vector<double> relative_weights(std::span<const Candidate> candidates, bool weighted);

/// The ring of consistent hashing: each server owns about `points` x its relative weight places on
/// it, at least one; a key belongs to the first place at or after its hash. Karger et al., STOC
/// 1997.
class HashRing {
 public:
  struct Terms {
    std::int64_t points = 160;
    bool weighted = true;
  };

  /// The places of one server are the hashes of its name, seeded 0, 1, 2, ... In all at most about
  /// eight million: beyond, every server gets fewer.
  HashRing(std::span<const Candidate> candidates, const Terms& terms);

  /// Where on the ring a hash falls: a position in [0, size()). O(log size).
  std::size_t home(std::uint64_t hash) const;
  ServerIndex server(std::size_t position) const { return servers_[position]; }
  /// The position clockwise of this one. So many steps as `size()` meet every server.
  std::size_t next(std::size_t position) const {
    return position + 1 == servers_.size() ? 0 : position + 1;
  }
  std::size_t size() const { return servers_.size(); }
  /// The share of all hashes that each of the n servers owns.
  std::vector<double> shares(std::size_t n) const;

 private:
  std::vector<std::uint64_t> hashes_;  // ascending
  std::vector<ServerIndex> servers_;   // the owner of each
};

/// One server in the making of Maglev's table: it claims the slots offset + j skip, j = 0, 1, ...
struct MaglevTurns {
  std::uint64_t offset = 0;  // below the table's size
  std::uint64_t skip = 1;    // 1 .. size - 1
  double weight = 1;         // > 0; a server of half the greatest weight has every other turn
};

/// The servers take turns, each claiming its next free slot, until none is free. `size` is prime.
/// Eisenbud et al., "Maglev: a fast and reliable software network load balancer", NSDI 2016, 3.4.
std::vector<ServerIndex> maglev_table(std::span<const MaglevTurns> servers, std::size_t size);
/// With offsets and skips from the candidates' names.
std::vector<ServerIndex> maglev_table(std::span<const Candidate> candidates, bool weighted,
                                      std::size_t size);

/// Whether n is prime, by trial division: for table sizes.
bool is_prime(std::uint64_t n);

/// Hands out one immutable table as long as the candidates' names and weights stay the same.
template <class Table>
class SharedTable {
 public:
  template <class Make>
  std::shared_ptr<const Table> get(std::span<const Candidate> candidates, Make make) {
    std::vector<std::pair<std::string, double>> made_for;
    made_for.reserve(candidates.size());
    for (const Candidate& candidate : candidates)
      made_for.emplace_back(candidate.name, candidate.weight);
    if (!table_ || made_for != made_for_) {
      table_ = std::make_shared<const Table>(make(candidates));
      made_for_ = std::move(made_for);
    }
    return table_;
  }

 private:
  std::vector<std::pair<std::string, double>> made_for_;
  std::shared_ptr<const Table> table_;
};

}  // namespace evenkeel
