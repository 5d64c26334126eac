#include "sim/study/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/report/format.h"

namespace evenkeel {
namespace {

constexpr double between_lines_s = 15;
constexpr double between_objects_s = 0.5;
constexpr std::size_t bar_width = 24;

const char* name_of(CellState state) {
  switch (state) {
    case CellState::kept:
      return "kept";
    case CellState::started:
      return "started";
    case CellState::finished:
      return "finished";
    case CellState::failed:
      break;
  }
  return "failed";
}

/// NaN: not known yet, which JSON has as null.
double seconds_left(const CellProgress& progress, double elapsed_s) {
  const std::size_t open = progress.all - progress.kept - progress.done;
  if (open == 0) return 0;
  if (!std::isnan(progress.left_s)) return progress.left_s;
  if (progress.done == 0) return std::nan("");
  return elapsed_s / static_cast<double>(progress.done) * static_cast<double>(open);
}

std::string bar(const CellProgress& progress) {
  const std::size_t all = std::max<std::size_t>(1, progress.all);
  const double over = static_cast<double>(progress.kept + progress.done) + progress.underway;
  const auto full =
      std::min(bar_width, static_cast<std::size_t>(bar_width * over / static_cast<double>(all)));
  return "[" + std::string(full, '#') + std::string(bar_width - full, '.') + "] ";
}

}  // namespace

std::string progress_text(const CellProgress& progress, double elapsed_s) {
  const std::size_t finished = progress.kept + progress.done;
  std::string text = fmt::format("{} of {} runs", finished, progress.all);
  if (progress.kept > 0) text += fmt::format(" ({} from before)", progress.kept);
  if (progress.running > 0) text += fmt::format(", {} running", progress.running);
  const double left_s = seconds_left(progress, elapsed_s);
  if (finished < progress.all && !std::isnan(left_s))
    text += ", about " + report::rough_time(left_s) + " left";
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

ProgressLines::ProgressLines(std::ostream& out, std::function<double()> now_s)
    : out_(out), now_s_(std::move(now_s)), started_s_(now_s_()) {}

void ProgressLines::plan(const std::string& result, const std::vector<Cell>& cells) {
  nlohmann::json list = nlohmann::json::array();
  for (const Cell& one : cells)
    list.push_back({{"seed", one.key.seed}, {"chosen", one.key.chosen}});
  const nlohmann::json line{{"event", "plan"}, {"result", result}, {"cells", std::move(list)}};
  out_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

void ProgressLines::cell(std::size_t cell, CellState state) {
  const nlohmann::json line{{"event", "cell"}, {"cell", cell}, {"state", name_of(state)}};
  out_ << line.dump() << std::endl;
  changed_ = true;
}

void ProgressLines::share(std::size_t cell, double share) {
  const double rounded = std::round(share * 1000) / 1000;
  const nlohmann::json line{{"event", "share"}, {"cell", cell}, {"share", rounded}};
  out_ << line.dump() << std::endl;
}

void ProgressLines::show(const CellProgress& progress) {
  const double now = now_s_();
  if (!changed_ && now < next_s_) return;
  changed_ = false;
  next_s_ = now + between_objects_s;
  const nlohmann::json line{{"event", "progress"},
                            {"all", progress.all},
                            {"kept", progress.kept},
                            {"done", progress.done},
                            {"running", progress.running},
                            {"elapsed_s", now - started_s_},
                            {"left_s", seconds_left(progress, now - started_s_)}};
  out_ << line.dump() << std::endl;
}

}  // namespace evenkeel
