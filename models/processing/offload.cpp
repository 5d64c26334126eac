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

Blob body_of(const Result<Row>& result) {
  const Payload payload = encode_result(result);
  return {payload.bytes.begin(), payload.bytes.end()};
}

Result<Row> result_of(const Blob& body) {
  Payload payload;
  payload.bytes.assign(body.begin(), body.end());
  return decode_result<Row>(payload);
}

}  // namespace

Task<Result<OffloadAnswer>> Offloader::run(OffloadRequest request) {
  const Time began = node_.now();
  const Time deadline = time_after(began, request.deadline);
  const bool may_fall_back = !request.fallback.empty();
  const Time give_up_at = may_fall_back && deadline != never ? deadline - fallback_time_ : deadline;
  if (give_up_at > began) {
    const Blob question = encoded(InferenceQuestion{request.model, request.home, request.input});
    Blob body;
    const Request sent{.request_class = request.request_class,
                       .work = request.work,
                       .output_bytes = request.output_bytes,
                       .body = question};
    const Sending how{
        .input_bytes = request.input_bytes, .give_up_at = give_up_at, .answer_body = &body};
    Task<Answer> dispatching = balancer_.dispatch(sent, how);
    const Answer answer = co_await std::move(dispatching);
    if (answer.end == RequestEnd::completed) {
      Result<Row> output = result_of(body);
      if (output) {
        node_.probe().count("offloads answered", node_.id(), 1);
        co_return OffloadAnswer{std::move(*output), false, answer.server, node_.now() - began};
      }
      if (output.error().code == ErrorCode::invalid || !may_fall_back) co_return output.error();
    }
  }
  if (!may_fall_back)
    co_return Error{ErrorCode::timeout,
                    "no answer within the deadline, and no model to fall back to"};
  Task<Result<OffloadAnswer>> falling = fall_back(std::move(request), began);
  co_return co_await std::move(falling);
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

ModelServer::ModelServer(Node& node, Server& server, ModelStore& models)
    : node_(node), models_(models) {
  server.execute_with([this](Request request) { return execute(request); });
}

Task<Blob> ModelServer::execute(Request request) {
  const std::optional<InferenceQuestion> question = decoded<InferenceQuestion>(request.body);
  if (!question) {
    node_.probe().count("malformed messages", node_.id(), 1);
    co_return body_of(Error{ErrorCode::malformed, "not a question for a model"});
  }
  Task<Result<std::shared_ptr<const Model>>> getting = models_.get(question->model, question->home);
  const Result<std::shared_ptr<const Model>> model = co_await std::move(getting);
  if (!model) co_return body_of(model.error());
  co_await node_.compute(Work{(*model)->work});
  co_return body_of(infer(**model, question->input));
}

}  // namespace evenkeel
