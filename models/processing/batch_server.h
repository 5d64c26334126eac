// Runs whole batches on a node that serves requests: computes where the data is and gathers what
// comes of it, or brings the data here and computes it all by itself.
#pragma once

#include "models/processing/batch.h"
#include "models/processing/job_server.h"
#include "models/processing/kept_rows.h"

namespace evenkeel {

/// The body of a request for a batch (JobKind::batch). Its answer is a BatchAnswer.
struct BatchQuestion {
  BatchSpec spec = {};
  std::vector<std::pair<std::uint32_t, std::vector<NodeId>>> parts = {};  // and who keeps them
  bool brings = false;      // the data to the node that runs the batch
  double slow_factor = 0;   // BatchSettings::slow_factor; 0: no second copies
  BatchTokens tokens = {};  // where the rows are another party's

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(spec, parts, brings, slow_factor, tokens);
  }
};

struct BatchAnswer {
  std::vector<GroupResult> groups = {};
  std::uint64_t rows = 0;
  std::uint64_t copies = 0;
  std::uint64_t retries = 0;
  std::uint64_t moved_bytes = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(groups, rows, copies, retries, moved_bytes);
  }
};

struct BatchServerSettings {
  BatchSettings batch = {};
  std::size_t brings_at_once = 8;      // parts on their way here
  std::uint32_t page_bytes = 1 << 20;  // of rows in one message
  Duration page_timeout = seconds(20);
  std::size_t most_groups = 100'000;  // in an answer
};

/// Errors in answers: as of BatchRunner; ErrorCode::full: no room for the data, or for the result.
class BatchServer {
 public:
  /// All outlive the node's tasks. The node has a BatchWorker over the same rows.
  BatchServer(Node& node, JobServer& jobs, KeptRows& rows,
              const BatchServerSettings& settings = {});
  BatchServer(const BatchServer&) = delete;

 private:
  struct Bringing;

  Task<Blob> execute(Request request);
  Task<Result<BatchAnswer>> run(BatchQuestion question);
  Task<Result<std::uint64_t>> bring_all(std::string input, std::string as,
                                        std::vector<BatchPart> parts, const BatchTokens& tokens);
  Task<> bring_some(Bringing& bringing);
  Task<Result<Done>> bring(Bringing& bringing, BatchPart part);

  Node& node_;
  KeptRows& rows_;
  BatchServerSettings settings_;
};

}  // namespace evenkeel
