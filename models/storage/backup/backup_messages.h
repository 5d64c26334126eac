// What is asked of the nodes that keep data while a backup is taken or restored, on Port::backups.
// The tags go on where the vault's end.
#pragma once

#include "models/runtime/hybrid_clock.h"
#include "models/storage/backup/backup_rules.h"
#include "models/storage/backup/vault_client.h"

namespace evenkeel {

/// From the instant at which its clock shows the cut, hold the rows as they are.
/// ErrorCode::outdated: the clocks differ too much, or it is too late.
struct FreezeRows {
  static constexpr std::uint16_t tag = 20;
  struct Answer {
    HybridTime clock = {};
    std::vector<TableSchema> tables = {};  // that it knows

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(clock, tables);
    }
  };
  std::uint64_t session = 0;
  HybridTime clock = {};
  std::int64_t cut_ms = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, clock, cut_ms);
  }
};

/// The backup is over.
struct ReleaseRows {
  static constexpr std::uint16_t tag = 21;
  using Answer = Done;
  std::uint64_t session = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session);
  }
};

/// A hash of the keys and versions that are held, for each table and partition that has any.
struct FrozenDigests {
  static constexpr std::uint16_t tag = 22;
  struct Item {
    std::string table = {};
    Partition partition = 0;
    Digest digest = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(table, partition, digest);
    }
  };
  using Answer = std::vector<Item>;
  std::uint64_t session = 0;
  std::vector<std::string> tables = {};
  std::vector<Partition> wanted = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, tables, wanted);
  }
};

/// As ScanRows, of the rows that are held.
struct ScanFrozen {
  static constexpr std::uint16_t tag = 23;
  using Answer = std::vector<StoredRow>;
  std::uint64_t session = 0;
  ScanRows range = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, range);
  }
};

/// Bring these partitions to the vault: what a majority of their replicas hold, the newest of each
/// row. Answered when all of it is durable there
/// (ErrorCode::overloaded: not yet, ask again). All of them have the same replicas, of which the
/// one that is asked is one. ErrorCode::denied: rows of another party, without a grant for them.
struct ExportPartitions {
  static constexpr std::uint16_t tag = 24;
  struct Answer {
    std::vector<PartitionRoot> roots = {};  // of those with rows
    Moved moved = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(roots, moved);
    }
  };
  std::uint64_t session = 0;
  BackupScope scope = {};
  std::vector<NodeId> replicas = {};
  std::vector<Partition> wanted = {};
  BackupTokens tokens = {};
  NodeId asker{};  // known where it arrives; not sent

  Partition partition() const { return wanted.front(); }

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, scope, replicas, wanted, tokens);
  }
};

/// A restore begins: answer no client any more, and empty the store. ErrorCode::conflict: there are
/// rows that nothing was said to be wrong with; ErrorCode::denied: of another party. Once more with
/// the same number does nothing.
struct CloseForRestore {
  static constexpr std::uint16_t tag = 25;
  using Answer = Done;
  std::uint64_t restore = 0;
  BackupScope scope = {};
  BackupTokens tokens = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(restore, scope, tokens);
  }
};

/// Bring these partitions from the vault to all their replicas. Answered when a majority of them
/// have it, durably (ErrorCode::overloaded: not yet, ask again).
struct RestorePartitions {
  static constexpr std::uint16_t tag = 26;
  struct Answer {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;  // plain, of rows and chunks

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(rows, bytes);
    }
  };
  std::uint64_t restore = 0;
  BackupScope scope = {};
  std::vector<NodeId> replicas = {};
  std::vector<PartitionRoot> wanted = {};
  BackupTokens tokens = {};
  NodeId asker{};  // known where it arrives; not sent

  Partition partition() const { return wanted.front().partition; }

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(restore, scope, replicas, wanted, tokens);
  }
};

/// Rows of a backup, as they were. Only while it is closed for this restore.
struct KeepRows {
  static constexpr std::uint16_t tag = 27;
  using Answer = Done;
  std::uint64_t restore = 0;
  TableSchema table = {};
  std::vector<StoredRow> rows = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(restore, table, rows);
  }
};

/// The roots of what is there now, of those partitions that have rows.
struct RestoredRoots {
  static constexpr std::uint16_t tag = 28;
  using Answer = std::vector<PartitionRoot>;
  std::uint64_t restore = 0;
  BackupScope scope = {};
  std::vector<Partition> wanted = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(restore, scope, wanted);
  }
};

/// The restore is over: answer clients again. Not whole: copy from the others first.
struct OpenRestored {
  static constexpr std::uint16_t tag = 29;
  using Answer = Done;
  std::uint64_t restore = 0;
  bool is_whole = false;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(restore, is_whole);
  }
};

}  // namespace evenkeel
