// All of the file system that runs on a node that keeps data: its shards, their upkeep, and a
// client. A node that keeps none only needs Files.
#pragma once

#include "models/storage/files/chunk_repair.h"
#include "models/storage/files/chunk_scrub.h"
#include "models/storage/files/chunk_server.h"
#include "models/storage/files/file_collector.h"

namespace evenkeel {

struct FileNodeSettings {
  ChunkStoreSettings store = {};
  ChunkServerSettings server = {};
  FileSettings files = {};
  ChunkRepairSettings repair = {};
  ChunkScrubSettings scrub = {};
  FileCollectorSettings collector = {};
};

/// Lives as long as the node's incarnation.
class FileNode {
 public:
  /// All but the settings outlive the node's tasks.
  FileNode(Node& node, Records& records, const Placement& placement,
           const FileNodeSettings& settings = {})
      : store_(node, settings.store),
        server_(node, store_, settings.server),
        files_(node, records, placement, settings.files),
        collector_(node, files_, store_, settings.collector),
        repair_(node, store_, files_.chunks(), settings.repair),
        scrub_(node, store_, settings.scrub) {
    repair_.spare([this](const ChunkKey& chunk) { return collector_.is_garbage(chunk); });
  }
  FileNode(const FileNode&) = delete;

  Files& files() { return files_; }
  ChunkStore& store() { return store_; }
  ChunkServer& server() { return server_; }
  FileCollector& collector() { return collector_; }

 private:
  ChunkStore store_;
  ChunkServer server_;
  Files files_;
  FileCollector collector_;
  ChunkRepair repair_;
  ChunkScrub scrub_;
};

}  // namespace evenkeel
