// `evenkeel trace`: the way of one request, by repeating its run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace evenkeel {

struct TraceOptions {
  std::string file;  // a scenario, or a result file
  std::uint64_t request = 0;
  std::optional<std::int64_t> run;  // of a result file: its number there
  std::optional<std::uint64_t> seed;
  std::vector<std::string> sets;
  bool json = false;
};

/// The program's exit code. UserError if the request cannot be followed.
int trace_command(const TraceOptions& options);

}  // namespace evenkeel
