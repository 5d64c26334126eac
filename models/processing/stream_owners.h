// Who owns a stream job: a row of a compare-and-set table, so that of several nodes that want a job
// at once each gets an epoch of its own, and the later one wins.
#pragma once

#include "models/storage/records.h"

namespace evenkeel {

struct StreamOwner {
  NodeId node{};
  std::uint64_t epoch = 0;  // 0: nobody owned it yet
  bool alone = true;        // no standby has all that it told: nobody may take over
  friend bool operator==(const StreamOwner&, const StreamOwner&) = default;
};

class StreamOwners {
 public:
  static TableSchema table();

  /// The records outlive the node's tasks.
  explicit StreamOwners(Records& records) : records_(records) {}

  /// This node owns the job from now on, with an epoch above all earlier ones: StreamJob::start
  /// wants it. Errors as of Records::change; after ErrorCode::no_quorum claim again.
  Task<Result<std::uint64_t>> claim(std::string job);
  /// As claim, but only while `known` still owns it: ErrorCode::conflict if not, and then nothing
  /// happened. `alone`: nobody may take over from this node.
  Task<Result<std::uint64_t>> claim_after(std::string job, StreamOwner known, bool alone = true);
  /// The owner, whom `known` names, has a standby that may take over. Nothing else changes.
  /// ErrorCode::conflict: it is not the owner any more.
  Task<Result<std::uint64_t>> accompany(std::string job, StreamOwner known);
  Task<Result<StreamOwner>> find(std::string job);

 private:
  using NextOwner = std::function<StreamOwner(const StreamOwner&)>;
  Task<Result<std::uint64_t>> change(std::string job, std::optional<StreamOwner> known,
                                     NextOwner next_owner);

  Records& records_;
};

}  // namespace evenkeel
