// One multi-party computation tried out: parties all equally far from each other, in virtual time
// or on real sockets, and what it cost beside what the protocol's formula says.
#pragma once

#include <limits>
#include <vector>

#include "models/mpc/computation.h"

namespace evenkeel {

struct MpcTrial {
  Computation computation;
  std::uint32_t parties = 3;
  std::uint32_t clients = 0;
  Duration round_trip{};                                       // between any two
  double bandwidth = std::numeric_limits<double>::infinity();  // of each pair, bit/s
  double speed = 2e9;                                          // operations/s of a core
  bool on_sockets = false;
  bool plain = true;  // TCP without TLS
  std::uint64_t seed = 1;
  Duration patience = seconds(60);
};

struct MpcOutcome {
  struct PerSeat {
    Spent spent = {};
    std::vector<Mark> marks = {};
    std::uint64_t formula_bytes = 0;
    std::uint64_t formula_offline_bytes = 0;  // of these
  };
  std::vector<PerSeat> seats = {};
  double link_bytes = 0;  // what the network counted in all, headers included
  std::uint32_t rounds = 0;
  std::uint32_t offline_rounds = 0;
  std::uint32_t online_rounds = 0;
  Cost formula = {};
  double latency_s = 0;  // until the last seat was done
  double offline_s = 0;  // of these, how long the first party was in the offline phase
  /// Rounds x one-way latency + the most bytes of a seat over the bandwidth.
  double formula_s = 0;
  double formula_offline_s = 0;
  double formula_online_s = 0;
  std::vector<double> answer = {};
  std::vector<double> right = {};  // the same in the clear
  double error_bound = 0;
};

/// Draws what the owners have (uniform, by the seed), lets the parties compute, and gives both
/// answers. The error is a seat's, or why the computation cannot run so. In virtual time once a
/// process, since SimGrid has one engine.
Result<MpcOutcome> try_out(const MpcTrial& trial);

/// Each seat's bytes and the times that the outcome's formula gives.
void add_formula(MpcOutcome& outcome, Duration round_trip, double bandwidth);

/// What the owners have in a trial.
std::vector<std::vector<double>> drawn_inputs(const MpcTrial& trial);

}  // namespace evenkeel
