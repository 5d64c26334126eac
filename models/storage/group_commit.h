// Writes that arrive while the disk is busy share its next commit.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "models/runtime/node.h"
#include "models/runtime/signal.h"
#include "models/storage/row_store.h"

namespace evenkeel {

class GroupCommit {
 public:
  /// Writes waiting, at most; one more is ErrorCode::overloaded.
  static constexpr std::size_t most_waiting = 100'000;

  /// Both outlive the node's tasks.
  GroupCommit(Node& node, RowStore& store) : node_(node), store_(store) {}
  GroupCommit(const GroupCommit&) = delete;

  /// What is to be done in a transaction; it owns what it uses, since it is done even if nobody
  /// waits for it any more.
  using Change = std::function<Result<Done>(RowStore&)>;
  /// Comes back when the change is durable, and the disk has taken its time.
  Task<Result<Done>> apply(Change change);

 private:
  struct Pending {
    Pending(World& world, Change its_change) : change(std::move(its_change)), done(world) {}
    Change change;
    Result<Done> result = Done{};
    Signal done;
  };

  Task<> commit_all();
  /// In one transaction; if that fails, each in its own.
  void commit(const std::vector<std::shared_ptr<Pending>>& group);
  Result<Done> commit_together(const std::vector<std::shared_ptr<Pending>>& group);

  Node& node_;
  RowStore& store_;
  std::vector<std::shared_ptr<Pending>> waiting_;
  bool running_ = false;
};

}  // namespace evenkeel
