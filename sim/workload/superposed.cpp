#include "sim/workload/superposed.h"

#include <algorithm>

#include "models/runtime/user_error.h"

namespace evenkeel {

Superposed::Superposed(const ArrivalContext& context, double rate,
                       std::unique_ptr<Modulation> modulation)
    : rate_(rate),
      modulation_(std::move(modulation)),
      weights_(HotSpots{context.devices, context.hot}),
      random_(Random::stream(context.seed, "superposed")) {
  found_ = advance();
}

void Superposed::pop() {
  ++request_.draw;
  found_ = advance();
}

bool Superposed::advance() {
  double hazard = random_.exponential();
  while (true) {
    weights_.move_to(now_s_);
    const double plain = rate_ * weights_.total();
    Modulation::Piece piece{1, forever_s};
    // Where nobody asks there is no need to follow the modulation.
    if (modulation_ && plain > 0) piece = modulation_->piece(now_s_);
    const double until_s = std::min(piece.until_s, weights_.until_s());
    const double intensity = plain * piece.level;
    if (intensity * (until_s - now_s_) > hazard) {
      now_s_ += hazard / intensity;
      if (kept(piece)) return request_.at < never;
      hazard = random_.exponential();
      continue;
    }
    if (until_s > 9e9) return false;  // beyond the end of time
    hazard -= intensity * (until_s - now_s_);
    now_s_ = until_s;
  }
}

bool Superposed::kept(const Modulation::Piece& piece) {
  if (!piece.exact && !random_.chance(modulation_->level(now_s_) / piece.level)) return false;
  const std::optional<std::uint32_t> device = weights_.draw(random_, now_s_);
  if (!device) return false;
  request_.at = seconds(now_s_);
  request_.device = *device;
  return true;
}

double needed_rate(const ArrivalContext& context, std::string_view process) {
  if (context.rate > 0) return context.rate * context.scale;
  throw UserError("arrivals '" + std::string{process} +
                  "': the class needs a rate above 0, such as 'rate: 2 /s'");
}

void refuse_rate(const ArrivalContext& context, std::string_view process) {
  if (context.rate > 0)
    throw UserError("arrivals '" + std::string{process} +
                    "': have a rate of their own; leave 'rate' out (and use 'scale')");
}

}  // namespace evenkeel
