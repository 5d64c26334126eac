#include "models/processing/event_source.h"

#include <algorithm>

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

Task<Result<EventPage>> EventSource::fetch(NodeId, FetchEvents question) {
  if (question.stream.empty() || question.stream.size() > longest_name || question.job.empty() ||
      question.job.size() > longest_name || question.credit == 0)
    co_return Error{ErrorCode::malformed, "not a question for events"};
  if (reading_ >= most_readers)
    co_return Error{ErrorCode::overloaded, "too many readers wait here; try again later"};
  const Counted counted{reading_};
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
