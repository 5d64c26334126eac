#include "models/storage/files/file_quota.h"

#include <algorithm>

namespace evenkeel {
namespace {

FileReservation* find(FileSpace& space, std::uint64_t writer) {
  const auto found = std::ranges::find(space.reservations, writer, &FileReservation::writer);
  return found == space.reservations.end() ? nullptr : &*found;
}

// The reservation becomes what the put has added; once.
void settle_in(FileSpace& space, const FileInode& inode) {
  const FileReservation* reservation = find(space, inode.writer);
  if (reservation == nullptr) return;
  space.used_bytes += inode.size;
  space.used_bytes -= std::min(space.used_bytes, inode.replaced);
  std::erase_if(space.reservations, [&](const auto& one) { return one.writer == inode.writer; });
  ++space.changes;
}

Error no_space(const std::string& name) {
  return {ErrorCode::not_found, "there is no name space '" + name + "'"};
}

}  // namespace

Task<Result<bool>> FileQuota::is_limited(std::string space) {
  Task<Result<std::optional<FileSpace>>> getting = rows_.space(space);
  const Result<std::optional<FileSpace>> now = co_await std::move(getting);
  if (!now) co_return now.error();
  if (!*now) co_return no_space(space);
  co_return (*now)->quota_bytes != FileSpace::unlimited || !(*now)->reservations.empty();
}

Task<Result<Done>> FileQuota::reserve(std::string space, std::uint64_t writer,
                                      std::uint64_t bytes) {
  Task<Result<std::optional<FileSpace>>> getting = rows_.space(space);
  const Result<std::optional<FileSpace>> now = co_await std::move(getting);
  if (!now) co_return now.error();
  if (!*now) co_return no_space(space);
  if ((*now)->quota_bytes == FileSpace::unlimited) co_return Done{};
  Task<Result<Done>> ending = end_expired(space, **now);
  const Result<Done> ended = co_await std::move(ending);
  if (!ended) co_return ended;
  const std::int64_t until_ms =
      rows_.wall_ms() + std::chrono::duration_cast<std::chrono::milliseconds>(reservation_).count();
  FileRows::Next<FileSpace> reserve =
      [=](const std::optional<FileSpace>& was) -> Result<std::optional<FileSpace>> {
    if (!was) return no_space(space);
    FileSpace next = *was;
    FileReservation* mine = find(next, writer);
    if (mine == nullptr) mine = &next.reservations.emplace_back(FileReservation{.writer = writer});
    mine->bytes = std::max(mine->bytes, bytes);
    mine->expires_ms = until_ms;
    ++next.changes;
    const std::uint64_t others = next.used_bytes + next.reserved_bytes() - mine->bytes;
    if (others > next.quota_bytes || mine->bytes > next.quota_bytes - others)
      return Error{ErrorCode::full, "name space '" + space + "' has used " +
                                        std::to_string(others) + " of " +
                                        std::to_string(next.quota_bytes) + " bytes"};
    return std::optional{next};
  };
  Task<Result<std::optional<FileSpace>>> changing = rows_.change_space(space, std::move(reserve));
  const Result<std::optional<FileSpace>> changed = co_await std::move(changing);
  if (changed) co_return Done{};
  if (changed.error().code == ErrorCode::full)
    rows_.node().probe().count("quota refusals", rows_.node().id(), 1);
  co_return changed.error();
}

// Writers that did not come back: what they had committed counts, the rest is given back.
Task<Result<Done>> FileQuota::end_expired(std::string space, FileSpace now) {
  for (const FileReservation& one : now.reservations) {
    if (one.expires_ms > rows_.wall_ms()) continue;
    Task<Result<std::optional<FileInode>>> getting = rows_.inode(one.inode);
    const Result<std::optional<FileInode>> inode = co_await std::move(getting);
    if (!inode) co_return inode.error();
    const bool committed = *inode && (*inode)->writer == one.writer;
    Task<Result<Done>> ending = committed ? settle(space, **inode) : give_back(space, one.writer);
    const Result<Done> ended = co_await std::move(ending);
    if (!ended) co_return ended;
  }
  co_return Done{};
}

Task<Result<Done>> FileQuota::announce(std::string space, std::uint64_t writer, InodeId inode) {
  Task<Result<bool>> asking = is_limited(space);
  const Result<bool> limited = co_await std::move(asking);
  if (!limited) co_return limited.error();
  if (!*limited) co_return Done{};
  FileRows::Next<FileSpace> announce =
      [=](const std::optional<FileSpace>& was) -> Result<std::optional<FileSpace>> {
    if (!was) return no_space(space);
    FileSpace next = *was;
    FileReservation* mine = find(next, writer);
    if (mine == nullptr && next.quota_bytes != FileSpace::unlimited)
      return Error{ErrorCode::timeout, "the room reserved for the file was given to others"};
    if (mine != nullptr) mine->inode = inode;
    return std::optional{next};
  };
  Task<Result<std::optional<FileSpace>>> changing = rows_.change_space(space, std::move(announce));
  const Result<std::optional<FileSpace>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return Done{};
}

Task<Result<Done>> FileQuota::settle(std::string space, FileInode inode) {
  Task<Result<std::optional<FileSpace>>> getting = rows_.space(space);
  Result<std::optional<FileSpace>> now = co_await std::move(getting);
  if (!now) co_return now.error();
  if (!*now || find(**now, inode.writer) == nullptr) co_return Done{};
  FileRows::Next<FileSpace> settle =
      [inode](const std::optional<FileSpace>& was) -> Result<std::optional<FileSpace>> {
    if (!was) return was;
    FileSpace next = *was;
    settle_in(next, inode);
    return std::optional{next};
  };
  Task<Result<std::optional<FileSpace>>> changing = rows_.change_space(space, std::move(settle));
  const Result<std::optional<FileSpace>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return Done{};
}

Task<Result<Done>> FileQuota::give_back(std::string space, std::uint64_t writer) {
  FileInode nothing;
  nothing.writer = writer;
  return settle(std::move(space), std::move(nothing));
}

Task<Result<std::uint64_t>> FileQuota::recounts(std::string space) {
  Task<Result<std::optional<FileSpace>>> getting = rows_.space(space);
  const Result<std::optional<FileSpace>> now = co_await std::move(getting);
  if (!now) co_return now.error();
  if (!*now) co_return no_space(space);
  co_return (*now)->recounts;
}

Task<Result<Done>> FileQuota::recount(std::string space, std::uint64_t changes,
                                      std::uint64_t bytes) {
  FileRows::Next<FileSpace> recount =
      [=](const std::optional<FileSpace>& was) -> Result<std::optional<FileSpace>> {
    if (!was || was->changes != changes || !was->reservations.empty() || was->used_bytes == bytes)
      return was;
    FileSpace next = *was;
    next.used_bytes = bytes;
    ++next.recounts;
    return std::optional{next};
  };
  Task<Result<std::optional<FileSpace>>> changing = rows_.change_space(space, std::move(recount));
  const Result<std::optional<FileSpace>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return Done{};
}

Task<Result<Done>> FileQuota::removed(FileInode inode, std::uint64_t recounts) {
  const std::string space = inode.space;
  Task<Result<bool>> asking = is_limited(space);
  const Result<bool> limited = co_await std::move(asking);
  if (!limited) co_return limited.error();
  if (!*limited) co_return Done{};
  FileRows::Next<FileSpace> remove =
      [=](const std::optional<FileSpace>& was) -> Result<std::optional<FileSpace>> {
    if (!was || was->recounts != recounts) return was;
    FileSpace next = *was;
    settle_in(next, inode);
    next.used_bytes -= std::min(next.used_bytes, inode.size);
    ++next.changes;
    return std::optional{next};
  };
  Task<Result<std::optional<FileSpace>>> changing =
      rows_.change_space(space, std::move(remove), 1);  // twice would count too little
  const Result<std::optional<FileSpace>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return Done{};
}

}  // namespace evenkeel
