#include "sim/study/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace evenkeel {
namespace {

constexpr double between_lines_s = 15;
constexpr std::size_t bar_width = 24;

std::string time_left(double s) {
  if (s < 90) return fmt::format("{:.0f} s", std::ceil(s));
  if (s < 5400) return fmt::format("{:.0f} min", s / 60);
  return fmt::format("{:.1f} h", s / 3600);
}

std::string bar(const CellProgress& progress) {
  const std::size_t all = std::max<std::size_t>(1, progress.all);
  const std::size_t full = bar_width * (progress.kept + progress.done) / all;
  return "[" + std::string(full, '#') + std::string(bar_width - full, '.') + "] ";
}

}  // namespace

std::string progress_text(const CellProgress& progress, double elapsed_s) {
  const std::size_t finished = progress.kept + progress.done;
  std::string text = fmt::format("{} of {} runs", finished, progress.all);
  if (progress.kept > 0) text += fmt::format(" ({} from before)", progress.kept);
  if (progress.running > 0) text += fmt::format(", {} running", progress.running);
  if (progress.done > 0 && finished < progress.all) {
    const double each_s = elapsed_s / static_cast<double>(progress.done);
    text += ", about " + time_left(each_s * static_cast<double>(progress.all - finished)) + " left";
  }
  return text;
}

ProgressBar::ProgressBar(std::ostream& out, bool is_terminal, std::function<double()> now_s)
    : out_(out),
      is_terminal_(is_terminal),
      now_s_(std::move(now_s)),
      started_s_(now_s_()),
      next_line_s_(started_s_ + between_lines_s) {}

ProgressBar::~ProgressBar() {
  if (is_terminal_) out_ << "\r\x1b[K" << std::flush;
}

void ProgressBar::show(const CellProgress& progress) {
  const double now = now_s_();
  const std::string text = progress_text(progress, now - started_s_);
  if (is_terminal_) {
    out_ << '\r' << bar(progress) << text << "\x1b[K" << std::flush;
  } else if (now >= next_line_s_) {
    out_ << text << std::endl;
    next_line_s_ = now + between_lines_s;
  }
}

}  // namespace evenkeel
