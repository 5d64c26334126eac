#include "models/processing/batch.h"

#include <algorithm>
#include <map>
#include <set>

#include "models/processing/mapper.h"

namespace evenkeel {

struct BatchRunner::Run {
  struct Attempt {
    std::uint32_t number = 0;
    NodeId node{};
    Time began{};
    SpawnId task{};
  };
  struct Part {
    BatchPart where;
    std::vector<Attempt> running = {};
    std::uint32_t attempts = 0;
    std::optional<MappedPart> done = {};
    std::uint64_t rows = 0;
    bool has_copy = false;
    Time not_before{};
    Error last_error = {ErrorCode::unreachable, "none was tried"};
    std::set<NodeId> refusals = {};  // who denied it
  };

  Run(World& world, BatchSpec its_spec) : spec(std::move(its_spec)), changed(world) {}

  std::uint64_t id = 0;
  BatchSpec spec;
  BatchTokens tokens;
  std::vector<Part> parts;
  std::vector<NodeId> reducers;
  std::vector<std::optional<RunReduce::Answer>> reduced;
  std::vector<Duration> durations;  // of attempts that counted
  std::map<NodeId, std::size_t> running_on;
  Signal changed;
  BatchResult result;
  TaskList running;  // last: its tasks use the rest

  std::optional<Duration> median() const {
    if (durations.empty()) return std::nullopt;
    std::vector<Duration> sorted = durations;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

Task<Result<BatchResult>> BatchRunner::run(BatchSpec spec, std::vector<BatchPart> parts,
                                           std::vector<NodeId> reducers, BatchTokens tokens) {
  if (reducers.empty() || spec.reducers == 0)
    co_return Error{ErrorCode::invalid, "a batch needs at least one reducer and its node"};
  const Result<MakeMapper> mapper = make_chosen<MakeMapper>(mappers(), spec.mapper);
  if (!mapper) co_return mapper.error();
  const Result<AggregateSet> aggregates = AggregateSet::make(spec.reduce);
  if (!aggregates) co_return aggregates.error();
  Run run{node_.world(), std::move(spec)};
  run.id = node_.random()();
  run.reducers = std::move(reducers);
  run.tokens = std::move(tokens);
  run.reduced.resize(run.spec.reducers);
  for (BatchPart& part : parts) {
    if (part.replicas.empty())
      co_return Error{ErrorCode::unreachable,
                      "nobody keeps part " + std::to_string(part.part) + " of the input"};
    run.parts.push_back({std::move(part)});
  }
  Result<Done> done = Error{ErrorCode::unreachable, "the batch lost its parts again and again"};
  for (std::uint32_t round = 0; round < settings_.rounds; ++round) {
    Task<Result<Done>> mapping = map_all(run);
    done = co_await std::move(mapping);
    if (!done) break;
    Task<Result<Done>> reducing = reduce_all(run);
    done = co_await std::move(reducing);
    const bool is_lost = !done && done.error().code == ErrorCode::not_found;
    if (!is_lost) break;
  }
  const DropRun over{run.id};
  std::vector<NodeId> nodes;
  for (const Run::Part& part : run.parts)
    for (const NodeId node : part.where.replicas)
      if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(node);
  Task<Answers<Done>> telling = ask_all<DropRun>(node_, Port::jobs, nodes, over, settings_.pause,
                                                 [](const Answers<Done>&) { return true; });
  static_cast<void>(telling);  // asked at once; nobody waits for the answers
  if (!done) {
    if (done.error().code == ErrorCode::not_found)
      co_return Error{ErrorCode::unreachable, done.error().detail};
    co_return done.error();
  }
  BatchResult& result = run.result;
  for (const Run::Part& part : run.parts) result.rows += part.rows;
  for (const auto& reduced : run.reduced)
    for (const GroupResult& group : reduced->groups) result.groups.push_back(group);
  std::ranges::sort(result.groups, {},
                    [](const GroupResult& group) { return text_of(encoded(group.key)); });
  co_return std::move(run.result);
}

Task<Result<Done>> BatchRunner::map_all(Run& run) {
  while (true) {
    run.changed.reset();
    bool is_done = true;
    for (Run::Part& part : run.parts) {
      if (!part.done) is_done = false;
      if (!part.done || part.running.empty()) continue;
      for (const Run::Attempt& slower : part.running) {  // whose result would not count
        run.running.cancel(slower.task);
        --run.running_on[slower.node];
      }
      part.running.clear();
    }
    if (is_done) co_return Done{};
    for (const Run::Part& part : run.parts) {
      if (part.done || !part.running.empty()) continue;
      if (part.refusals.size() >= part.where.replicas.size()) co_return part.last_error;
      if (part.attempts >= settings_.attempts)
        co_return Error{ErrorCode::unreachable,
                        "part " + std::to_string(part.where.part) +
                            " of the input could not be mapped: " + part.last_error.detail};
    }
    start_attempts(run);
    const Signal::Wait wait = run.changed.wait_until(node_.now() + settings_.pause);
    co_await wait;
  }
}

void BatchRunner::start_attempts(Run& run) {
  const std::optional<Duration> median = run.median();
  const auto measured = static_cast<double>(run.durations.size());
  const bool may_copy =
      median && measured >= settings_.measured_share * static_cast<double>(run.parts.size());
  for (std::size_t i = 0; i < run.parts.size(); ++i) {
    Run::Part& part = run.parts[i];
    if (part.done || part.attempts >= settings_.attempts || node_.now() < part.not_before) continue;
    if (part.running.empty()) {
      start(run, i);
      continue;
    }
    const double limit_s = settings_.slow_factor * (median ? to_seconds(*median) : 0);
    const Duration taken = node_.now() - part.running.front().began;
    const bool is_slow = to_seconds(taken) > limit_s && taken > settings_.least_slow;
    if (!may_copy || !is_slow || part.has_copy || part.where.replicas.size() < 2) continue;
    part.has_copy = true;
    ++run.result.copies;
    node_.probe().count("batch speculative copies", node_.id(), 1);
    start(run, i);
  }
}

// On the replica with the fewest attempts of this run, other than one that tries already; those
// come first that were not tried yet.
void BatchRunner::start(Run& run, std::size_t which) {
  Run::Part& part = run.parts[which];
  const std::size_t replicas = part.where.replicas.size();
  std::optional<NodeId> chosen;
  for (std::size_t i = 0; i < replicas; ++i) {
    const NodeId node = part.where.replicas[(part.attempts + i) % replicas];
    const bool tries =
        std::ranges::find(part.running, node, &Run::Attempt::node) != part.running.end();
    if (tries || run.running_on[node] >= settings_.at_once) continue;
    if (!chosen || run.running_on[node] < run.running_on[*chosen]) chosen = node;
  }
  if (!chosen) return;
  const std::uint32_t number = part.attempts++;
  if (number > 0 && part.running.empty()) ++run.result.retries;
  ++run.running_on[*chosen];
  part.running.push_back({number, *chosen, node_.now()});
  const SpawnId task = run.running.spawn(attempt(run, which, *chosen, number));
  for (Run::Attempt& one : part.running)
    if (one.number == number) one.task = task;
}

Task<> BatchRunner::attempt(Run& run, std::size_t which, NodeId replica, std::uint32_t number) {
  const Time began = node_.now();
  const auto token = run.tokens.find(replica);
  const RunMap wanted{{run.id, run.parts[which].where.part, number},
                      run.spec,
                      token == run.tokens.end() ? Blob{} : token->second};
  Task<Result<std::uint64_t>> asked =
      ask(node_, replica, Port::jobs, wanted, settings_.map_timeout);
  const Result<std::uint64_t> rows = co_await std::move(asked);
  Run::Part& part = run.parts[which];
  std::erase_if(part.running, [&](const Run::Attempt& one) { return one.number == number; });
  --run.running_on[replica];
  if (rows && !part.done) {
    part.done = MappedPart{wanted.attempt, replica};
    part.rows = *rows;
    run.durations.push_back(node_.now() - began);
  } else if (!rows) {
    part.last_error = rows.error();
    if (rows.error().code == ErrorCode::denied) part.refusals.insert(replica);
    part.has_copy = false;
    part.not_before = node_.now() + settings_.pause;
    node_.probe().count("batch attempts failed", node_.id(), 1);
  }
  run.changed.raise();
}

Task<Result<RunReduce::Answer>> BatchRunner::reduce_one(Run& run, std::uint32_t reducer,
                                                        NodeId node) {
  RunReduce wanted{.spec = run.spec, .reducer = reducer};
  for (const Run::Part& part : run.parts) wanted.parts.push_back(*part.done);
  return ask(node_, node, Port::jobs, wanted, settings_.reduce_timeout);
}

// ErrorCode::not_found: parts have to be mapped again.
Task<Result<Done>> BatchRunner::reduce_all(Run& run) {
  const std::size_t tries = run.reducers.size();
  std::string last_error;
  for (std::uint32_t reducer = 0; reducer < run.spec.reducers; ++reducer) {
    for (std::uint32_t round = 0; round < tries && !run.reduced[reducer]; ++round) {
      const NodeId node = run.reducers[(reducer + round) % tries];
      Task<Result<RunReduce::Answer>> asking = reduce_one(run, reducer, node);
      Result<RunReduce::Answer> answer = co_await std::move(asking);
      if (!answer) {
        last_error = answer.error().detail;
        continue;
      }
      run.result.moved_bytes += answer->fetched_bytes;
      if (node != node_.id()) run.result.moved_bytes += encoded_size(answer->groups);
      if (answer->missing.empty()) {
        run.reduced[reducer] = std::move(*answer);
        continue;
      }
      for (Run::Part& part : run.parts) {
        if (std::ranges::find(answer->missing, part.where.part) == answer->missing.end()) continue;
        part.done.reset();
        part.has_copy = false;
        // What reducers have of the lost attempt stays: a part comes to the same each time.
      }
      node_.probe().count("batch parts lost", node_.id(),
                          static_cast<double>(answer->missing.size()));
      co_return Error{ErrorCode::not_found, "parts were lost after they were mapped"};
    }
    if (!run.reduced[reducer])
      co_return Error{ErrorCode::unreachable, "no node could reduce: " + last_error};
  }
  co_return Done{};
}

}  // namespace evenkeel
