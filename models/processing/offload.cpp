#include "models/processing/offload.h"

namespace evenkeel {
namespace {

/// The body of a request.
struct InferenceQuestion {
  std::string model = {};
  NodeId home{};
  Row input = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(model, home, input);
  }
};

}  // namespace

Task<Result<OffloadAnswer>> Offloader::run(Balancer& balancer, OffloadRequest request) {
  const Time began = node_.now();
  const Time deadline = time_after(began, request.deadline);
  const bool may_fall_back = !request.fallback.empty();
  Time give_up_at = deadline;
  if (may_fall_back && deadline != never) give_up_at = deadline - fallback_time_;
  if (!may_fall_back && request.timeout != never) give_up_at = time_after(began, request.timeout);
  if (give_up_at > began) {
    const Blob question =
        job_body(JobKind::inference, InferenceQuestion{request.model, request.home, request.input});
    Blob body;
    const Request sent{.request_class = request.request_class,
                       .work = request.work,
                       .output_bytes = request.output_bytes,
                       .body = question};
    const Sending how{
        .input_bytes = request.input_bytes, .give_up_at = give_up_at, .answer_body = &body};
    Task<Answer> dispatching = balancer.dispatch(sent, how);
    Answer answer = co_await std::move(dispatching);
    if (answer.end == RequestEnd::completed) {
      answer.body = {};
      Result<Row> output = result_of_job<Row>(body);
      if (output) {
        node_.probe().count("offloads answered", answer.server, 1);
        co_return OffloadAnswer{std::move(*output), false, answer.server, node_.now() - began,
                                answer};
      }
      if (output.error().code == ErrorCode::invalid || !may_fall_back) co_return output.error();
    }
    if (answer.end == RequestEnd::dropped && !may_fall_back)
      co_return Error{ErrorCode::overloaded, "the server has no room for the job"};
  }
  if (!may_fall_back)
    co_return Error{ErrorCode::timeout,
                    "no answer within the deadline, and no model to fall back to"};
  Task<Result<OffloadAnswer>> falling = fall_back(std::move(request), began);
  Result<OffloadAnswer> fell = co_await std::move(falling);
  co_return fell;
}

Task<Result<OffloadAnswer>> Offloader::fall_back(OffloadRequest request, Time began) {
  const std::shared_ptr<const Model> model = models_.find(request.fallback);
  if (model == nullptr)
    co_return Error{ErrorCode::not_found,
                    "the model to fall back to is not here: publish '" + request.fallback + "'"};
  node_.probe().count("offload fall-backs", node_.id(), 1);
  const Time started = node_.now();
  co_await node_.compute(Work{model->work});
  Result<Row> output = infer(*model, request.input);
  const double took_s = to_seconds(node_.now() - started);
  fallback_time_ = seconds(0.8 * to_seconds(fallback_time_) + 0.2 * took_s);
  if (!output) co_return output.error();
  if (node_.now() - began > request.deadline)
    node_.probe().count("offload deadlines missed", node_.id(), 1);
  co_return OffloadAnswer{std::move(*output), true, node_.id(), node_.now() - began};
}

ModelServer::ModelServer(Node& node, JobServer& jobs, ModelStore& models)
    : node_(node), models_(models) {
  jobs.on(JobKind::inference, [this](Request request) { return execute(request); });
}

Task<Blob> ModelServer::execute(Request request) {
  const std::optional<InferenceQuestion> question = decoded<InferenceQuestion>(request.body);
  if (!question) {
    node_.probe().count("malformed messages", node_.id(), 1);
    co_return job_result(Result<Row>{Error{ErrorCode::malformed, "not a question for a model"}});
  }
  Task<Result<std::shared_ptr<const Model>>> getting = models_.get(question->model, question->home);
  const Result<std::shared_ptr<const Model>> model = co_await std::move(getting);
  if (!model) co_return job_result(Result<Row>{model.error()});
  co_await node_.compute(Work{(*model)->work});
  co_return job_result(infer(**model, question->input));
}

}  // namespace evenkeel
