// A computation among seats in virtual time, each seat a node of a small cluster, without SimGrid.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/crypto/crypto.h"
#include "models/mpc/computation.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

using Values = std::vector<std::int64_t>;

/// What the seats know beforehand; a test reads what it wants.
struct Sample {
  Values a = {};
  Values b = {};
  std::size_t count = 0;
  std::size_t length = 1;
  int bits = 63;
  std::vector<Seat> owners = {0};
  SecureOperation operation = {};
};

/// What one seat does; a plain function, so that it may be a coroutine.
using Part = Task<Values> (*)(Protocol& protocol, const Sample& sample);

class Table {
 public:
  struct Settings {
    std::uint32_t parties = 3;
    std::uint32_t clients = 0;
    std::uint64_t seed = 1;
    double loss = 0;
    double duplication = 0;
    Duration patience = seconds(1);
    Duration slowest = std::chrono::microseconds{1500};
  };

  Table(std::string_view protocol, const Settings& settings)
      : Table(protocol_named(protocol), settings) {}
  Table(ProtocolKind kind, const Settings& settings)
      : world({.nodes = settings.parties + settings.clients,
               .seed = settings.seed,
               .slowest = settings.slowest,
               .loss = settings.loss,
               .duplication = settings.duplication}),
        kind_(std::move(kind)),
        settings_(settings) {}

  /// All seats play the part until they are done or have failed; what each got.
  std::vector<Result<Values>> play(Part part, const Sample& sample) {
    const std::uint32_t seats = world.size();
    std::vector<std::optional<Result<Values>>> got(seats);
    spent.assign(seats, {});
    for (std::uint32_t i = 0; i < seats; ++i)
      world.node(i).on_start([this, i, part, &sample, &got](Node& node) {
        Task<> task = sit(*this, node, i, part, sample, got[i]);
        node.spawn(std::move(task));
      });
    return finish(got);
  }
  /// One function: the clients own `all`, or the parties if there are no clients.
  std::vector<Result<std::vector<double>>> compute(const Computation& computation,
                                                   const std::vector<std::vector<double>>& all) {
    std::vector<std::optional<Result<std::vector<double>>>> got(world.size());
    spent.assign(world.size(), {});
    const std::uint32_t first = settings_.clients > 0 ? settings_.parties : 0;
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i, first, &computation, &all, &got](Node& node) {
        std::vector<double> own = i >= first ? all[i - first] : std::vector<double>{};
        Task<> task = sit_and_compute(*this, node, i, computation, std::move(own), got[i]);
        node.spawn(std::move(task));
      });
    return finish(got);
  }
  /// The clients' numbers added up, by a protocol that does nothing else.
  std::vector<Result<Aggregation::Total>> aggregate(const Summands& summands,
                                                    const std::vector<std::vector<Word>>& numbers) {
    std::vector<std::optional<Result<Aggregation::Total>>> got(world.size());
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i, &summands, &numbers, &got](Node& node) {
        std::vector<Word> own;
        if (i >= settings_.parties) own = numbers[i - settings_.parties];
        Task<> task = sit_and_aggregate(*this, node, i, summands, std::move(own), got[i]);
        node.spawn(std::move(task));
      });
    return finish(got);
  }
  std::uint32_t rounds() const {
    std::uint32_t most = 0;
    for (const Spent& one : spent) most = std::max(most, one.rounds);
    return most;
  }

  ClusterWorld world;
  std::vector<Spent> spent = {};
  Cost formula = {};  // of a computation that came to its end

 private:
  template <class T>
  std::vector<Result<T>> finish(std::vector<std::optional<Result<T>>>& got) {
    world.start();
    world.run_for(seconds(10'000));
    world.stop();
    std::vector<Result<T>> all;
    for (auto& result : got) {
      if (!result) result = Error{ErrorCode::stopped, "never ended"};
      all.push_back(std::move(*result));
    }
    return all;
  }
  SessionPlan plan_for(Seat self) const {
    SessionPlan plan{
        .id = 7, .self = self, .parties = settings_.parties, .patience = settings_.patience};
    for (std::uint32_t i = 0; i < world.size(); ++i) plan.seats.push_back(NodeId{i});
    return plan;
  }
  static Task<> sit(Table& table, Node& node, Seat self, Part part, const Sample& sample,
                    std::optional<Result<Values>>& got) {
    Session session{table.sessions_of(node), table.plan_for(self)};
    const std::unique_ptr<Protocol> protocol = table.kind_.make(session);
    Task<Values> body = all_of_it(*protocol, part, sample);
    Task<Result<Values>> running = session.run(std::move(body));
    got = co_await std::move(running);
    table.spent[self] = session.spent();
  }
  static Task<> sit_and_compute(Table& table, Node& node, Seat self, Computation computation,
                                std::vector<double> own,
                                std::optional<Result<std::vector<double>>>& got) {
    Session session{table.sessions_of(node), table.plan_for(self)};
    std::vector<Priced> operations;
    Task<Result<std::vector<double>>> computing =
        evenkeel::compute(session, computation, std::move(own), &operations);
    got = co_await std::move(computing);
    table.spent[self] = session.spent();
    if (self == 0) table.formula = formula_of(session, computation, operations);
  }
  static Task<> sit_and_aggregate(Table& table, Node& node, Seat self, Summands summands,
                                  std::vector<Word> own,
                                  std::optional<Result<Aggregation::Total>>& got) {
    Session session{table.sessions_of(node), table.plan_for(self)};
    const std::unique_ptr<Aggregation> aggregation = table.kind_.aggregate(session);
    Task<Aggregation::Total> body = aggregation->aggregate(summands, own);
    Task<Result<Aggregation::Total>> running = session.run(std::move(body));
    got = co_await std::move(running);
  }
  static Task<Values> all_of_it(Protocol& protocol, Part part, const Sample& sample) {
    co_await protocol.set_up();
    Task<Values> play = part(protocol, sample);
    co_return co_await std::move(play);
  }

  // They take what comes when the session has ended, as long as the world runs.
  Sessions& sessions_of(Node& node) {
    return *sessions_.emplace_back(std::make_unique<Sessions>(node));
  }

  ProtocolKind kind_;
  Settings settings_;
  std::vector<std::unique_ptr<Sessions>> sessions_;
};

/// Numbers of at most so many bits, of both signs.
inline Values some_numbers(std::size_t count, int bits, std::uint64_t seed) {
  Random random{seed};
  Values values(count);
  for (std::int64_t& value : values) {
    const int size = static_cast<int>(random.below(static_cast<std::uint64_t>(bits) + 1));
    value = static_cast<std::int64_t>(random.below(std::uint64_t{1} << size));
    if (random.chance(0.5)) value = -value;
  }
  return values;
}

}  // namespace evenkeel::test
