// Which backups are kept: all of the last time, then one of each hour, day and week (as Syncthing's
// staggered versions are).
#pragma once

#include <span>

#include "models/runtime/time.h"
#include "models/storage/backup/vault_messages.h"

namespace evenkeel {

/// Ages up to which so many are kept.
struct RetentionRule {
  Duration all = std::chrono::hours{1};
  Duration hourly = std::chrono::hours{24};
  Duration daily = std::chrono::hours{24 * 30};
  Duration weekly = std::chrono::hours{24 * 365};  // older ones go
};

/// The ids of those that are to go, of one name space; they are ascending by their cuts. Of each
/// hour, day and week the first one stays, so that what stays now is what will stay; and the newest
/// one whatever its age.
std::vector<std::uint64_t> outlived(std::span<const BackupInfo> backups, std::int64_t now_ms,
                                    const RetentionRule& rule);

}  // namespace evenkeel
