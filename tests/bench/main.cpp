// Runs the benchmarks, then prints what the project promises beside what was measured.
#include "sim/world/freed_memory.h"
#include "tests/bench/targets.h"

int main(int argc, char** argv) {
  evenkeel::keep_freed_memory();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  evenkeel::bench::register_policies();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  evenkeel::bench::print_table();
}
