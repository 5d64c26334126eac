// What privacy costs: a point a variant that computes on secrets, by latency, bytes and security.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/report/charts_common.h"
#include "sim/report/computations.h"
#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

// As the classes of security_classes.
constexpr std::array<std::pair<const char*, Shape>, security_classes.size()> looks{
    {{"var(--c2)", Shape::circle},
     {"var(--c0)", Shape::triangle},
     {"var(--c1)", Shape::square},
     {"var(--c3)", Shape::diamond},
     {"var(--c6)", Shape::cross}}};
constexpr std::size_t sees_everything = security_classes.size() - 1;

struct Strategy {
  std::string name = {};
  const MpcResult* promises = nullptr;
  std::size_t its_class = sees_everything;
  double latency_s = no_value;
  double sent_bytes = no_value;
  bool is_best = false;  // of its class

  bool trusts() const { return promises->trusts_somebody() && its_class != sees_everything; }
  /// As soon and as sparing, and one of the two more so.
  bool beats(const Strategy& other) const {
    return latency_s <= other.latency_s && sent_bytes <= other.sent_bytes &&
           (latency_s < other.latency_s || sent_bytes < other.sent_bytes);
  }
};

std::vector<Strategy> strategies_of(const Study& study) {
  std::vector<Strategy> all;
  for (const Variant& variant : study.variants) {
    const MpcResult* const promises = promises_of(variant);
    if (promises == nullptr) continue;
    const auto found = std::ranges::find(security_classes, promises->security);
    Strategy one{.name = variant.name,
                 .promises = promises,
                 .its_class = std::min<std::size_t>(
                     static_cast<std::size_t>(found - security_classes.begin()), sees_everything),
                 .latency_s = variant.mean([](const RunResult& run) { return run.mpc.latency(); }),
                 .sent_bytes = variant.mean([](const RunResult& run) { return run.mpc.bytes(); })};
    if (one.latency_s > 0 && one.sent_bytes > 0) all.push_back(std::move(one));
  }
  for (Strategy& one : all)
    one.is_best = std::ranges::none_of(all, [&one](const Strategy& other) {
      return other.its_class == one.its_class && (one.trusts() || !other.trusts()) &&
             other.beats(one);
    });
  return all;
}

std::vector<LegendEntry> legend_of(const std::vector<Strategy>& all) {
  std::vector<LegendEntry> legend;
  for (std::size_t c = 0; c < looks.size(); ++c)
    if (std::ranges::find(all, c, &Strategy::its_class) != all.end())
      legend.push_back(
          {std::string{security_classes[c]}, {.colour = looks[c].first, .shape = looks[c].second}});
  if (std::ranges::any_of(all, &Strategy::trusts))
    legend.push_back({"hollow: trusts somebody besides",
                      {.colour = "var(--muted)", .shape = Shape::circle, .is_hollow = true}});
  return legend;
}

/// The stairs that nothing which protects is to the left of and below.
Points front_of(const std::vector<Strategy>& all, const Axis& x, const Axis& y) {
  std::vector<const Strategy*> front;
  for (const Strategy& one : all)
    if (one.its_class != sees_everything &&
        std::ranges::none_of(all, [&one](const Strategy& other) {
          return other.its_class != sees_everything && other.beats(one);
        }))
      front.push_back(&one);
  std::ranges::sort(front, {}, &Strategy::latency_s);
  Points stairs;
  double above = y.scale.high();
  for (const Strategy* one : front) {
    stairs.emplace_back(one->latency_s, above);
    stairs.emplace_back(one->latency_s, one->sent_bytes);
    above = one->sent_bytes;
  }
  if (!front.empty()) stairs.emplace_back(x.scale.high(), above);
  return stairs;
}

Axis log_axis(const std::vector<Strategy>& all, double Strategy::*value, std::string label,
              std::function<std::string(double)> format) {
  const auto [low, high] = std::ranges::minmax_element(all, {}, value);
  constexpr double room = 1.15;
  return {Scale::log((*low).*value / room, (*high).*value * room), std::move(label),
          std::move(format)};
}

Table table_of(const std::vector<Strategy>& all) {
  Table table{.columns = {"variant", "latency", "bytes", "security", "whom to trust", "costs",
                          "best of its class"}};
  for (const Strategy& one : all)
    table.rows.push_back({one.name, time(one.latency_s), bytes(one.sent_bytes),
                          one.promises->security, one.promises->trusted,
                          one.promises->modelled.empty() ? "run" : one.promises->modelled,
                          one.is_best ? "yes" : ""});
  return table;
}

}  // namespace

std::optional<Chart> privacy_strategies(const Study& study) {
  const std::vector<Strategy> all = strategies_of(study);
  if (all.empty()) return std::nullopt;
  Chart chart{.heading = "What privacy costs",
              .explanation =
                  "A point a variant: how long a computation took and what all sent for it, "
                  "offline and online together; shape and colour say what is protected from. Below "
                  "and left is better. Dashed: the front that nothing which protects goes beyond. "
                  "Bold: none of its class, trusting no more, is as soon and as sparing.",
              .table = table_of(all)};
  const Axis x = log_axis(all, &Strategy::latency_s, "latency of a computation", time);
  const Axis y = log_axis(all, &Strategy::sent_bytes, "payload sent for it", bytes);
  constexpr double height = 420;
  Plane plane(chart.heading, legend_of(all), x, y, Key::shape, height);
  plane.curve(front_of(all, x, y), {.colour = "var(--muted)", .dash = "5 4"}, "the front");
  std::vector<Plane::Mark> marks;
  for (const Strategy& one : all)
    marks.push_back(
        {.x = one.latency_s,
         .y = one.sent_bytes,
         .ink = {.colour = looks[one.its_class].first,
                 .shape = looks[one.its_class].second,
                 .is_hollow = one.trusts()},
         .label = one.name,
         .tip = fmt::format("{}: {}, {}; {}; {} may collude; trust in {}", one.name,
                            time(one.latency_s), bytes(one.sent_bytes), one.promises->security,
                            one.promises->corruptions, one.promises->trusted),
         .stands_out = one.is_best});
  plane.marks(marks);
  chart.panels.push_back({.svg = std::move(plane).finish()});
  return chart;
}

}  // namespace evenkeel::report
