#include "models/mpc/tools/aggregation_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

constexpr double slack = 1e-14;  // against rounding a share to one client less than it says

class LogFactorials {
 public:
  explicit LogFactorials(std::uint32_t most) : values_(most + 1, 0) {
    for (std::uint32_t i = 2; i <= most; ++i) values_[i] = values_[i - 1] + portable::log(i);
  }
  double operator()(std::uint32_t n) const { return values_[n]; }
  double choose(std::uint32_t n, std::uint32_t k) const {
    return k > n ? -std::numeric_limits<double>::infinity()
                 : values_[n] - values_[k] - values_[n - k];
  }

 private:
  std::vector<double> values_;
};

// How many of `drawn` out of `all` are among the `marked`.
struct Hypergeometric {
  const LogFactorials& log;
  std::uint32_t all;
  std::uint32_t marked;
  std::uint32_t drawn;

  double chance(std::uint32_t x) const {
    if (x > marked || drawn - x > all - marked) return 0;
    return portable::exp(log.choose(marked, x) + log.choose(all - marked, drawn - x) -
                         log.choose(all, drawn));
  }
  /// The least x such that more than x come with a chance of at most p.
  std::uint32_t seldom_more_than(double p) const {
    double above = 0;
    std::uint32_t x = drawn;
    while (x > 0 && above + chance(x) <= p) above += chance(x--);
    return x;
  }
  /// The greatest x such that fewer than x come with a chance of at most p.
  std::uint32_t seldom_fewer_than(double p) const {
    double below = 0;
    std::uint32_t x = 0;
    while (x < drawn && below + chance(x) <= p) below += chance(x++);
    return x;
  }
};

struct Counts {
  std::uint32_t all;
  std::uint32_t corrupt;
  std::uint32_t surviving;
};

// Only k/2 neighbours of the ring in a row, gone at two places, disconnect it. Union bound over the
// pairs of places.
double log_chance_of_disconnection(const LogFactorials& log, const Counts& counts,
                                   std::uint32_t k) {
  const std::uint32_t gone = counts.corrupt + (counts.all - counts.surviving);
  if (k > gone) return -std::numeric_limits<double>::infinity();
  const double pairs = 0.5 * counts.all * (counts.all - k - 1);
  return portable::log(pairs) + log(gone) + log(counts.all - k) - log(counts.all) - log(gone - k);
}

std::optional<std::uint32_t> threshold_for(const LogFactorials& log, const Counts& counts,
                                           std::uint32_t k, const GraphRisks& risks) {
  // Half of the risk of a leak is that of a disconnected graph, half that of too many corrupt.
  const double leak = std::ldexp(1.0, -1) * std::exp2(-risks.security_bits);
  if (log_chance_of_disconnection(log, counts, k) >= portable::log(leak)) return std::nullopt;
  const Hypergeometric corrupt{log, counts.all, counts.corrupt, k};
  const Hypergeometric surviving{log, counts.all, counts.surviving, k};
  std::uint32_t below = corrupt.seldom_more_than(leak / counts.all);
  // Shares of both secrets from honest neighbours that are told different things: 2 t > k +
  // corrupt.
  if (risks.semi_malicious) below = (below + k) / 2;
  const std::uint32_t most =
      surviving.seldom_fewer_than(std::exp2(-risks.correctness_bits) / counts.all);
  if (most <= below) return std::nullopt;
  return std::max(below + 1, 2U);
}

}  // namespace

std::optional<GraphShape> sparse_graph_for(const GraphRisks& risks) {
  const std::uint32_t n = risks.clients;
  const LogFactorials log{n};
  const Counts counts{
      .all = n,
      .corrupt = static_cast<std::uint32_t>(std::floor((risks.corrupt + slack) * n)),
      .surviving = static_cast<std::uint32_t>(std::ceil((1 - risks.dropout - slack) * n))};
  for (std::uint32_t k = 2; k + 1 < n; k += 2)
    if (const auto threshold = threshold_for(log, counts, k, risks))
      return GraphShape{k, *threshold};
  return std::nullopt;
}

AggregationGraph AggregationGraph::complete(std::uint32_t clients) {
  AggregationGraph graph;
  graph.degree_ = clients - 1;
  graph.ring_.resize(clients);
  std::iota(graph.ring_.begin(), graph.ring_.end(), Seat{1});
  return graph;
}

AggregationGraph AggregationGraph::drawn(std::uint32_t clients, std::uint32_t degree,
                                         const PrgKey& key) {
  EVENKEEL_CHECK(degree % 2 == 0 && degree < clients, "no ring with such a degree");
  AggregationGraph graph = complete(clients);
  graph.degree_ = degree;
  Prg prg{key};
  for (std::uint32_t i = clients; i > 1; --i)  // Fisher and Yates
    std::swap(graph.ring_[i - 1], graph.ring_[prg.below(i)]);
  graph.places_.resize(clients + 1);
  for (std::uint32_t i = 0; i < clients; ++i) graph.places_[graph.ring_[i]] = i;
  return graph;
}

std::vector<Seat> AggregationGraph::members(Seat client) const {
  if (places_.empty()) return ring_;
  const auto n = static_cast<std::uint32_t>(ring_.size());
  std::vector<Seat> members;
  for (std::uint32_t i = 0; i <= degree_; ++i)
    members.push_back(ring_[(places_[client] + n - degree_ / 2 + i) % n]);
  std::ranges::sort(members);
  return members;
}

}  // namespace evenkeel
