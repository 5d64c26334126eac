// Who may back up rows, and bring them back: decided by whoever manages grants, asked where the
// rows are.
#pragma once

#include <functional>
#include <map>

#include "models/runtime/task.h"
#include "models/storage/backup/backup_format.h"

namespace evenkeel {

/// The parts of a data set that tokens are for.
inline constexpr std::string_view backup_part = "backup";
inline constexpr std::string_view restore_part = "restore";

/// What shows to one node that the asker may have the tables, by table.
using BackupTokens = std::map<std::string, Blob>;

struct BackupAsked {
  NodeId asker{};
  BackupScope scope = {};
  BackupTokens tokens = {};
  bool restores = false;
};

/// Awaited before so many bytes and rows leave, or are written; an error stops it.
using BackupLeave = std::function<Task<Result<Done>>(std::uint64_t bytes, std::uint64_t rows)>;
/// Says why not, ErrorCode::denied, or gives a leave, which may be null: nobody is told.
using BackupRule = std::function<Task<Result<BackupLeave>>(BackupAsked)>;
/// On the node that takes and restores backups: the tokens for that node, for the tables of others.
using BackupShows =
    std::function<Task<Result<BackupTokens>>(NodeId to, BackupScope scope, bool restores)>;

}  // namespace evenkeel
