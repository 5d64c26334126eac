#include "models/processing/event_intake.h"

namespace evenkeel {

Task<Result<std::uint64_t>> EventIntake::take(NodeId, AppendEvent question) {
  const auto found = streams_.find(question.stream);
  if (found == streams_.end())
    co_return Error{ErrorCode::not_found, "this node takes no events of '" + question.stream + "'"};
  const Result<Done> fits = check_row(found->second, question.values);
  if (!fits) co_return fits.error();
  co_await node_.compute(Work{work_});
  Task<Result<std::uint64_t>> appending =
      log_.append(std::move(question.stream), question.at, std::move(question.values));
  const Result<std::uint64_t> offset = co_await std::move(appending);
  if (!offset &&
      (offset.error().code == ErrorCode::full || offset.error().code == ErrorCode::overloaded))
    node_.probe().count("events pushed back", node_.id(), 1);
  co_return offset;
}

}  // namespace evenkeel
