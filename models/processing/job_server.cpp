#include "models/processing/job_server.h"

namespace evenkeel {

Task<Blob> JobServer::execute(Request request) {
  const auto kind = static_cast<std::size_t>(request.body.front());  // never empty
  if (kind >= kinds_.size() || !kinds_[kind]) {
    node_.probe().count("malformed messages", node_.id(), 1);
    co_return job_result(Result<Done>{Error{ErrorCode::malformed, "no job that this node does"}});
  }
  request.body = request.body.subspan(1);
  Task<Blob> executing = kinds_[kind](request);
  Blob body = co_await std::move(executing);
  co_return body;
}

}  // namespace evenkeel
