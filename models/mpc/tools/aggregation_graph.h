// Who shares keys and masks with whom in a secure aggregation: everybody with everybody, or each
// with k neighbours only, drawn at random (Bell, Bonawitz, Gascon, Lepoint and Raykova, "Secure
// single-server aggregation with (poly)logarithmic overhead", CCS 2020, section 3).
#pragma once

#include <optional>
#include <vector>

#include "models/mpc/session.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

/// How many neighbours each client has, and how many shares give a key.
struct GraphShape {
  std::uint32_t degree = 0;
  std::uint32_t threshold = 0;
  friend bool operator==(const GraphShape&, const GraphShape&) = default;
};

/// What is assumed of n clients. Shares are rounded down to whole clients: of 10 clients, 5 % are
/// none.
struct GraphRisks {
  std::uint32_t clients = 0;
  double corrupt = 0.05;         // share of the clients that may collude with the server
  double dropout = 0.05;         // share of the clients that may drop out
  bool semi_malicious = false;   // the server may lie once the neighbours are drawn
  double security_bits = 40;     // -log2 of the chance that something leaks
  double correctness_bits = 20;  // -log2 of the chance that there is no sum
};

/// The least degree, and the least threshold with it, for which the honest survivors stay
/// connected, no client has so many corrupt neighbours, and each keeps so many that survive.
/// Nothing if only the complete graph is enough.
std::optional<GraphShape> sparse_graph_for(const GraphRisks& risks);

/// The clients are the seats 1 to n.
class AggregationGraph {
 public:
  static AggregationGraph complete(std::uint32_t clients);
  /// In a ring in the order that the key draws, each knows degree/2 on either side (a Harary
  /// graph).
  static AggregationGraph drawn(std::uint32_t clients, std::uint32_t degree, const PrgKey& key);

  /// The client and its neighbours, in order of their seats.
  std::vector<Seat> members(Seat client) const;

 private:
  std::uint32_t degree_ = 0;
  std::vector<Seat> ring_ = {};
  std::vector<std::uint32_t> places_ = {};  // in the ring, by seat; empty if all are in order
};

}  // namespace evenkeel
