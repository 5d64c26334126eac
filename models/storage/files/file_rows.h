// What the file system knows about its files, as rows of three tables that are changed by
// compare-and-set: name spaces, entries of directories, and inodes.
//
// An inode says where it is: the token of the entry that names it. An entry whose token is not its
// inode's names nothing. So moving a file or a directory, however large, is one change of one row.
#pragma once

#include "models/storage/files/chunk.h"
#include "models/storage/records.h"

namespace evenkeel {

using InodeId = ByteArray<16>;

/// The table whose rows say which chunks a file has: each row's last column is a FileInode.
inline constexpr std::string_view inodes_table_name = "file_inodes";

/// Row (directory, name). While `epoch` is the inode's own, the inode may still be moved here; once
/// the inode's is higher, only a token that is the inode's makes the entry name it.
struct FileEntry {
  InodeId inode = {};
  std::uint64_t token = 0;
  std::uint64_t epoch = 0;
  bool is_directory = false;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(inode, token, epoch, is_directory);
  }
};

struct FileInode {
  std::string space = {};
  bool is_directory = false;
  // Where it is; a name space's root has no parent but itself.
  InodeId parent = {};
  std::string name = {};
  std::uint64_t token = 0;     // of the entry that names it
  std::uint64_t epoch = 0;     // grows whenever it moves, or a move is called off
  std::uint64_t removing = 0;  // of a directory: somebody looks whether it is empty; 0: nobody

  std::uint64_t size = 0;
  Coding coding = {};
  std::uint32_t chunk_bytes = 0;  // of each but the last
  std::vector<Digest> chunks = {};
  Blob inlined = {};  // the bytes of a small file
  std::int64_t modified_ms = 0;
  std::int64_t expires_ms = 0;  // 0: never
  std::uint64_t writer = 0;     // the last put
  std::uint64_t replaced = 0;   // the size that it found

  ChunkKey chunk(std::size_t i) const { return {chunks[i], coding}; }
  std::uint32_t length_of_chunk(std::size_t i) const {
    return i + 1 < chunks.size()
               ? chunk_bytes
               : static_cast<std::uint32_t>(size - std::uint64_t{chunk_bytes} * i);
  }
  bool is_expired(std::int64_t at_ms) const { return expires_ms != 0 && expires_ms <= at_ms; }

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(space, is_directory, parent, name, token, epoch, removing);
    visit(size, coding, chunk_bytes, chunks, inlined, modified_ms, expires_ms, writer, replaced);
  }
};

/// Room for a put that is under way.
struct FileReservation {
  std::uint64_t writer = 0;
  InodeId inode = {};  // where it will be, if that is known
  std::uint64_t bytes = 0;
  std::int64_t expires_ms = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(writer, inode, bytes, expires_ms);
  }
};

struct FileSpace {
  static constexpr std::uint64_t unlimited = ~std::uint64_t{0};

  std::string owner = {};
  std::uint64_t quota_bytes = unlimited;
  Coding coding = Coding::copies(3);  // of files that ask for nothing else
  std::uint64_t used_bytes = 0;       // the sizes of all files, never below what they are
  std::uint64_t changes = 0;          // of used_bytes and the reservations
  std::uint64_t recounts = 0;
  std::vector<FileReservation> reservations = {};
  std::uint64_t mover = 0;  // one directory at a time moves to another one: who, until when
  std::int64_t mover_until_ms = 0;

  std::uint64_t reserved_bytes() const {
    std::uint64_t sum = 0;
    for (const FileReservation& one : reservations) sum += one.bytes;
    return sum;
  }

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, quota_bytes, coding, used_bytes, changes, recounts, reservations, mover,
          mover_until_ms);
  }
};

/// Typed access to the three tables. Changes are repeated when their outcome is not known, so what
/// they do must come to the same if it is done twice.
class FileRows {
 public:
  template <class T>
  using Next = std::function<Result<std::optional<T>>(const std::optional<T>&)>;
  struct Item {
    std::string name;
    FileEntry entry;
  };
  struct Numbered {
    InodeId id;
    FileInode inode;
  };

  static constexpr int most_tries = 4;

  /// Outlives the node's tasks.
  explicit FileRows(Records& records) : records_(records) {}

  Task<Result<std::optional<FileSpace>>> space(std::string name);
  /// `tries`: 1 for what must not be done twice.
  Task<Result<std::optional<FileSpace>>> change_space(std::string name, Next<FileSpace> next,
                                                      int tries = most_tries);
  Task<Result<std::optional<FileEntry>>> entry(InodeId directory, std::string name);
  Task<Result<std::optional<FileEntry>>> change_entry(InodeId directory, std::string name,
                                                      Next<FileEntry> next);
  /// No entry any more, if it still has this token.
  Task<Result<Done>> erase_entry(InodeId directory, std::string name, std::uint64_t token);
  Task<Result<std::optional<FileInode>>> inode(InodeId id);
  Task<Result<std::optional<FileInode>>> change_inode(InodeId id, Next<FileInode> next);

  /// In the order of names, those after this one ("": from the start).
  Task<Result<std::vector<Item>>> entries(InodeId directory, std::string after,
                                          std::uint32_t limit);
  /// All inodes of a partition; the whole list, page by page.
  Task<Result<std::vector<Numbered>>> inodes(Partition partition);
  Partition partition_of_inode(const InodeId& id) const;

  Node& node() { return records_.node(); }
  const Placement& placement() const { return records_.placement(); }
  /// A number that nobody else has; never 0.
  std::uint64_t draw_token() { return node().random()() | 1; }
  InodeId draw_inode();
  std::int64_t wall_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(node().wall_clock()).count();
  }

 private:
  template <class T>
  Task<Result<std::optional<T>>> get(TableSchema table, Row key);
  template <class T>
  Task<Result<std::optional<T>>> change(TableSchema table, Row key, Next<T> next,
                                        int tries = most_tries);

  Records& records_;
};

}  // namespace evenkeel
