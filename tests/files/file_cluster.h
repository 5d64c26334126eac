// Nodes with the whole file system, and its calls as one waits for them.
#pragma once

#include "models/storage/files/file_node.h"
#include "models/storage/storage.h"
#include "tests/files/cluster.h"

namespace evenkeel::test {

inline FileNodeSettings small_chunks() {
  FileNodeSettings settings;
  settings.files.chunk_bytes = 4096;
  return settings;
}

class FileCluster {
 public:
  struct Parts {
    Parts(Node& node, const Placement& placement, const FileNodeSettings& settings)
        : storage(node, placement, {}), file_node(node, storage.records(), placement, settings) {}
    Storage storage;
    FileNode file_node;
  };

  explicit FileCluster(const ClusterWorld::Settings& settings = {.nodes = 4},
                       const FileNodeSettings& node_settings = small_chunks())
      : placement(layout_of(settings.nodes, settings.nodes)),
        parts(settings.nodes),
        world(settings) {
    for (std::uint32_t i = 0; i < settings.nodes; ++i)
      world.node(i).on_start([this, i, node_settings](Node& node) {
        parts[i].reset();
        parts[i] = std::make_unique<Parts>(node, placement, node_settings);
      });
    world.start();
    EXPECT_TRUE(wait(0, files(0).make_space("s", {.owner = "me"})));
  }
  ~FileCluster() { world.stop(); }

  Files& files(std::uint32_t i) { return parts[i]->file_node.files(); }
  template <class T>
  T wait(std::uint32_t i, Task<T> task, Duration limit = seconds(600)) {
    return run(world, i, std::move(task), limit);
  }

  Result<FileInfo> put(std::uint32_t i, const std::string& path, const Blob& bytes,
                       PutOptions options = {}) {
    return wait(i, files(i).put(path, bytes, options));
  }
  Result<Blob> get(std::uint32_t i, const std::string& path) { return wait(i, files(i).get(path)); }
  Result<Done> make(std::uint32_t i, const std::string& path) {
    return wait(i, files(i).make_directory(path));
  }
  Result<Done> rename(std::uint32_t i, const std::string& from, const std::string& to) {
    return wait(i, files(i).rename(from, to));
  }
  Result<Done> remove(std::uint32_t i, const std::string& path) {
    return wait(i, files(i).remove(path));
  }
  std::vector<std::string> names(std::uint32_t i, const std::string& path) {
    std::vector<std::string> all;
    const auto listed = wait(i, files(i).list(path));
    EXPECT_TRUE(listed) << listed.error().detail;
    if (listed)
      for (const FileInfo& info : *listed) all.push_back(info.name);
    return all;
  }
  FileSpace space() { return *wait(0, files(0).space("s")); }
  /// The files' bytes on the disks, without those of the rows.
  std::uint64_t chunk_bytes() const {
    std::uint64_t total = 0;
    for (const auto& one : parts) total += one->file_node.store().used_bytes();
    return total;
  }

  SharedPlacement placement;
  std::vector<std::unique_ptr<Parts>> parts;
  ClusterWorld world;
};

}  // namespace evenkeel::test
