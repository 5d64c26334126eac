// Some keepers of secrets and one node more that puts and gets them.
#pragma once

#include <algorithm>
#include <string_view>

#include "models/storage/secrets/secret_keeping.h"
#include "models/storage/secrets/secret_upkeep.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

inline SecretBytes secret_of(std::string_view text) {
  const std::span<const std::byte> bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

class Keepers {
 public:
  struct Shape {
    std::uint32_t n = 5;
    std::uint32_t threshold = 2;
    std::uint64_t seed = 1;
    Duration refresh = seconds(1e5);  // not by itself
    SecretsFlaw flaw = SecretsFlaw::none;
    double loss = 0;
    DiskShape disk = {};
  };

  explicit Keepers(const Shape& shape)
      : world({.nodes = shape.n + 1, .seed = shape.seed, .loss = shape.loss, .disk = shape.disk}),
        settings{.threshold = shape.threshold,
                 .refresh = shape.refresh,
                 .timeout = seconds(0.2),
                 .flaw = shape.flaw},
        sites(shape.n) {
    for (std::uint32_t i = 0; i < shape.n; ++i) settings.keepers.push_back(NodeId{i});
    for (std::uint32_t i = 0; i < shape.n; ++i)
      world.node(i).on_start([this, i](Node& node) {
        sites[i] = std::make_unique<Site>(node, settings);
        if (!keeps_up) return;
        Task<> upkeep = sites[i]->upkeep.run();
        node.spawn(std::move(upkeep));
      });
    world.node(shape.n).on_start(
        [this](Node& node) { client = std::make_unique<SecretKeeping>(node, settings); });
  }

  /// Runs a task on a node until it is done, or 100 s have passed.
  template <class T>
  std::optional<T> run(std::uint32_t on, Task<T> task) {
    std::optional<T> result;
    Task<> keeping = keep(std::move(task), result);
    world.node(on).spawn(std::move(keeping));
    for (int i = 0; i < 1000 && !result; ++i) world.run_for(seconds(0.1));
    return result;
  }

  Result<Done> put(const std::string& name, std::string_view text) {
    auto done = run(settings.n(), client->put(name, secret_of(text)));
    return done ? *done : Result<Done>{Error{ErrorCode::stopped, "never ended"}};
  }
  /// The secret's text, or the error's name.
  std::string get(const std::string& name) {
    auto got = run(settings.n(), client->get(name));
    if (!got) return "never ended";
    return *got ? text_of(**got) : std::string{to_string((*got).error().code)};
  }
  std::string refresh(std::uint32_t leader, const std::string& name) {
    auto done = run(leader, sites[leader]->upkeep.refresh(name));
    if (!done) return "never ended";
    return *done ? "done" : (*done).error().detail;
  }
  std::string recover(std::uint32_t place, const std::string& name) {
    auto done = run(place, sites[place]->upkeep.recover(name));
    if (!done) return "never ended";
    return *done ? "done" : (*done).error().detail;
  }

  void lose_disk(std::uint32_t i) {
    world.crash(i);
    world.disks[i] = std::make_unique<MemoryDisk>();
    world.restart(i);
  }

  /// What a keeper's disk has of a secret.
  std::vector<ThresholdShare> on_disk(std::uint32_t i, const std::string& name) {
    ShareStore store{*world.disks[i]};
    store.read(true);
    std::vector<ThresholdShare> shares;
    if (const ShareStore::Record* record = store.find(name))
      for (const ShareStore::Share& share : record->shares)
        shares.push_back({i, share.lineage.period, share.bytes, share.values});
    return shares;
  }

  struct Site {
    Site(Node& node, const SecretSettings& settings) : keeper(node, settings), upkeep(keeper) {}
    ShareKeeper keeper;
    SecretUpkeep upkeep;
  };

  ClusterWorld world;
  SecretSettings settings;
  std::vector<std::unique_ptr<Site>> sites;
  std::unique_ptr<SecretKeeping> client;
  bool keeps_up = false;

 private:
  template <class T>
  static Task<> keep(Task<T> task, std::optional<T>& result) {
    T value = co_await std::move(task);
    result.emplace(std::move(value));
  }
};

}  // namespace evenkeel::test
