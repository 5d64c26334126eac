// What a balancing policy is: a plain object that picks a server and is told what happened. It
// knows no node, no network and no clock, so a test can drive it by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/runtime/random.h"
#include "models/runtime/registry.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// A server's place in the balancer's list of candidates, 0 .. n-1.
using ServerIndex = std::uint32_t;

/// What a balancer knows of a server without asking: from the configuration.
struct Candidate {
  std::string name;
  std::uint32_t zone = 0;  // the site or region it stands in
  bool cloud = false;      // in a central data centre, not at the edge
  std::uint32_t cores = 1;
  double speed = 1;   // operations per second, one core
  double weight = 1;  // capacity: cores x speed, divided by the mean over all
};

/// A request, as far as a policy may look at it.
struct Job {
  std::uint64_t key = 0;  // hashed by the hashing policies
  std::uint32_t request_class = 0;
};

/// What a server says of itself, in a reply, a probe or a bulletin.
struct Report {
  double load = 0;     // requests queued or in service; noisy under privacy
  Duration service{};  // mean computing time of its recent requests
  Duration latency{};  // recent median time in the server at about this load
};

/// How a request ended. `latency` runs from sending it to the server until the answer.
struct Outcome {
  bool ok = true;  // false: refused, lost or timed out
  Duration latency{};
  const Report* report = nullptr;  // if the reply carried one
  bool cancelled = false;          // another copy was faster: `latency` is what had passed
};

/// What a balancer believes about the loads of its candidates. Kinds: knowledge.h.
class Beliefs {
 public:
  virtual ~Beliefs() = default;
  /// Requests believed to be queued or in service at the server. Under noise
  /// neither whole nor always positive.
  virtual double load(ServerIndex server) const = 0;
};

/// All a policy may look at when it picks. Valid during the call only.
struct View {
  Time now;
  std::span<const ServerIndex> eligible;     // ascending, never empty: what is not ejected
  std::span<const std::uint32_t> in_flight;  // by server: sent by this balancer, not yet ended
  std::span<const ServerIndex> considered;   // what `consider` asked for, now known
  const Beliefs& beliefs;

  double load(ServerIndex server) const { return beliefs.load(server); }
  bool is_eligible(ServerIndex server) const;
};

/// A second copy of a request, sent to another server if no answer came within `delay`.
struct Hedge {
  Duration delay;
  std::uint32_t max_copies = 2;  // the first one included
};

/// What a policy asks of the servers. The same for all balancers of a run.
struct ServerRules {
  enum class IdleReport { none, random, shortest };  // to which balancer an idle server reports
  IdleReport idle_report = IdleReport::none;
  std::uint32_t idle_choices = 2;     // `shortest`: of how many balancers' idle queues
  bool steal = false;                 // an idle server asks others for waiting requests
  std::uint32_t victims = 1;          // asked one after another, until one gives
  std::uint32_t steal_threshold = 2;  // a victim gives if it holds at least so many
  bool steal_half = false;            // give half of what waits, not one
  Duration steal_retry{};             // ask again after this while idle; 0: only when it gets idle
};

/// One policy of one balancer, with its state.
class Policy {
 public:
  virtual ~Policy() = default;

  /// Adds the servers whose loads it wants to know before it picks. Asking may cost a round trip.
  virtual void consider(const Job&, const View&, std::vector<ServerIndex>&) {}
  /// One of the eligible servers.
  virtual ServerIndex pick(const Job& job, const View& view) = 0;

  virtual void sent(ServerIndex, Time) {}
  /// Told once for every `sent`.
  virtual void finished(ServerIndex, const Outcome&, Time) {}

  /// Adds servers to be probed in the background after a pick; answers come to `probed`.
  virtual void probe(const View&, std::vector<ServerIndex>&) {}
  virtual void probed(ServerIndex, const Report&, Time) {}

