#include "sim/cli/share_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "sim/report/format.h"
#include "sim/study/run_cells.h"

namespace evenkeel {

ShareLine::ShareLine(Tells tells) : tells_(tells), is_seen_(isatty(STDERR_FILENO) != 0) {
  left_.starts(0, 0, steady_now_s());
}

std::function<void(double)> ShareLine::on_progress() {
  if (!is_seen_) return {};
  return [this](double share) { show(share); };
}

void ShareLine::clear() const {
  if (is_seen_) fmt::print(stderr, "\r\x1b[K");
}

void ShareLine::show(double share) {
  const double now = steady_now_s();
  left_.reaches(0, share, now);
  const double left_s = tells_ == Tells::time_left_too ? left_.seconds(now) : std::nan("");
  fmt::print(stderr, "\r{:3.0f} %{}\x1b[K", 100 * share,
             std::isnan(left_s) ? "" : ", about " + report::rough_time(left_s) + " left");
  std::fflush(stderr);
}

}  // namespace evenkeel
