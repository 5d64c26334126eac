// The moving half of FileTree.
#include <algorithm>

#include "models/storage/files/file_tree.h"

namespace evenkeel {
namespace {

constexpr std::int64_t lock_ms = 300'000;      // longer than any move may take
const Duration longest_checked = seconds(60);  // from the lock to the move itself

}  // namespace

Task<Result<Done>> FileTree::move(FilePath from, FilePath to) {
  if (from.space != to.space)
    co_return Error{ErrorCode::invalid, "files do not move between name spaces; copy them"};
  if (from.names.empty() || to.names.empty())
    co_return Error{ErrorCode::invalid, "the root of a name space cannot move"};
  Task<Result<FoundFile>> finding = find(from);
  Result<FoundFile> found = co_await std::move(finding);
  if (!found) co_return found.error();
  if (from.names == to.names) co_return Done{};
  const bool stays = std::ranges::equal(std::span{from.names}.first(from.names.size() - 1),
                                        std::span{to.names}.first(to.names.size() - 1));
  const bool is_locked = found->inode.is_directory && !stays;
  const std::uint64_t mover = rows_.draw_token();
  if (is_locked) {
    Task<Result<Done>> locking = lock_moves(from.space, mover);
    const Result<Done> locked = co_await std::move(locking);
    if (!locked) co_return locked;
  }
  Task<Result<Done>> moving = move_found(std::move(*found), std::move(to));
  const Result<Done> moved = co_await std::move(moving);
  Task<> unlocking = unlock_moves(from.space, mover);
  if (is_locked) co_await std::move(unlocking);
  co_return moved;
}

Task<Result<Done>> FileTree::move_found(FoundFile found, FilePath to) {
  const Time start = rows_.node().now();
  Task<Result<InodeId>> locating = parent_of(to);
  const Result<InodeId> goal = co_await std::move(locating);
  if (!goal) co_return goal.error();
  const std::string name = to.names.back();
  if (found.inode.is_directory) {
    Task<Result<Done>> checking = may_contain(*goal, found.id);
    const Result<Done> checked = co_await std::move(checking);
    if (!checked) co_return checked;
  }
  const FileEntry entry{found.id, rows_.draw_token(), found.inode.epoch, found.inode.is_directory};
  Task<Result<Done>> putting = put_entry(*goal, name, entry);
  Result<Done> done = co_await std::move(putting);
  if (!done && done.error().code != ErrorCode::no_quorum) co_return done;
  if (done) {
    Task<Result<Done>> checking = check_directory(*goal);
    done = co_await std::move(checking);
  }
  if (done && found.inode.is_directory && rows_.node().now() - start > longest_checked)
    done = Error{ErrorCode::timeout, "it took too long to move '" + name + "'; try again"};
  if (done) {
    Task<Result<Done>> taking = take_place(*goal, name, entry);
    done = co_await std::move(taking);
  }
  if (!done) {
    Task<> calling_off = call_off(*goal, name, entry);
    co_await std::move(calling_off);
    co_return done;
  }
  Task<Result<Done>> erasing =
      rows_.erase_entry(found.inode.parent, found.inode.name, found.inode.token);
  [[maybe_unused]] const Result<Done> erased = co_await std::move(erasing);  // or whoever meets it
  co_return Done{};
}

// Up from the goal to the root: the moved directory is not on the way.
Task<Result<Done>> FileTree::may_contain(InodeId goal, InodeId moved) {
  for (std::size_t depth = 0; depth <= 2 * FilePath::most_names; ++depth) {
    if (goal == moved) co_return Error{ErrorCode::invalid, "a directory cannot move into itself"};
    Task<Result<std::optional<FileInode>>> getting = rows_.inode(goal);
    const Result<std::optional<FileInode>> inode = co_await std::move(getting);
    if (!inode) co_return inode.error();
    if (!*inode) co_return Error{ErrorCode::not_found, "the goal was removed"};
    if ((*inode)->parent == goal) co_return Done{};
    goal = (*inode)->parent;
  }
  co_return Error{ErrorCode::invalid, "the goal is too deep"};
}

// Two directories that move at once could each end up inside the other.
Task<Result<Done>> FileTree::lock_moves(std::string space, std::uint64_t mover) {
  const std::int64_t now_ms = rows_.wall_ms();
  FileRows::Next<FileSpace> lock =
      [=](const std::optional<FileSpace>& now) -> Result<std::optional<FileSpace>> {
    if (!now) return Error{ErrorCode::not_found, "there is no name space '" + space + "'"};
    if (now->mover != 0 && now->mover != mover && now->mover_until_ms > now_ms)
      return Error{ErrorCode::conflict, "another directory is being moved; try again"};
    std::optional<FileSpace> locked = now;
    locked->mover = mover;
    locked->mover_until_ms = now_ms + lock_ms;
    return locked;
  };
  Task<Result<std::optional<FileSpace>>> changing = rows_.change_space(space, std::move(lock));
  const Result<std::optional<FileSpace>> locked = co_await std::move(changing);
  if (!locked) co_return locked.error();
  co_return Done{};
}

Task<> FileTree::unlock_moves(std::string space, std::uint64_t mover) {
  FileRows::Next<FileSpace> unlock =
      [=](const std::optional<FileSpace>& now) -> Result<std::optional<FileSpace>> {
    if (!now || now->mover != mover) return now;
    std::optional<FileSpace> unlocked = now;
    unlocked->mover = 0;
    return unlocked;
  };
  Task<Result<std::optional<FileSpace>>> changing =
      rows_.change_space(std::move(space), std::move(unlock));
  [[maybe_unused]] const auto unlocked = co_await std::move(changing);
}

}  // namespace evenkeel