  /// A server says that it is idle (ServerRules::idle_report).
  virtual void idle(ServerIndex, Time) {}
  /// A server that said so takes it back: somebody else gave it work.
  virtual void busy(ServerIndex, Time) {}
  /// How many idle servers are enlisted here; asked by ServerRules::IdleReport::shortest.
  virtual std::size_t idle_count() const { return 0; }

  /// Whether and when the request just picked for gets a second copy.
  virtual std::optional<Hedge> hedge(const Job&, const View&) { return std::nullopt; }
  /// How long the policy wants to hold the request before it asks again (rate control); 0: go.
  virtual Duration hold(const Job&, const View&) { return {}; }
  /// Whether replies should carry the server's report.
  virtual bool wants_reports() const { return false; }
  virtual ServerRules rules() const { return {}; }
};

/// Where a balancer stands and what it starts with.
struct PolicyContext {
  // These two outlive the policy.
  std::span<const Candidate> candidates;
  std::span<const Duration> round_trips;  // by candidate: a ping from this balancer
  std::uint32_t zone = 0;                 // the balancer's own
  std::span<const double>
      zone_demand;            // by zone: share of all requests that start there; sums to 1
  std::size_t balancers = 1;  // how many there are with state of their own
  Random& random;             // outlives the policy
};

using MakePolicy = std::function<std::unique_ptr<Policy>(const PolicyContext&)>;

/// All policies. An entry's `configure` returns a MakePolicy.
Catalogue& policies();

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from (Settings, PolicyContext).
template <class P>
Entry policy_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename P::Settings settings;
            settings.describe(fields);
            return MakePolicy{[settings](const PolicyContext& context) -> std::unique_ptr<Policy> {
              return std::make_unique<P>(settings, context);
            }};
          }};
}

/// For settings structs without fields.
struct NoSettings {
  void describe(Fields&) {}
};

/// Adds min(d, servers.size()) distinct servers to `sample`, each subset equally likely (Floyd's
/// algorithm for small d, so the cost does not grow with the number of servers).
void sample_distinct(std::span<const ServerIndex> servers, std::size_t d, Random& random,
                     std::vector<ServerIndex>& sample);

/// Of `servers`, one with the least cost, ties broken uniformly at random.
template <class Cost>
ServerIndex least(std::span<const ServerIndex> servers, Random& random, Cost cost) {
  ServerIndex best = servers.front();
  double best_cost = cost(best);
  std::uint64_t ties = 1;
  for (const ServerIndex server : servers.subspan(1)) {
    const double its_cost = cost(server);
    if (its_cost < best_cost) {
      best = server;
      best_cost = its_cost;
      ties = 1;
    } else if (its_cost == best_cost && random.below(++ties) == 0) {
      best = server;
    }
  }
  return best;
}

/// One of the servers, each equally likely. There must be one.
inline ServerIndex any_of(std::span<const ServerIndex> servers, Random& random) {
  return servers[random.below(servers.size())];
}

/// As `least`, of those `servers` that are eligible; nothing if none is.
template <class Cost>
std::optional<ServerIndex> least_eligible(std::span<const ServerIndex> servers, const View& view,
                                          Random& random, Cost cost) {
  std::optional<ServerIndex> best;
  double best_cost = 0;
  std::uint64_t ties = 0;
  for (const ServerIndex server : servers) {
    if (!view.is_eligible(server)) continue;
    const double its_cost = cost(server);
    if (!best || its_cost < best_cost) {
      best = server;
      best_cost = its_cost;
      ties = 1;
    } else if (its_cost == best_cost && random.below(++ties) == 0) {
      best = server;
    }
  }
  return best;
}

/// As `least`, of the servers considered. One that was ejected while it was asked is left out; if
/// that leaves none, any eligible server.
template <class Cost>
ServerIndex least_considered(const View& view, Random& random, Cost cost) {
  const std::optional<ServerIndex> best = least_eligible(view.considered, view, random, cost);
  return best ? *best : any_of(view.eligible, random);
}

}  // namespace evenkeel
