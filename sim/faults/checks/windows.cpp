#include "sim/faults/checks/windows.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

namespace evenkeel {
namespace {

struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

}  // namespace

HistoryVerdict check_windows(std::span<const WindowedInput> inputs,
                             std::span<const EmittedWindow> outputs) {
  std::map<std::string, Range> expected;
  for (const WindowedInput& input : inputs) {
    Range& range = expected[input.group];
    range.most += input.amount;
    if (input.is_certain) range.least += input.amount;
  }
  std::set<std::string> queries;
  std::set<std::tuple<std::string, Time, std::string>> emitted;
  std::map<std::pair<std::string, std::string>, std::int64_t> sums;
  for (const EmittedWindow& output : outputs) {
    queries.insert(output.query);
    sums[{output.query, output.group}] += output.amount;
    if (!output.is_late && !emitted.insert({output.query, output.window, output.group}).second)
      return HistoryVerdict::wrong(
          fmt::format("{}: the window at {:.3f} s of {} was emitted twice", output.query,
                      to_seconds(output.window), output.group),
          {});
  }
  for (const auto& [name, sum] : sums)
    if (!expected.contains(name.second))
      return HistoryVerdict::wrong(
          fmt::format("{}: {} of {}, which sent nothing", name.first, sum, name.second), {});
  for (const std::string& query : queries)
    for (const auto& [group, range] : expected) {
      const std::int64_t sum = sums[{query, group}];
      if (sum < range.least || sum > range.most)
        return HistoryVerdict::wrong(
            fmt::format("{}: {} of {} in all windows, where {} were acknowledged "
                        "and at most {} sent",
                        query, sum, group, range.least, range.most),
            {});
    }
  return {};
}

}  // namespace evenkeel
