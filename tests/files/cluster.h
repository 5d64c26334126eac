// Some nodes that keep files, and what stands on their disks, seen from outside.
#pragma once

#include <gmock/gmock.h>

#include "models/storage/files/chunk_repair.h"
#include "models/storage/files/chunk_scrub.h"
#include "models/storage/files/chunk_server.h"
#include "models/storage/files/chunks.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

inline Blob draw_bytes(std::uint64_t seed, std::size_t size) {
  Random random{seed};
  Blob bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

/// Members 0 .. n-1, in zones that go round.
inline Layout layout_of(std::uint32_t nodes, std::uint32_t zones, std::uint64_t version = 1,
                        std::set<std::uint32_t> without = {}) {
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < nodes; ++i)
    if (!without.contains(i)) members.push_back({NodeId{i}, i % zones, 1});
  Result<Layout> layout = make_layout(std::move(members), 3, nullptr);
  EXPECT_TRUE(layout);
  layout->version = version;
  return *layout;
}

/// Everybody learns of a new layout at once.
class SharedPlacement final : public Placement {
 public:
  explicit SharedPlacement(Layout layout) { layouts_.push_back(std::move(layout)); }
  const Layout& newest() const override { return layouts_.front(); }
  std::vector<const Layout*> in_force() const override {
    std::vector<const Layout*> all;
    for (const Layout& layout : layouts_) all.push_back(&layout);
    return all;
  }
  const Layout& readable() const override { return layouts_.back(); }
  bool is_alive(NodeId node) const override { return !believed_dead.contains(node); }

  void add(Layout layout) { layouts_.insert(layouts_.begin(), std::move(layout)); }
  void end_old() { layouts_.resize(1); }
  std::set<NodeId> believed_dead;

 private:
  std::vector<Layout> layouts_;
};

/// Which valid shards of each chunk are on whose disk: by chunk, the nodes and their indices.
using OnDisks = std::map<ChunkKey, std::map<std::uint32_t, std::set<unsigned>>>;
inline OnDisks on_disks(const ClusterWorld& world) {
  OnDisks all;
  for (std::uint32_t node = 0; node < world.disks.size(); ++node)
    for (const std::string& file : world.disks[node]->list()) {
      if (!file.starts_with("chunk-")) continue;
      const auto bytes = world.disks[node]->read(file, 0, std::size_t{1} << 30);
      const std::optional<ShardHeader> header = decode_header(*bytes);
      if (!header || bytes->size() != ShardHeader::size + header->bytes()) continue;
      if (sha256(View8{*bytes}.subspan(ShardHeader::size)) == header->hash)
        all[header->chunk][node].insert(header->index);
    }
  return all;
}

inline std::uint64_t bytes_on(const Disk& disk) {
  std::uint64_t total = 0;
  for (const std::string& file : disk.list())
    total += disk.read(file, 0, std::size_t{1} << 30)->size();
  return total;
}

inline void flip_bit(Disk& disk, const std::string& file, std::uint64_t at) {
  Blob byte = *disk.read(file, at, 1);
  byte[0] ^= std::byte{4};
  ASSERT_TRUE(disk.write(file, at, byte));
  ASSERT_TRUE(disk.sync(file));
}

template <class T>
Task<> keep_result(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await std::move(task));
}

/// Runs the world until the task is done; what it gives. After `limit` it has failed.
template <class T>
T run(ClusterWorld& world, std::uint32_t node, Task<T> task, Duration limit = seconds(600)) {
  std::optional<T> result;
  world.node(node).spawn(keep_result(std::move(task), result));
  const Time end = world.now() + limit;
  while (!result && world.now() < end) world.run_for(std::chrono::milliseconds{1});
  EXPECT_TRUE(result) << "it took too long";
  return std::move(*result);
}

/// Nodes with a store each, and a client.
class ChunkCluster {
 public:
  struct Settings {
    ClusterWorld::Settings world = {};
    std::uint32_t zones = 1;
    std::set<std::uint32_t> later = {};  // no members at first
    ChunkStoreSettings store = {};
    bool repairs = false;
    ChunkRepairSettings repair = {};
    ChunkScrubSettings scrub = {};
  };
  struct Parts {
    Parts(Node& node, const Placement& placement, const Settings& settings)
        : store(node, settings.store), server(node, store), chunks(node, placement) {
      if (!settings.repairs) return;
      repair.emplace(node, store, chunks, settings.repair);
      scrub.emplace(node, store, settings.scrub);
    }
    ChunkStore store;
    ChunkServer server;
    Chunks chunks;
    std::optional<ChunkRepair> repair;
    std::optional<ChunkScrub> scrub;
  };

  explicit ChunkCluster(const Settings& its_settings)
      : settings(its_settings),
        placement(layout_of(settings.world.nodes, settings.zones, 1, settings.later)),
        parts(settings.world.nodes),
        world(settings.world) {
    for (std::uint32_t i = 0; i < settings.world.nodes; ++i)
      world.node(i).on_start(
          [this, i](Node& node) { parts[i] = std::make_unique<Parts>(node, placement, settings); });
    world.start();
  }
  ~ChunkCluster() { world.stop(); }

  Result<StoredChunk> store(std::uint32_t node, const Blob& bytes, Coding coding) {
    return run(world, node, parts[node]->chunks.store(bytes, coding, ++writers_));
  }
  Result<Blob> load(std::uint32_t node, const StoredChunk& chunk) {
    return run(world, node, parts[node]->chunks.load(chunk.key, chunk.bytes));
  }

  /// What is missing or too much of any chunk, as the disks show, by the newest layout; of so many.
  std::vector<std::string> flaws(std::size_t chunks) const {
    std::vector<std::string> found;
    const OnDisks there = on_disks(world);
    if (there.size() != chunks)
      found.push_back(std::to_string(there.size()) + " chunks, not " + std::to_string(chunks));
    for (const auto& [chunk, nodes] : there) {
      const std::vector<NodeId> its_owners = owners(placement.newest(), chunk);
      std::set<unsigned> indices;
      std::set<std::uint32_t> zones, strangers;
      for (const auto& [node, its] : nodes) {
        indices.insert(its.begin(), its.end());
        zones.insert(node % settings.zones);
        if (std::ranges::find(its_owners, NodeId{node}) == its_owners.end()) strangers.insert(node);
      }
      const bool covered =
          chunk.coding.is_copies() || indices.size() == std::size_t{chunk.coding.total()};
      if (!covered || nodes.size() < its_owners.size() || !strangers.empty() ||
          zones.size() < std::min<std::size_t>(settings.zones, its_owners.size()))
        found.push_back(to_string(chunk) + ": " + std::to_string(nodes.size()) + " nodes, " +
                        std::to_string(indices.size()) + " indices, " +
                        std::to_string(zones.size()) + " zones, " +
                        std::to_string(strangers.size()) + " strangers");
    }
    return found;
  }
  void lose_disk(std::uint32_t node) {
    world.crash(node);
    world.disks[node]->lose_all();
    world.restart(node);
  }

  Settings settings;
  SharedPlacement placement;
  std::vector<std::unique_ptr<Parts>> parts;
  ClusterWorld world;

 private:
  std::uint64_t writers_ = 0;
};

}  // namespace evenkeel::test
