#include "models/processing/stream_job.h"

#include <algorithm>
#include <utility>

namespace evenkeel {
StreamJob::StreamJob(Node& node, StreamStore& store, StreamPlan plan,
                     const StreamJobSettings& settings)
    : node_(node),
      store_(store),
      plan_(std::move(plan)),
      settings_(settings),
      watermarks_(plan_.spec.watermark) {}

Result<Done> StreamJob::start(std::uint64_t epoch) {
  const Result<Done> ours = sql_result([&]() -> Result<Done> { return took_over(epoch); });
  if (!ours) return ours;
  for (std::size_t i = 0; i < positions_.size(); ++i) node_.spawn(read(i));
  node_.spawn(tick());
  if (settings_.standby) node_.spawn(ship());
  return Done{};
}

Result<Done> StreamJob::took_over(std::uint64_t epoch) {
  const std::string& job = plan_.spec.name;
  head_ = store_.head(job);
  if (epoch < head_.epoch)
    return Error{ErrorCode::conflict, "'" + job + "' has a later owner: claim it again first"};
  if (epoch > head_.epoch) {
    Transaction transaction{store_.database(), Transaction::Kind::write};
    head_.epoch = epoch;
    head_.shipped = 0;  // a standby of this owner has nothing of it yet
    store_.save(job, head_);
    transaction.commit();
  }
  shipped_ = head_.shipped;
  open_windows_ = store_.open_windows(job);
  watermarks_.restore(head_.watermark);
  const std::vector<SourcePosition> known = store_.positions(job);
  for (const NodeId source : plan_.spec.sources) {
    const auto found = std::ranges::find(known, source, &SourcePosition::source);
    positions_.push_back(found == known.end() ? SourcePosition{.source = source} : *found);
    watermarks_.add(source, node_.now(), positions_.back().greatest);
    safe_.push_back({.source = source});
  }
  if (!settings_.standby) safe_ = positions_;
  return Done{};
}

void StreamJob::fail(const Error& error) {
  if (failure_) return;
  failure_ = error;
  node_.probe().event(node_.now(), node_.id(), "stream job stopped",
                      plan_.spec.name + ": " + error.detail);
}

void StreamJob::stop() {
  if (!failure_) failure_ = Error{ErrorCode::stopped, "the job was stopped"};
}

bool StreamJob::is_still_ours() {
  if (store_.head(plan_.spec.name).epoch == head_.epoch) return true;
  fail({ErrorCode::conflict, "'" + plan_.spec.name + "' has a later owner"});
  return false;
}

bool StreamJob::is_held_up() const {
  const bool is_ahead = settings_.standby && head_.step - shipped_ >= settings_.most_unshipped;
  return is_ahead || open_windows_ >= settings_.most_windows;
}

FetchEvents StreamJob::question(std::size_t source, std::uint32_t credit) const {
  const SourcePosition& position = positions_[source];
  const SourcePosition& safe = safe_[source];
  return {.stream = plan_.spec.stream,
          .job = plan_.spec.name,
          .epoch = head_.epoch,
          .log = position.log,
          .from = position.next,
          .safe = safe.log == position.log ? safe.next : 0,
          .credit = credit,
          .credit_bytes = settings_.credit_bytes,
          .patience = settings_.patience};
}

bool StreamJob::is_sound(std::size_t source, const EventPage& page, std::uint32_t credit) const {
  const SourcePosition& position = positions_[source];
  const bool is_same = position.log == 0 || page.log == position.log;
  std::uint64_t next = std::max(is_same ? position.next : 0, page.start);
  if (page.log == 0 || page.events.size() > credit || page.start > page.next) return false;
  for (const Event& event : page.events)
    if (event.offset != next++ || !is_event_time(event.at)) return false;
  return next <= page.next;
}

Task<Result<Blob>> StreamJob::token_for(NodeId source) {
  if (!settings_.shows.token) co_return Blob{};
  Task<Result<Blob>> asking = settings_.shows.token(source);
  Result<Blob> token = co_await std::move(asking);
  co_return std::move(token);
}

void StreamJob::refused(const Error& why) {
  node_.probe().count("stream reads refused", node_.id(), 1);
  if (settings_.shows.refused) settings_.shows.refused(why);
  if (std::exchange(last_refusal_, why.detail) != why.detail)
    node_.probe().event(node_.now(), node_.id(), "stream refused",
                        "'" + plan_.spec.name + "': " + why.detail);
}

Task<> StreamJob::read(std::size_t source) {
  const NodeId peer = plan_.spec.sources[source];
  const auto credit = static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(settings_.room / plan_.spec.sources.size(), 1, settings_.credit));
  Blob token;
  bool shows_anew = true;
  while (!failure_) {
    if (shows_anew) {
      Task<Result<Blob>> asking = token_for(peer);
      Result<Blob> shown = co_await std::move(asking);
      if (!shown) {
        refused(shown.error());
        co_await node_.sleep(settings_.refused_for);
        continue;
      }
      token = std::move(*shown);
      shows_anew = false;
    }
    if (is_held_up()) {
      node_.probe().count("stream waits for room", node_.id(), 1);
      co_await node_.sleep(settings_.retry);
      continue;
    }
    FetchEvents wanted = question(source, credit);
    wanted.token = token;
    Task<Result<EventPage>> asked =
        ask(node_, peer, Port::streams, wanted, settings_.patience + settings_.timeout);
    Result<EventPage> page = co_await std::move(asked);
    if (!page && page.error().code == ErrorCode::denied) {
      refused(page.error());
      shows_anew = true;
      co_await node_.sleep(settings_.refused_for);
      continue;
    }
    if (!page || !is_sound(source, *page, credit)) {
      if (!page && page.error().code == ErrorCode::conflict) fail(page.error());
      if (page) node_.probe().count("malformed messages", node_.id(), 1);
      co_await node_.sleep(settings_.retry);
      continue;
    }
    const double work = settings_.ops_per_event + plan_.aggregates.ops_per_row();
    co_await node_.compute(Work{work * static_cast<double>(page->events.size())});
    Task<Result<Done>> keeping = keep(source, std::move(*page));
    const Result<Done> kept = co_await std::move(keeping);
    if (!kept) co_await node_.sleep(settings_.retry);
  }
}

