// Keeps stream jobs going. Each has one node that runs it, and may have a second one: of the two
// one owns the job, and the other stands by and takes over when the owner is not heard of.
//
// The owner is a row (StreamOwners) that says too whether the other has all that was told (not
// `alone`): only then it may take over. An owner whose standby is not heard of claims the job anew,
// alone, and goes on; when the other is back it claims it once more, ships everything, and then
// says in the row that it is not alone any more. An owner that lost its disk leaves the job to its
// standby.
#pragma once

#include <functional>

#include "models/processing/stream_job.h"
#include "models/processing/stream_owners.h"

namespace evenkeel {

struct StreamKeeperSettings {
  Duration ask_every = seconds(1);        // the other node, whether it is there
  Duration timeout = seconds(1);          // of a question
  Duration take_over_after = seconds(5);  // without an answer
};

/// A job and the nodes for it; the same on both.
struct KeptStream {
  StreamPlan plan = {};
  StreamJobSettings job = {};  // its standby is set here
  NodeId first{};              // owns it in the beginning
  std::optional<NodeId> second = {};
};

/// One a node, for all jobs.
class StreamKeeper {
 public:
  /// All outlive the node's tasks; the service answers Port::streams. `owners` may be null where
  /// no job has a second node.
  StreamKeeper(Node& node, StreamStore& store, Service& service, StreamOwners* owners,
               const StreamKeeperSettings& settings = {});
  StreamKeeper(const StreamKeeper&) = delete;

  /// This node is one of the two. Before the node's tasks run.
  void keep(KeptStream stream);
  /// The job as it runs here now; null: it does not.
  StreamJob* running(const std::string& job);

 private:
  struct Kept {
    KeptStream stream;
    NodeId other{};
    StreamJob* running = nullptr;
    std::vector<std::unique_ptr<StreamJob>> jobs = {};  // all, as their tasks may still run
  };

  Task<Result<std::uint64_t>> answer(NodeId from, AskStreamOwner question);
  Task<> run_alone(Kept& kept);
  Task<> run(Kept& kept);
  Task<> own(Kept& kept, StreamOwner owner);
  Task<bool> watch(Kept& kept, StreamOwner& owner, bool with_other);
  Task<> stand_by(Kept& kept, StreamOwner owner);
  Task<Result<std::uint64_t>> ask_other(Kept& kept);
  bool start(Kept& kept, std::uint64_t epoch, bool with_other);
  void stop(Kept& kept);
  bool lost_its_disk(const Kept& kept, const StreamOwner& owner);

  Node& node_;
  StreamStore& store_;
  StreamOwners* owners_;
  StreamKeeperSettings settings_;
  std::map<std::string, std::unique_ptr<Kept>> kept_;
};

}  // namespace evenkeel
