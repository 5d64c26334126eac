// Who owns a stream job: a row of a compare-and-set table, so that of several nodes that want a job
// at once each gets an epoch of its own, and the later one wins.
#pragma once

#include "models/storage/records.h"

namespace evenkeel {

struct StreamOwner {
  NodeId node{};
  std::uint64_t epoch = 0;  // 0: nobody owned it yet
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
  /// happened.
  Task<Result<std::uint64_t>> claim_after(std::string job, StreamOwner known);
  Task<Result<StreamOwner>> find(std::string job);

 private:
  Task<Result<std::uint64_t>> change(std::string job, std::optional<StreamOwner> known);

  Records& records_;
};

}  // namespace evenkeel
