// Jobs that come as requests to a server, so that balancers choose where they run: which kind of
// job is the first byte of a request's body.
#pragma once

#include <array>

#include "models/balancing/server.h"
#include "models/runtime/service.h"

namespace evenkeel {

enum class JobKind : std::uint8_t { inference, batch };
inline constexpr std::size_t job_kinds = 2;

class JobServer {
 public:
  using Execute = Server::Execute;

  /// Both outlive the node's tasks.
  JobServer(Node& node, Server& server) : node_(node) {
    server.execute_with([this](Request request) { return execute(request); });
  }
  JobServer(const JobServer&) = delete;

  /// What is told the request without that byte, and returns the answer's body.
  void on(JobKind kind, Execute execute) {
    kinds_[static_cast<std::size_t>(kind)] = std::move(execute);
  }

 private:
  Task<Blob> execute(Request request);

  Node& node_;
  std::array<Execute, job_kinds> kinds_;
};

/// The body for a job.
template <class Question>
Blob job_body(JobKind kind, const Question& question) {
  Blob body{static_cast<std::byte>(kind)};
  const Blob rest = encoded(question);
  body.insert(body.end(), rest.begin(), rest.end());
  return body;
}

/// An answer's body, and what it says.
template <class T>
Blob job_result(const Result<T>& result) {
  const Payload payload = encode_result(result);
  return {payload.bytes.begin(), payload.bytes.end()};
}
template <class T>
Result<T> result_of_job(const Blob& body) {
  Payload payload;
  payload.bytes.assign(body.begin(), body.end());
  return decode_result<T>(payload);
}

}  // namespace evenkeel
