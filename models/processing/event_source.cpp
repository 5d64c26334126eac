#include "models/processing/event_source.h"

#include <algorithm>

#include "models/access/granted_rows.h"

namespace evenkeel {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::uint32_t most_bytes = 4 << 20;
constexpr std::uint32_t most_events = 100'000;

struct Counted {
  explicit Counted(std::size_t& its_count) : count(its_count) { ++count; }
  Counted(const Counted&) = delete;
  ~Counted() { --count; }
  std::size_t& count;
};

}  // namespace

Task<Result<EventPage>> EventSource::fetch(NodeId from, FetchEvents question) {
  if (question.stream.empty() || question.stream.size() > longest_name || question.job.empty() ||
      question.job.size() > longest_name || question.credit == 0)
    co_return Error{ErrorCode::malformed, "not a question for events"};
  if (reading_ >= most_readers)
    co_return Error{ErrorCode::overloaded, "too many readers wait here; try again later"};
  const Counted counted{reading_};
  const std::string stream = question.stream;
  const auto guarded = tables_.find(stream);
  if (guarded == tables_.end()) {
    Task<Result<EventPage>> reading = read(std::move(question));
    Result<EventPage> page = co_await std::move(reading);
    co_return std::move(page);
  }
  Task<Result<StandingLeaves::Leave>> asking =
      leave_for(from, stream, std::exchange(question.token, {}));
  const Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  Task<Result<EventPage>> reading = read(std::move(question));
  Result<EventPage> page = co_await std::move(reading);
  if (!page || page->events.empty()) co_return std::move(page);
  restrict(**leave, guarded->second, *page);
  const AnswerSize size{encoded_size(page->events), page->events.size()};
  if ((*leave)->serve) {
    Task<Result<Done>> serving = (*leave)->serve(size);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  if (on_tell_) on_tell_(guarded->second.name, from, size.bytes);
  co_return std::move(page);
}

Task<Result<StandingLeaves::Leave>> EventSource::leave_for(NodeId from, std::string stream,
                                                           Blob token) {
  AccessRequest request{.asker = from,
                        .table = tables_.at(stream),
                        .token = std::move(token),
                        .kind = AccessKind::stream,
                        .part = stream_part(stream)};
  Task<Result<StandingLeaves::Leave>> asking = leaves_.leave(std::move(request));
  Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  const Result<Done> shows_rows = check_granted_rows(**leave, tables_.at(stream));
  if (!shows_rows) co_return shows_rows.error();
  co_return std::move(leave);
}

void EventSource::restrict(const AccessLeave& leave, const TableSchema& table, EventPage& page) {
  for (Event& event : page.events)
    if (!show_row(leave, table, event.values)) event = {.offset = event.offset};
}

Task<Result<EventPage>> EventSource::read(FetchEvents question) {
  const Result<Done> progress =
      log_.progress(question.stream, question.job, question.epoch, question.log, question.safe);
  if (!progress) co_return progress.error();
  co_await node_.disk_done();
  // Another log than the reader knows is read from its start.
  const Result<EventPage> about = log_.read(question.stream, 0, 0, 0);
  if (!about) co_return about.error();
  const std::uint64_t from =
      question.log == about->log || question.log == 0 ? question.from : std::uint64_t{0};
  const Duration patience = std::clamp(question.patience, Duration{}, longest_patience);
  Task<> waiting = log_.wait_for(question.stream, from, node_.now() + patience);
  co_await std::move(waiting);
  co_return log_.read(question.stream, from, std::min(question.credit, most_events),
                      std::min(question.credit_bytes, most_bytes));
}

}  // namespace evenkeel
