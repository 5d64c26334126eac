// What privacy costs: a point a variant that computes on secrets, by latency, bytes and security.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/report/charts_common.h"
#include "sim/report/format.h"
#include "sim/report/privacy_strategies.h"

namespace evenkeel::report {
namespace {

// As the classes of security_classes.
constexpr std::array<std::pair<const char*, Shape>, security_classes.size()> looks{
    {{"var(--c2)", Shape::circle},
     {"var(--c0)", Shape::triangle},
     {"var(--c1)", Shape::square},
     {"var(--c3)", Shape::diamond},
     {"var(--c6)", Shape::cross}}};

std::vector<LegendEntry> legend_of(const std::vector<PrivacyStrategy>& all) {
  std::vector<LegendEntry> legend;
  for (std::size_t c = 0; c < looks.size(); ++c)
    if (std::ranges::find(all, c, &PrivacyStrategy::its_class) != all.end())
      legend.push_back(
          {std::string{security_classes[c]}, {.colour = looks[c].first, .shape = looks[c].second}});
  if (std::ranges::any_of(all, &PrivacyStrategy::trusts))
    legend.push_back({"hollow: trusts somebody besides",
                      {.colour = "var(--muted)", .shape = Shape::circle, .is_hollow = true}});
  return legend;
}

Points stairs_of(const std::vector<PrivacyStrategy>& all, const Axis& x, const Axis& y) {
  return privacy_front(all, x.scale.high(), y.scale.high());
}

Axis log_axis(const std::vector<PrivacyStrategy>& all, double PrivacyStrategy::*value,
              std::string label, std::function<std::string(double)> format) {
  const auto [low, high] = std::ranges::minmax_element(all, {}, value);
  constexpr double room = 1.15;
  return {Scale::log((*low).*value / room, (*high).*value * room), std::move(label),
          std::move(format)};
}

Table table_of(const std::vector<PrivacyStrategy>& all) {
  Table table{.columns = {"variant", "latency", "bytes", "security", "whom to trust", "costs",
                          "best of its class"}};
  for (const PrivacyStrategy& one : all)
    table.rows.push_back({one.name, time(one.latency_s), bytes(one.sent_bytes),
                          one.promises->security, one.promises->trusted,
                          one.promises->modelled.empty() ? "run" : one.promises->modelled,
                          one.is_best ? "yes" : ""});
  return table;
}

}  // namespace

std::optional<Chart> privacy_strategies(const Study& study) {
  const std::vector<PrivacyStrategy> all = privacy_strategies_of(study);
  if (all.empty()) return std::nullopt;
  Chart chart{.heading = "What privacy costs",
              .explanation =
                  "A point a variant: how long a computation took and what all sent for it, "
                  "offline and online together; shape and colour say what is protected from. Below "
                  "and left is better. Dashed: the front that nothing which protects goes beyond. "
                  "Bold: none of its class, trusting no more, is as soon and as sparing.",
              .table = table_of(all)};
  const Axis x = log_axis(all, &PrivacyStrategy::latency_s, "latency of a computation", time);
  const Axis y = log_axis(all, &PrivacyStrategy::sent_bytes, "payload sent for it", bytes);
  constexpr double height = 420;
  Plane plane(chart.heading, legend_of(all), x, y, Key::shape, height);
  plane.curve(stairs_of(all, x, y), {.colour = "var(--muted)", .dash = "5 4"}, "the front");
  std::vector<Plane::Mark> marks;
  for (const PrivacyStrategy& one : all)
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
