// Takes away what no file needs: chunks without a manifest, files that have expired, inodes that no
// entry names; and counts anew how much each name space has used.
#pragma once

#include "models/storage/files/chunk_store.h"
#include "models/storage/files/files.h"

namespace evenkeel {

struct FileCollectorSettings {
  Duration period = seconds(300);  // between rounds, give or take a quarter
  Duration grace = seconds(600);   // that a chunk lives without a manifest, at least
};

/// Reads all manifests, in each round, by quorum; without all of them it removes nothing. A chunk
/// on this node goes when no manifest has had it in rounds `grace` apart, and nobody touched it for
/// as long: a put in progress touches what it needs far more often, and again before its manifest.
class FileCollector {
 public:
  /// All but the settings outlive the node's tasks, of which this spawns one.
  FileCollector(Node& node, Files& files, ChunkStore& store,
                const FileCollectorSettings& settings = {});
  FileCollector(const FileCollector&) = delete;

  /// Known to have no manifest, and needed by no put: not to be repaired.
  bool is_garbage(const ChunkKey& chunk) const;
  /// One round, now.
  Task<Result<Done>> collect();

 private:
  /// What a round has seen so far.
  struct Round {
    Time start{};
    std::set<ChunkKey> referenced;               // of those held here
    std::map<std::string, std::uint64_t> bytes;  // by name space
    std::set<std::string> spaces;                // that this node is to count
  };

  Task<> run();
  Task<Result<Done>> read_partition(Partition partition, std::shared_ptr<Round> round);
  void drop_garbage(const Round& round);
  Task<Result<Done>> remove_expired(FileRows::Numbered one);
  Task<Result<Done>> remove_orphan(FileRows::Numbered one);
  /// The first replica that lives does what one is enough for.
  bool is_ours(Partition partition) const;

  Node& node_;
  Files& files_;
  ChunkStore& store_;
  FileCollectorSettings settings_;
  std::map<ChunkKey, Time> unreferenced_since_;
  std::map<std::pair<InodeId, std::uint64_t>, Time> orphan_since_;  // by inode and token
  std::set<std::string> spaces_;
};

}  // namespace evenkeel
