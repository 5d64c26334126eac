#include "sim/faults/checks/final_state.h"

#include <fmt/format.h>

namespace evenkeel {
namespace {

bool may_write(const Operation& operation) { return operation.is_write() && operation.matched; }

bool surely_writes(const Operation& operation) {
  return may_write(operation) && operation.outcome == OperationEnd::done;
}

std::string named(HistoryValue value) {
  return value == no_such_value ? "nothing" : fmt::format("{}", value);
}

}  // namespace

HistoryVerdict check_final_value(const History& history, HistoryValue found) {
  // Of the writes that are done, the one that began last: it overwrote all that was over before.
  std::size_t last = history.operations.size();
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    if (!surely_writes(history.operations[i])) continue;
    if (last == history.operations.size() ||
        history.operations[i].start > history.operations[last].start)
      last = i;
  }
  if (last == history.operations.size() && found == history.initial) return {};
  std::vector<std::size_t> proof;
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& operation = history.operations[i];
    if (!may_write(operation) || operation.value != found) continue;
    if (last == history.operations.size() || operation.latest() >= history.operations[last].start)
      return {};
    proof.push_back(i);
  }
  if (last == history.operations.size())
    return HistoryVerdict::wrong(fmt::format("{} is there, which nobody wrote", named(found)), {});
  proof.push_back(last);
  const Operation& lost = history.operations[last];
  if (lost.value == no_such_value)
    return HistoryVerdict::wrong(fmt::format("{} is there again, though it was deleted", found),
                                 proof);
  return HistoryVerdict::wrong(
      fmt::format("the acknowledged write of {} is lost: {} is there", lost.value, named(found)),
      proof);
}

History seen_between(const History& history, Time from, Time to) {
  History seen = history;
  for (Operation& operation : seen.operations) {
    if (operation.start > to) operation.outcome = OperationEnd::failed;
    if (operation.outcome == OperationEnd::done && operation.end > from)
      operation.outcome = OperationEnd::unknown;
  }
  return seen;
}

History begun_anew(const History& history, HistoryValue value, Time cut, Time at) {
  History anew = history;
  anew.initial = value;
  for (Operation& operation : anew.operations) {
    if (operation.start > at || operation.outcome == OperationEnd::failed) continue;
    const bool is_over = operation.outcome == OperationEnd::done && operation.end <= at;
    if (!operation.is_write()) {
      if (is_over) operation.outcome = OperationEnd::failed;
      continue;
    }
    const bool is_before_cut = operation.outcome == OperationEnd::done && operation.end <= cut;
    operation.outcome =
        is_before_cut || !operation.matched ? OperationEnd::failed : OperationEnd::unknown;
    operation.end = never;
  }
  return anew;
}

HistoryVerdict check_converged(const std::string& what, std::span<const ReplicaDigest> replicas) {
  for (const ReplicaDigest& replica : replicas)
    if (replica.digest != replicas.front().digest)
      return HistoryVerdict::wrong(
          fmt::format("{} differs: {} has {:016x}, {} has {:016x}", what, replicas.front().node,
                      replicas.front().digest, replica.node, replica.digest),
          {});
  return {};
}

HistoryVerdict check_same_bytes(const std::string& what, std::span<const std::byte> put,
                                std::span<const std::byte> got) {
  if (put.size() != got.size())
    return HistoryVerdict::wrong(
        fmt::format("{}: {} bytes were put, {} came back", what, put.size(), got.size()), {});
  const auto [one, other] = std::ranges::mismatch(put, got);
  if (one == put.end()) return {};
  return HistoryVerdict::wrong(
      fmt::format("{}: byte {} is not what was put", what, one - put.begin()), {});
}

}  // namespace evenkeel
