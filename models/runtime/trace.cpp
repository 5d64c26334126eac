#include "models/runtime/trace.h"

#include "models/runtime/check.h"
#include "models/runtime/payload.h"

namespace evenkeel {

Trace::Trace(std::uint64_t request) : request_(request) {
  EVENKEEL_CHECK(std::exchange(running_, this) == nullptr, "two traces at a time");
}

Trace::~Trace() {
  running_ = nullptr;
  cause_ = Cause::none;
}

Cause Trace::sent(const Message& message, Time at) {
  TraceStep step = std::exchange(next_, {});
  step.kind = TraceStep::Kind::message;
  step.node = message.from;
  step.to = message.to;
  step.begin = at;
  step.amount = static_cast<double>(message.payload.size());
  if (step.what.empty()) step.what = name_of(message.port);
  return began(std::move(step));
}

Cause Trace::began(TraceStep step) {
  if (steps_.size() >= most_steps) {
    ++left_off_;
    return Cause::request;
  }
  step.cause = cause_;
  steps_.push_back(std::move(step));
  return static_cast<Cause>(steps_.size() + 1);
}

void Trace::end_of(Cause step, Time at) {
  if (running_ == nullptr || step <= Cause::request) return;
  Time& end = running_->steps_[step_of(step)].end;
  if (end == never) end = at;  // what was duplicated on its way arrives twice
}

void Trace::wait(NodeId node, std::string_view what, Time begin, Time end) {
  if (end <= begin) return;
  began({.kind = TraceStep::Kind::wait,
         .node = node,
         .begin = begin,
         .end = end,
         .what = std::string{what}});
}

void Trace::note(TraceStep note) {
  note.kind = TraceStep::Kind::note;
  note.end = note.begin;
  began(std::move(note));
}

}  // namespace evenkeel
