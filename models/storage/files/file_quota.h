// How much of its quota a name space has used: room is reserved before anything is written, and
// becomes used with the put that it was for. Reading, removing and repair need none.
#pragma once

#include "models/storage/files/file_rows.h"

namespace evenkeel {

/// Never counts less than there is: what a crash leaves unsettled is counted too much until the
/// next recount (FileCollector), and a reservation ends by itself. A name space without a quota
/// counts nothing at its puts, only at recounts.
class FileQuota {
 public:
  /// Outlives the node's tasks.
  FileQuota(FileRows& rows, Duration reservation) : rows_(rows), reservation_(reservation) {}

  /// Room for so many bytes in all. ErrorCode::full: not within the quota.
  Task<Result<Done>> reserve(std::string space, std::uint64_t writer, std::uint64_t bytes);
  /// In which inode the writer's bytes will be found, should it crash.
  Task<Result<Done>> announce(std::string space, std::uint64_t writer, InodeId inode);
  /// The put took place, and this is its inode.
  Task<Result<Done>> settle(std::string space, FileInode inode);
  /// The put was given up.
  Task<Result<Done>> give_back(std::string space, std::uint64_t writer);
  /// The file was removed, after recounts() was asked: a recount in between knew it already.
  Task<Result<std::uint64_t>> recounts(std::string space);
  Task<Result<Done>> removed(FileInode inode, std::uint64_t recounts);
  /// What the files in fact take, counted since `changes` was asked; ignored if it has grown since,
  /// or puts are under way.
  Task<Result<Done>> recount(std::string space, std::uint64_t changes, std::uint64_t bytes);

 private:
  Task<Result<bool>> is_limited(std::string space);
  Task<Result<Done>> end_expired(std::string space, FileSpace now);

  FileRows& rows_;
  Duration reservation_;
};

}  // namespace evenkeel
