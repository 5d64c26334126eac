// Offloaded jobs: a request with a model to run, somewhere at the edge or in the cloud, where the
// balancer chooses; and a smaller model to run here if the answer would come too late.
#pragma once

#include "models/balancing/balancer.h"
#include "models/processing/job_server.h"
#include "models/processing/model_store.h"

namespace evenkeel {

struct OffloadRequest {
  std::string model = {};
  NodeId home{};  // where the model may be fetched
  Row input = {};
  double work = 0;  // operations, as far as the balancer cares; the model says its own
  std::uint64_t input_bytes = 0;  // of the message, all included: a frame need not exist to be sent
  std::uint64_t output_bytes = 0;
  std::uint32_t request_class = 0;
  Duration deadline = std::chrono::seconds{1};
  Duration timeout = never;  // where there is no fall-back it waits so long, and no deadline counts
  std::string fallback = {};  // a model that is here; none: the request fails instead
};

struct OffloadAnswer {
  Row output = {};
  bool fell_back = false;
  NodeId server{};
  Duration took{};
  Answer phases = {};  // of the request, where it did not fall back; without its body
};

struct OffloaderSettings {
  Duration fallback_time = std::chrono::milliseconds{50};  // kept back for the first fall-back
};

/// Asks for models to be run.
class Offloader {
 public:
  /// All outlive the node's tasks.
  Offloader(Node& node, ModelStore& models, const OffloaderSettings& settings = {})
      : node_(node), models_(models), fallback_time_(settings.fallback_time) {}
  Offloader(const Offloader&) = delete;

  /// Waits for a server that the balancer chooses as long as the fall-back would still be in time
  /// after it. ErrorCode::timeout: there is no fall-back. Else what the server, or the fall-back,
  /// says is wrong with the request. The balancer outlives the request.
  Task<Result<OffloadAnswer>> run(Balancer& balancer, OffloadRequest request);

 private:
  Task<Result<OffloadAnswer>> fall_back(OffloadRequest request, Time began);

  Node& node_;
  ModelStore& models_;
  Duration fallback_time_;  // moving average of what it took, weight 0.2
};

/// Runs models on a node that serves requests (JobKind::inference).
class ModelServer {
 public:
  /// All outlive the node's tasks.
  ModelServer(Node& node, JobServer& jobs, ModelStore& models);
  ModelServer(const ModelServer&) = delete;

 private:
  Task<Blob> execute(Request request);

  Node& node_;
  ModelStore& models_;
};

}  // namespace evenkeel
