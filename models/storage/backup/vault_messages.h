// What is asked of a vault, on Port::backups. A session is one attempt to take a backup: a number
// that nobody else has, not 0.
#pragma once

#include "models/runtime/message.h"
#include "models/storage/backup/backup_key.h"

namespace evenkeel {

inline constexpr std::size_t most_names_asked = 1000;
inline constexpr std::size_t most_object_bytes = 8 << 20;

/// What is known of a backup without its key.
struct BackupInfo {
  std::uint64_t id = 0;
  std::string name_space = {};
  std::int64_t cut_ms = 0;    // by the coordinator's wall clock
  std::int64_t ended_ms = 0;  // the same
  std::uint64_t key_check = 0;
  std::uint64_t rows = 0;
  std::uint64_t moved_bytes = 0;  // that this backup brought to the vault
  std::uint64_t objects = 0;      // the same
  friend bool operator==(const BackupInfo&, const BackupInfo&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, name_space, cut_ms, ended_ms, key_check, rows, moved_bytes, objects);
  }
};
inline constexpr std::size_t longest_name_space = 100;

/// Which of the objects are there (1) and which not (0). Those that are stay for this session.
struct HasObjects {
  static constexpr std::uint16_t tag = 1;
  using Answer = std::vector<std::uint8_t>;
  std::uint64_t session = 0;
  std::vector<ObjectName> names = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, names);
  }
};

/// Keep this object. Answered when it is durable. ErrorCode::malformed: it is not what the sender
/// hashed; not_found: a child is not there, and is named; full: the vault has no room.
struct PutObject {
  static constexpr std::uint16_t tag = 2;
  using Answer = Done;
  std::uint64_t session = 0;
  ObjectName name = {};
  Digest hash = {};                       // SHA-256 of the bytes
  std::vector<ObjectName> children = {};  // that must stay as long as it does
  Blob bytes = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, name, hash, children, bytes);
  }
};

/// ErrorCode::not_found; ErrorCode::disk: it was corrupt, and is dropped.
struct GetObject {
  static constexpr std::uint16_t tag = 3;
  using Answer = Blob;
  ObjectName name = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name);
  }
};

/// The backup is complete. ErrorCode::not_found: an object below its roots is not there, and is
/// named; then there is no such backup. Once more does nothing.
struct CommitBackup {
  static constexpr std::uint16_t tag = 4;
  using Answer = Done;
  std::uint64_t session = 0;
  BackupInfo info = {};
  std::vector<ObjectName> roots = {};  // the indices of its partitions
  Digest manifest_hash = {};           // of the plain manifest
  Blob manifest = {};                  // sealed

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session, info, roots, manifest_hash, manifest);
  }
};

/// What this session brought and nobody else needs goes at once; the bytes that it was.
struct AbandonBackup {
  static constexpr std::uint16_t tag = 5;
  using Answer = std::uint64_t;
  std::uint64_t session = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(session);
  }
};

/// The complete backups of a name space, ascending by their cuts; the newest 10,000.
struct ListBackups {
  static constexpr std::uint16_t tag = 6;
  using Answer = std::vector<BackupInfo>;
  std::string name_space = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name_space);
  }
};
inline constexpr std::size_t most_backups_listed = 10'000;

struct FetchManifest {
  static constexpr std::uint16_t tag = 7;
  struct Answer {
    BackupInfo info = {};
    Digest manifest_hash = {};
    Blob manifest = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(info, manifest_hash, manifest);
    }
  };
  std::uint64_t id = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id);
  }
};

/// Reads the objects and compares their hashes: those that are not there, or not what was put.
struct CheckObjects {
  static constexpr std::uint16_t tag = 8;
  using Answer = std::vector<ObjectName>;
  std::vector<ObjectName> names = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(names);
  }
};

/// The backup goes, and with it all that no other one needs.
struct DropBackup {
  static constexpr std::uint16_t tag = 9;
  using Answer = Done;
  std::uint64_t id = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id);
  }
};

}  // namespace evenkeel
