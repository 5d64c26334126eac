#include "sim/workload/replay.h"

#include <algorithm>

#include "models/runtime/user_error.h"

namespace evenkeel {

Replay::Replay(const ArrivalContext& context, std::unique_ptr<Record> record)
    : record_(std::move(record)),
      scale_(context.scale),
      weights_(HotSpots{context.devices, context.hot}),
      random_(Random::stream(context.seed, "replay")) {
  double most = scale_;
  for (const HotSpot& spot : context.hot) most *= std::max(1.0, spot.factor);
  if (!(most <= max_copies))
    throw UserError("a trace can be repeated at most a million times; lower scale or hot spots");
  more_ = record_->next(ahead_);
  found_ = advance();
}

void Replay::pop() {
  ++request_.draw;
  found_ = advance();
}

bool Replay::advance() {
  while (true) {
    for (std::uint64_t skipped = 0; due_.empty(); ++skipped) {
      if (!more_ || skipped > max_skipped) return false;
      read_ahead();
    }
    const Time at = due_.back();
    due_.pop_back();
    if (!give_device(at)) continue;
    request_.at = at;
    return at < never;
  }
}

void Replay::read_ahead() {
  current_ = ahead_;
  more_ = record_->next(ahead_);
  request_.work = current_.work;
  request_.input_bytes = current_.input_bytes;
  request_.output_bytes = current_.output_bytes;
  request_.key = current_.key;
  const std::uint64_t count = copies(to_seconds(current_.at));
  const auto gap_ns = static_cast<double>((more_ ? ahead_.at - current_.at : Duration{}).count());
  for (std::uint64_t copy = 1; copy < count; ++copy)
    due_.push_back(current_.at + Duration{static_cast<std::int64_t>(gap_ns * random_.uniform())});
  std::ranges::sort(due_, std::greater{});
  if (count > 0) due_.push_back(current_.at);
}

std::uint64_t Replay::copies(double at_s) {
  weights_.move_to(at_s);
  const HotSpots& hot = weights_.hot();
  double mean = scale_;
  if (current_.device)
    mean *= hot.factor(static_cast<std::uint32_t>(*current_.device % hot.devices()), at_s);
  else if (!hot.none())
    mean *= weights_.total() / hot.devices();
  const auto whole = static_cast<std::uint64_t>(mean);
  return whole + (random_.chance(mean - static_cast<double>(whole)) ? 1 : 0);
}

bool Replay::give_device(Time at) {
  if (current_.device) {
    request_.device = static_cast<std::uint32_t>(*current_.device % weights_.hot().devices());
    return true;
  }
  const std::optional<std::uint32_t> device = weights_.draw(random_, to_seconds(at));
  if (device) request_.device = *device;
  return device.has_value();
}

}  // namespace evenkeel
