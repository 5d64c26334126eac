// The distributed file system, as any node uses it: name spaces with directories and files, whose
// bytes are chunks (chunks.h) and whose names are rows (file_rows.h).
//
// A file is there, whole, from the moment that its put is acknowledged, or not at all: its chunks
// are durable before its manifest is. A put onto a file replaces it at once.
#pragma once

#include <memory>

#include "models/storage/files/chunks.h"
#include "models/storage/files/file_quota.h"
#include "models/storage/files/file_tree.h"

namespace evenkeel {

struct FileSettings {
  std::uint32_t chunk_bytes = 1 << 20;  // at most most_chunk_bytes
  std::size_t inline_below = 3072;      // smaller files are in their manifest
  std::size_t in_flight = 4;            // chunks of one reader or writer, at most
  Duration keep_alive = seconds(120);   // between touches of a long put's chunks
  Duration reservation = seconds(600);  // of room, by a writer that is not heard of
  ChunkSettings chunks = {};
};
/// Of a file, at most.
inline constexpr std::size_t most_chunks = 100'000;

struct FileInfo {
  std::string name = {};
  bool is_directory = false;
  std::uint64_t size = 0;
  Coding coding = {};
  std::int64_t modified_ms = 0;
  std::int64_t expires_ms = 0;  // 0: never
};

struct PutOptions {
  std::optional<Coding> coding = {};  // else the name space's
  std::optional<Duration> expires_after = {};
  std::uint64_t expected_bytes = 0;  // room to reserve at once, under a quota
  bool only_new = false;             // ErrorCode::conflict if there is a file already
};

class FileWriter;
class FileReader;

/// Errors of all: ErrorCode::not_found, invalid (the path makes no sense), conflict (as said),
/// full (quota or disks), no_quorum (too few nodes answer; what changes something may have
/// happened).
class Files {
 public:
  /// All but the settings outlive the node's tasks.
  Files(Node& node, Records& records, const Placement& placement,
        const FileSettings& settings = {});
  Files(const Files&) = delete;

  /// Once more with the same owner does nothing; with another one is a conflict.
  Task<Result<Done>> make_space(std::string name, FileSpace space);
  Task<Result<FileSpace>> space(std::string name);
  Task<Result<Done>> set_quota(std::string name, std::uint64_t bytes);

  Task<Result<Done>> make_directory(std::string path);
  Task<Result<FileInfo>> stat(std::string path);
  /// In the order of names, those after this one ("": from the start); fewer than `limit`: all.
  Task<Result<std::vector<FileInfo>>> list(std::string path, std::string after = {},
                                           std::uint32_t limit = 1000);
  /// Takes as long for a full directory as for a file. ErrorCode::conflict: the goal is taken.
  Task<Result<Done>> rename(std::string from, std::string to);
  /// A file, or an empty directory (else ErrorCode::conflict).
  Task<Result<Done>> remove(std::string path);
  /// With all that is in it; not at once: others may see half of it gone.
  Task<Result<Done>> remove_tree(std::string path);

  Task<Result<FileInfo>> put(std::string path, Blob bytes, PutOptions options = {});
  Task<Result<std::unique_ptr<FileWriter>>> create(std::string path, PutOptions options = {});
  /// The whole file, or up to `size` bytes from the offset.
  Task<Result<Blob>> get(std::string path, std::uint64_t offset = 0,
                         std::uint64_t size = ~std::uint64_t{0});
  Task<Result<std::unique_ptr<FileReader>>> open(std::string path);

  FileRows& rows() { return rows_; }
  FileTree& tree() { return tree_; }
  FileQuota& quota() { return quota_; }
  Chunks& chunks() { return chunks_; }
  Node& node() { return node_; }
  const FileSettings& settings() const { return settings_; }

 private:
  Node& node_;
  FileSettings settings_;
  Chunks chunks_;
  FileRows rows_;
  FileTree tree_;
  FileQuota quota_;
};

/// Takes a file piece by piece, and keeps at most `in_flight` chunks and one piece in memory: a
/// write waits while so many are under way. One call at a time. Dropped without finish, nothing is
/// there but chunks that are collected later.
class FileWriter {
 public:
  FileWriter(Files& files, FilePath path, InodeId parent, PutOptions options, FileSpace space);
  FileWriter(const FileWriter&) = delete;
  ~FileWriter();

  /// After an error nothing more is taken, and what was brought is withdrawn.
  Task<Result<Done>> write(Blob piece);
  /// The file is there.
  Task<Result<FileInfo>> finish();
  /// Gives all back that can be.
  Task<Result<Done>> abandon();

 private:
  struct Upload;

  static Task<> store_chunk(Files& files, std::shared_ptr<Upload> upload, Blob bytes,
                            std::size_t place);
  static Task<> keep_alive(Files& files, std::shared_ptr<Upload> upload);
  static Task<Result<Done>> touch(Files& files, std::shared_ptr<Upload> upload);
  Task<Result<Done>> begin_chunk(Blob bytes);
  Task<Result<Done>> reserve(std::uint64_t bytes);
  Task<> wait_until_at_most(std::size_t open);
  Task<Result<FileInode>> commit(FileInode content);
  Task<Result<FileInode>> replace(FoundFile found, FileInode content);

  Files& files_;
  FilePath path_;
  InodeId parent_;
  PutOptions options_;
  FileSpace space_;
  Coding coding_;
  std::uint64_t writer_;
  std::uint64_t taken_bytes_ = 0;
  std::uint64_t reserved_bytes_ = 0;
  Blob buffer_;
  std::shared_ptr<Upload> upload_;
};

/// Reads the file as it was when it was opened, as long as its chunks are kept: at least ten
/// minutes after it was replaced or removed.
class FileReader {
 public:
  FileReader(Files& files, FileInode inode) : files_(files), inode_(std::move(inode)) {}
  FileReader(const FileReader&) = delete;

  std::uint64_t size() const { return inode_.size; }
  /// Up to `size` bytes from the offset; fewer at the end of the file.
  Task<Result<Blob>> read(std::uint64_t offset, std::uint64_t size);
  /// What follows what the last call gave, about a chunk; nothing at the end.
  Task<Result<Blob>> next();

 private:
  static Task<Result<Done>> load(Files& files, ChunkKey chunk, std::uint32_t bytes,
                                 std::shared_ptr<std::vector<Blob>> into, std::size_t place);

  Files& files_;
  FileInode inode_;
  std::uint64_t next_ = 0;
};

}  // namespace evenkeel
