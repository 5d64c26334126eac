// The figures that the project promises, gathered while the benchmarks run and printed as one table
// at the end.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/measured.h"

namespace evenkeel::bench {

/// One line of the table. `ratio` is what the target speaks of.
struct Row {
  std::string what;
  std::string target;    // "at least 0.7"
  std::string ours;      // with its unit
  std::string baseline;  // named, with its unit
  double ratio = 0;
  bool met = true;
};

void add_row(Row row);
void print_table();

/// The middle one by CPU seconds a request.
Measured median(std::vector<Measured> results);

struct Pair {
  Measured ours;
  Measured baseline;
};

/// Measures the two in turn, so that both meet the same other load on the machine, as often as the
/// benchmark iterates; its time is that of `ours`. Sets the counters; gives the medians.
Pair compare(benchmark::State& state, const std::function<std::uint64_t()>& ours,
             const std::function<std::uint64_t()>& baseline);

/// One benchmark for each policy of the catalogue.
void register_policies();

/// "1,234,567"
std::string grouped(double value);

}  // namespace evenkeel::bench
