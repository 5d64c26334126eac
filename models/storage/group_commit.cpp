#include "models/storage/group_commit.h"

#include <utility>

namespace evenkeel {

Task<Result<Done>> GroupCommit::apply(Change change) {
  if (waiting_.size() >= most_waiting)
    co_return Error{ErrorCode::overloaded, "too many writes wait for the disk; try again later"};
  const auto pending = std::make_shared<Pending>(node_.world(), std::move(change));
  waiting_.push_back(pending);
  if (!std::exchange(running_, true)) node_.spawn(commit_all());
  const Signal::Wait wait = pending->done.wait_until(never);
  co_await wait;
  co_return pending->result;
}

Task<> GroupCommit::commit_all() {
  while (!waiting_.empty()) {
    const std::vector<std::shared_ptr<Pending>> group = std::exchange(waiting_, {});
    commit(group);
    co_await node_.disk_done();
    for (const auto& pending : group) pending->done.raise();
  }
  running_ = false;
}

Result<Done> GroupCommit::commit_together(const std::vector<std::shared_ptr<Pending>>& group) {
  if (!store_.is_open()) return Error{ErrorCode::disk, "this node's store is not open"};
  RowStore::Batch batch{store_};
  for (const auto& pending : group) {
    pending->result = pending->change(store_);
    if (!pending->result) return pending->result;
  }
  return batch.commit();
}

void GroupCommit::commit(const std::vector<std::shared_ptr<Pending>>& group) {
  const Result<Done> together =
      sql_result([&]() -> Result<Done> { return commit_together(group); });
  if (together) return;
  if (group.size() == 1) {
    group.front()->result = together;
    return;
  }
  for (const auto& pending : group)
    pending->result = sql_result([&]() -> Result<Done> { return commit_together({pending}); });
}

}  // namespace evenkeel
