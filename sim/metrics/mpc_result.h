// What the multi-party computations of a run cost, and what their protocol promises.
#pragma once

#include <array>
#include <limits>
#include <string>
#include <string_view>

namespace evenkeel {

struct RunResult;

/// What a protocol protects from, the strongest first: the classes of models/mpc/protocol.h.
inline constexpr std::array<std::string_view, 5> security_classes{
    "malicious, with output", "malicious, with abort", "semi-honest, honest majority",
    "semi-honest, dishonest majority", "trusted third party"};

struct MpcResult {
  // In words; no protocol: the scenario has no section 'mpc', and nothing else is of meaning.
  std::string protocol = {};
  std::string security = {};     // one of security_classes
  std::string corruptions = {};  // "1 of 3"
  std::string adversary = {};    // "malicious", "semi-honest", "none"
  std::string deviation = {};    // what one who deviates can cause at most
  std::string trusted = {};
  std::string modelled = {};    // "modelled" if some of its cost is a formula's, not the code's
  std::string loads_seen = {};  // by whom, where loads are balanced; empty: that is not known

  // After the warm-up; what is a computation's, on the mean of those that were held. Of the bytes,
  // payloads; those of a failed computation count too. A latency is of one that was answered.
  double answered = 0;
  double failed = 0;
  double throughput = std::numeric_limits<double>::quiet_NaN();  // answered, 1/s
  double latency_offline = std::numeric_limits<double>::quiet_NaN();
  double latency_online = std::numeric_limits<double>::quiet_NaN();
  double bytes_offline = std::numeric_limits<double>::quiet_NaN();
  double bytes_online = std::numeric_limits<double>::quiet_NaN();
  double header_bytes = std::numeric_limits<double>::quiet_NaN();
  double rounds = std::numeric_limits<double>::quiet_NaN();  // the longest chain of messages
  double rounds_offline = std::numeric_limits<double>::quiet_NaN();
  double rounds_online = std::numeric_limits<double>::quiet_NaN();
  /// Where the numbers of all that were asked are known: how far answers are off, relative to what
  /// is right, and how many are further off than the function may be.
  double off = std::numeric_limits<double>::quiet_NaN();
  double wrong = std::numeric_limits<double>::quiet_NaN();
  /// Over the link that computations burden most, in both directions, headers and invitations too.
  double busiest_link_bytes = std::numeric_limits<double>::quiet_NaN();

  double latency() const { return latency_offline + latency_online; }
  double bytes() const { return bytes_offline + bytes_online; }
  /// The name of what ran under the protocol, saying so if it is modelled.
  std::string labelled(std::string name) const {
    return modelled.empty() ? name : name + " (" + modelled + ")";
  }
  bool trusts_somebody() const { return !trusted.starts_with("nobody"); }
};

/// What is in words, by name.
template <class Visit>
void visit_facts(auto& mpc, Visit&& visit) {
  visit("protocol", mpc.protocol);
  visit("security", mpc.security);
  visit("corruptions", mpc.corruptions);
  visit("adversary", mpc.adversary);
  visit("deviation", mpc.deviation);
  visit("trusted", mpc.trusted);
  visit("modelled", mpc.modelled);
  visit("loads_seen", mpc.loads_seen);
}

/// The count of computations that failed for one reason begins so.
inline constexpr std::string_view mpc_failures = "mpc failures: ";

/// Sums up `result.mpc`, whose words are there, from the run's counts and links.
void sum_up_mpc(RunResult& result);

}  // namespace evenkeel
