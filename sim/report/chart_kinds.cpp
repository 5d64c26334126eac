#include "sim/report/chart_kinds.h"

#include <array>

namespace evenkeel {
namespace {

constexpr std::array<ChartKind, 13> kinds = {{
    {"latency_cdf", "share of all requests answered within a time; losses never are"},
    {"latency_ccdf", "share of all requests not answered within a time, for the tail"},
    {"percentiles", "p50 to p99.9 of latency, side by side"},
    {"phases", "where the mean latency is spent: deciding, network, queue, computing, reply"},
    {"p99_by_site", "p99 latency of each site's requests"},
    {"utilisation_heat_map", "how busy each node was, over time"},
    {"queue_heat_map", "how many requests waited at each node, over time"},
    {"load_over_time", "requests sent, completed and lost each second, over time"},
    {"latency_over_time", "median and p99 latency over time"},
    {"imbalance", "how unevenly the serving nodes were loaded"},
    {"energy", "energy each variant used, and for each completed request"},
    {"events", "faults, repairs and other events of the first run, over time"},
    {"privacy_strategies",
     "latency, bytes and security of multi-party computations, a point a variant"},
}};

}  // namespace

std::span<const ChartKind> chart_kinds() { return kinds; }

}  // namespace evenkeel