Task<Result<Done>> StreamJob::keep(std::size_t source, EventPage page) {
  if (failure_) co_return *failure_;
  const SourcePosition& position = positions_[source];
  if (page.events.empty() && page.log == position.log && page.start <= position.next)
    co_return Done{};
  if (settings_.flaw == StreamJobSettings::Flaw::two_transactions) {
    const Result<Done> first = keep_at_once(source, page, false);
    co_await node_.sleep(std::chrono::milliseconds{5});
    if (!first) co_return first;
    co_return keep_position(source);
  }
  const Result<Done> kept = keep_at_once(source, page, true);
  co_await node_.disk_done();
  if (kept && !settings_.standby) safe_[source] = positions_[source];
  co_return kept;
}

Result<Done> StreamJob::keep_at_once(std::size_t source, const EventPage& page,
                                     bool with_position) {
  SourcePosition position = positions_[source];
  if (position.log != 0 && position.log != page.log) {
    node_.probe().count("stream logs lost", node_.id(), 1);
    position.next = 0;
  }
  position.log = page.log;
  if (page.start > position.next) {
    position.lost += page.start - position.next;
    node_.probe().count("stream events lost", node_.id(),
                        static_cast<double>(page.start - position.next));
    position.next = page.start;
  }
  position.next += page.events.size();
  Watermarks marks = watermarks_;
  JobHead head = head_;
  JobStep step{.epoch = head.epoch, .number = ++head.step};
  std::vector<Event> shown = page.events;
  std::erase_if(shown, [](const Event& event) { return event.values.empty(); });  // hidden
  for (const Event& event : shown) marks.saw(position.source, event.at, node_.now());
  position.greatest = marks.greatest(position.source);
  const Result<Done> kept = sql_result([&]() -> Result<Done> {
    Transaction transaction{store_.database(), Transaction::Kind::write};
    if (!is_still_ours()) return *failure_;
    WindowOperator windows{store_, plan_};
    windows.add(position.source, page.log, shown, head_.watermark, step);
    head.watermark = marks.advance(node_.now());
    if (head.watermark) windows.fire(*head.watermark, step);
    if (with_position) store_.save(plan_.spec.name, position);
    store_.save(plan_.spec.name, head);
    open_windows_ = store_.open_windows(plan_.spec.name);
    transaction.commit();
    return Done{};
  });
  if (!kept) return kept;
  watermarks_ = std::move(marks);
  positions_[source] = position;
  head_ = head;
  count(step, shown.size());
  return Done{};
}

Result<Done> StreamJob::keep_position(std::size_t source) {
  return sql_result([&]() -> Result<Done> {
    Transaction transaction{store_.database(), Transaction::Kind::write};
    if (!is_still_ours()) return *failure_;
    store_.save(plan_.spec.name, positions_[source]);
    transaction.commit();
    safe_[source] = positions_[source];
    return Done{};
  });
}

void StreamJob::count(const JobStep& step, std::size_t events) {
  const auto add = [this](std::string_view name, std::uint64_t amount) {
    if (amount > 0) node_.probe().count(name, node_.id(), static_cast<double>(amount));
  };
  add("stream events", events);
  add("stream late events", step.late);
  add("stream values left out", step.left_out);
  add("stream outputs", step.outputs);
  if (step.outputs > 0)  // in all, from the ends of the windows to now
    node_.probe().count(
        "stream lag in s", node_.id(),
        static_cast<double>(step.outputs) * to_seconds(node_.wall_clock()) - step.ends_s);
}

Task<> StreamJob::tick() {
  while (!failure_) {
    co_await node_.sleep(settings_.tick);
    const Result<Done> fired = fire_idle();
    if (!fired) node_.probe().count("stream steps failed", node_.id(), 1);
    co_await node_.disk_done();
  }
}

