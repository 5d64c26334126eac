#include "sim/faults/checks/sessions.h"

#include <fmt/format.h>

#include <map>

#include "sim/faults/checks/writes.h"

namespace evenkeel {
namespace {

// The places of the operations of each client that are done, in the order of their starts.
std::map<std::uint32_t, std::vector<std::size_t>> sessions(const History& history) {
  std::map<std::uint32_t, std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < history.operations.size(); ++i)
    if (history.operations[i].outcome == OperationEnd::done)
      found[history.operations[i].client].push_back(i);
  for (auto& [client, places] : found)
    std::ranges::stable_sort(places, {},
                             [&](std::size_t i) { return history.operations[i].start; });
  return found;
}

bool changes(const Operation& operation) { return operation.is_write() && operation.matched; }

HistoryVerdict never_written(const Operation& get, std::size_t place) {
  return HistoryVerdict::wrong(fmt::format("{} was got but never put", get.value), {place});
}

}  // namespace

HistoryVerdict check_read_your_writes(const History& history) {
  const Writes writes{history};
  for (const auto& [client, places] : sessions(history)) {
    std::vector<std::size_t> own;  // writes so far
    for (const std::size_t i : places) {
      const Operation& operation = history.operations[i];
      if (changes(operation)) own.push_back(i);
      if (operation.kind != Operation::Kind::get) continue;
      const std::optional<Time> written = writes.written_by(operation.value, operation.end);
      if (!written) return never_written(operation, i);
      for (const std::size_t write : own) {
        const Operation& its = history.operations[write];
        if (its.end < operation.start && *written < its.start)
          return HistoryVerdict::wrong(
              fmt::format("client {} wrote {} and later got {}, which is older", client, its.value,
                          operation.value),
              {write, i});
      }
    }
  }
  return {};
}

HistoryVerdict check_monotonic_reads(const History& history) {
  const Writes writes{history};
  for (const auto& [client, places] : sessions(history)) {
    // Of what the client got so far, the value that was put last.
    Time newest = Time::min();
    std::size_t newest_get = 0;
    Time newest_got{};
    for (const std::size_t i : places) {
      const Operation& operation = history.operations[i];
      if (operation.kind != Operation::Kind::get) continue;
      const std::optional<Time> written = writes.written_by(operation.value, operation.end);
      if (!written) return never_written(operation, i);
      if (newest_got < operation.start && *written < newest)
        return HistoryVerdict::wrong(
            fmt::format("client {} got {} and later {}, which is older", client,
                        history.operations[newest_get].value, operation.value),
            {newest_get, i});
      const Time begun = writes.begun_at(operation.value);
      if (begun > newest) {
        newest = begun;
        newest_get = i;
        newest_got = operation.end;
      }
    }
  }
  return {};
}

HistoryVerdict check_staleness(const History& history, Duration bound) {
  const Writes writes{history};
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& get = history.operations[i];
    if (get.kind != Operation::Kind::get || get.outcome != OperationEnd::done) continue;
    const std::optional<Time> written = writes.written_by(get.value, get.end);
    if (!written) return never_written(get, i);
    const auto newer = writes.last_over_before(get.start - bound);
    if (newer && *written < newer->start)
      return HistoryVerdict::wrong(
          fmt::format("{} was got although {} had replaced it {:.6f} s before", get.value,
                      history.operations[newer->operation].value,
                      to_seconds(get.start - history.operations[newer->operation].end)),
          {newer->operation, i});
  }
  return {};
}

std::vector<Duration> staleness_of(const History& history) {
  const Writes writes{history};
  std::vector<std::size_t> done;
  for (std::size_t i = 0; i < history.operations.size(); ++i)
    if (changes(history.operations[i]) && history.operations[i].outcome == OperationEnd::done)
      done.push_back(i);
  std::ranges::stable_sort(done, {}, [&](std::size_t i) { return history.operations[i].start; });
  // From each on: which of those that begin no earlier is over first.
  std::vector<Time> first_over(done.size() + 1, never);
  for (std::size_t i = done.size(); i-- > 0;)
    first_over[i] = std::min(first_over[i + 1], history.operations[done[i]].end);
  std::vector<Duration> ages;
  for (const Operation& get : history.operations) {
    if (get.kind != Operation::Kind::get || get.outcome != OperationEnd::done) continue;
    const std::optional<Time> written = writes.written_by(get.value, get.end);
    if (!written) continue;
    const auto newer = std::ranges::upper_bound(
        done, *written, {}, [&](std::size_t i) { return history.operations[i].start; });
    const Time replaced = first_over[static_cast<std::size_t>(newer - done.begin())];
    ages.push_back(replaced < get.start ? get.start - replaced : Duration{});
  }
  return ages;
}

}  // namespace evenkeel
