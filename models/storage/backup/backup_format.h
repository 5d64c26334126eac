// What a backup is made of. The rows of a partition are cut into runs, the runs and the chunks of
// its files are named by its index, the indices by the manifest: a Merkle tree whose hashes are of
// the plain bytes, so that equal states have equal roots, whoever computed them.
//
//   run       the rows of one table and partition, ascending by key, with their versions
//   index     of one partition: the hashes of its runs, and of its files' chunks
//   manifest  of one backup: the tables, and the hash of each partition's index
//
// Where a run ends depends on its keys alone, about every 64 rows, so a row that changed makes one
// run new, and no other.
#pragma once

#include <map>

#include "models/storage/backup/backup_key.h"
#include "models/storage/files/file_rows.h"

namespace evenkeel {

struct RowRun {
  std::string table = {};
  std::vector<StoredRow> rows = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, rows);
  }
};

struct PartitionIndex {
  struct Run {
    std::string table = {};
    Digest hash = {};
    std::uint32_t rows = 0;

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(table, hash, rows);
    }
  };
  Partition partition = 0;
  std::vector<Run> runs = {};       // by table, then by key
  std::vector<Digest> chunks = {};  // ascending, each once: what the files' bytes are

  std::uint64_t rows() const;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(partition, runs, chunks);
  }
};
/// Runs and chunks of one partition, at most: its index then is an object as others are.
inline constexpr std::size_t most_children = 100'000;

/// Of one partition, for the manifest.
struct PartitionRoot {
  Partition partition = 0;
  Digest root = {};  // of its index
  std::uint64_t rows = 0;
  friend bool operator==(const PartitionRoot&, const PartitionRoot&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(partition, root, rows);
  }
};

/// Which part of the data a backup is of.
struct BackupScope {
  std::vector<TableSchema> tables = {};
  std::optional<std::vector<std::string>> spaces = {};  // of files; nothing: all

  const TableSchema* table(std::string_view name) const;
  /// False: a row that only says something about files of other name spaces. Names in directories
  /// are kept of all: without a file they lead nowhere.
  bool includes(const TableSchema& table, const StoredRow& row) const;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(tables, spaces);
  }
};

struct Manifest {
  BackupScope scope = {};
  std::int64_t cut_ms = 0;
  std::vector<PartitionRoot> partitions = {};  // ascending; those with rows

  /// Of everything.
  Digest root() const;
  /// The bounds of what was read: partitions in order, schemas that can be.
  bool is_sound() const;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(scope, cut_ms, partitions);
  }
};

/// Cuts the rows of a table and partition, ascending by key, into runs. Erased ones are left out.
std::vector<RowRun> cut_into_runs(const TableSchema& table, std::vector<StoredRow> rows);

/// A chunk of a file, as its inode names it.
struct NeededChunk {
  ChunkKey key = {};
  std::uint32_t bytes = 0;
};
/// Those that the rows of a run name: none, unless it is of the table of inodes.
/// ErrorCode::malformed.
Result<std::vector<NeededChunk>> chunks_of(const RowRun& run);

/// A partition as a backup holds it. What it consists of follows from its rows alone.
struct PartitionContent {
  PartitionIndex index = {};
  std::vector<RowRun> runs = {};  // as the index has them
  std::vector<NeededChunk> chunks = {};
};
/// The tables' rows, each ascending by key. ErrorCode::full: more than an index takes.
Result<PartitionContent> content_of(const BackupScope& scope, Partition partition,
                                    std::map<std::string, std::vector<StoredRow>> rows);

/// A run is at most about so long; a longer row is a run of its own.
inline constexpr std::size_t longest_run_bytes = 1 << 20;

/// Nothing if the run's rows are not of this table and partition, or not in order.
bool is_sound(const TableSchema& table, Partition partition, const RowRun& run);

}  // namespace evenkeel