Result<Done> StreamJob::fire_idle() {
  Watermarks marks = watermarks_;
  JobHead head = head_;
  head.watermark = marks.advance(node_.now());
  if (failure_ || head.watermark == head_.watermark) return Done{};
  JobStep step{.epoch = head.epoch, .number = ++head.step};
  const Result<Done> fired = sql_result([&]() -> Result<Done> {
    Transaction transaction{store_.database(), Transaction::Kind::write};
    if (!is_still_ours()) return *failure_;
    WindowOperator{store_, plan_}.fire(*head.watermark, step);
    store_.save(plan_.spec.name, head);
    open_windows_ = store_.open_windows(plan_.spec.name);
    transaction.commit();
    return Done{};
  });
  if (!fired) return fired;
  watermarks_ = std::move(marks);
  head_ = head;
  count(step, 0);
  return Done{};
}

Task<> StreamJob::ship() {
  bool is_first = true;  // the standby says what it has
  while (!failure_) {
    if (!is_first && shipped_ == head_.step) {
      co_await node_.sleep(std::min(settings_.retry, settings_.tick));
      continue;
    }
    ShipChanges wanted{.job = plan_.spec.name};
    const Result<Done> read = sql_result([&]() -> Result<Done> {
      wanted.changes = store_.changes_since(plan_.spec.name, shipped_);
      return Done{};
    });
    if (!read) {
      co_await node_.sleep(settings_.retry);
      continue;
    }
    Task<Result<std::uint64_t>> asked =
        ask(node_, *settings_.standby, Port::streams, wanted, settings_.timeout);
    const Result<std::uint64_t> has = co_await std::move(asked);
    if (failure_) co_return;
    if (!has) {
      if (has.error().code == ErrorCode::conflict) fail(has.error());
      co_await node_.sleep(settings_.retry);
      continue;
    }
    if (*has > head_.step) {
      fail({ErrorCode::conflict, "the standby knows more of '" + plan_.spec.name +
                                     "' than its owner: let the standby take over"});
      co_return;
    }
    is_first = false;
    shipped_ = *has;
    if (*has == wanted.changes.step)
      for (const SourcePosition& position : wanted.changes.positions)
        for (SourcePosition& safe : safe_)
          if (safe.source == position.source) safe = position;
    const Result<Done> noted = sql_result([&]() -> Result<Done> {
      Transaction transaction{store_.database(), Transaction::Kind::write};
      if (!is_still_ours()) return *failure_;
      store_.shipped(plan_.spec.name, shipped_);
      transaction.commit();
      return Done{};
    });
    if (noted) head_.shipped = shipped_;
    if (*has != wanted.changes.step) co_await node_.sleep(settings_.retry);
  }
}

Result<std::vector<WindowOutput>> StreamJob::outputs() {
  return sql_result(
      [&]() -> Result<std::vector<WindowOutput>> { return store_.outputs(plan_.spec.name); });
}

Result<std::vector<LateEvent>> StreamJob::late() {
  return sql_result(
      [&]() -> Result<std::vector<LateEvent>> { return store_.late(plan_.spec.name); });
}

namespace {

bool is_sound(const JobChanges& changes) {
  const auto is_window = [](const TimeWindow& window) { return window.start < window.end; };
  return changes.base <= changes.step && changes.step < (std::uint64_t{1} << 62) &&
         std::ranges::all_of(changes.windows, is_window, &OpenWindow::window) &&
         std::ranges::all_of(changes.outputs, is_window, &WindowOutput::window) &&
         std::ranges::all_of(changes.late,
                             [](const LateEvent& late) { return is_event_time(late.event.at); });
}

}  // namespace

Task<Result<std::uint64_t>> StreamStandby::keep(NodeId, ShipChanges question) {
  const JobChanges& changes = question.changes;
  if (question.job.empty() || question.job.size() > 200 || !is_sound(changes))
    co_return Error{ErrorCode::malformed, "no changes of a stream job"};
  constexpr double ops_per_row = 40'000;
  const std::size_t rows = changes.windows.size() + changes.outputs.size() + changes.late.size();
  co_await node_.compute(Work{ops_per_row * static_cast<double>(rows + 1)});
  const Result<std::uint64_t> kept = sql_result([&]() -> Result<std::uint64_t> {
    Transaction transaction{store_.database(), Transaction::Kind::write};
    const JobHead head = store_.head(question.job);
    if (changes.epoch < head.epoch) {
      node_.probe().count("stream zombies refused", node_.id(), 1);
      return Error{ErrorCode::conflict, "'" + question.job + "' has a later owner"};
    }
    // A later owner's steps are not those of the one before: all of it, or nothing.
    const std::uint64_t has = changes.epoch == head.epoch ? head.step : 0;
    if (changes.base != has) return has;
    store_.apply(question.job, changes);
    transaction.commit();
    return changes.step;
  });
  co_await node_.disk_done();
  co_return kept;
}

}  // namespace evenkeel
