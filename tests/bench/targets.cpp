#include "tests/bench/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace evenkeel::bench {
namespace {

std::vector<Row>& rows() {
  static std::vector<Row> all;
  return all;
}

}  // namespace

void add_row(Row row) { rows().push_back(std::move(row)); }

void print_table() {
  if (rows().empty()) return;
  fmt::print("\n{:<52} {:>15} {:>24} {:>30} {:>8}\n", "what", "target", "ours", "baseline",
             "ratio");
  for (const Row& row : rows())
    fmt::print("{:<52} {:>15} {:>24} {:>30} {:>8.3f}{}\n", row.what, row.target, row.ours,
               row.baseline, row.ratio, row.met ? "" : "  MISSED");
}

Measured median(std::vector<Measured> results) {
  const auto middle = results.begin() + static_cast<std::ptrdiff_t>(results.size() / 2);
  std::ranges::nth_element(results, middle, {}, [](const Measured& one) {
    return one.cpu_s / static_cast<double>(one.requests);
  });
  return *middle;
}

Pair compare(benchmark::State& state, const std::function<std::uint64_t()>& ours,
             const std::function<std::uint64_t()>& baseline) {
  std::vector<Measured> our_results;
  std::vector<Measured> baselines;
  for (auto _ : state) {
    baselines.push_back(in_a_child(baseline));
    our_results.push_back(in_a_child(ours));
    state.SetIterationTime(our_results.back().wall_s);
  }
  const Pair pair{median(std::move(our_results)), median(std::move(baselines))};
  state.counters["ours_per_cpu_s"] = pair.ours.requests_per_cpu_s();
  state.counters["baseline_per_cpu_s"] = pair.baseline.requests_per_cpu_s();
  state.counters["ratio"] = pair.ours.requests_per_cpu_s() / pair.baseline.requests_per_cpu_s();
  return pair;
}

std::string grouped(double value) {
  std::string digits = std::to_string(std::llround(value));
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

}  // namespace evenkeel::bench
