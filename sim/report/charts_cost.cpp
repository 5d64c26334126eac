// What a variant cost the nodes: imbalance and energy.
#include <fmt/format.h>

#include <cmath>

#include "sim/report/charts_common.h"
#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

double energy_per_request(const RunResult& run) {
  // Energy is of the whole run; so the requests must be: the completed ones scaled to it.
  const double counted = run.duration_s - run.warm_up_s;
  const double completed = run.throughput * counted;
  return completed > 0 ? run.energy_j * (counted / run.duration_s) / completed : no_value;
}

}  // namespace

std::optional<Chart> imbalance(const Study& study) {
  Chart chart{.heading = "Load imbalance",
              .explanation =
                  "The busiest serving node's utilisation over the mean of all: 1 is "
                  "even. The table adds the coefficient of variation and Jain's index, "
                  "of utilisation and of requests completed.",
              .table = {.columns = {"variant", "max/mean", "cv", "Jain", "completed: max/mean",
                                    "cv", "Jain"}}};
  double highest = 0;
  std::vector<double> values;
  for (const Variant& variant : study.variants) {
    const auto mean = [&](Imbalance RunResult::*which, double Imbalance::*field) {
      return variant.mean([=](const RunResult& run) { return run.*which.*field; });
    };
    std::vector<std::string> row = {variant.name};
    for (const auto which : {&RunResult::imbalance_utilisation, &RunResult::imbalance_completed}) {
      for (const auto field : {&Imbalance::max_over_mean, &Imbalance::cv, &Imbalance::jain}) {
        row.push_back(plain(mean(which, field)));
      }
    }
    chart.table.rows.push_back(std::move(row));
    values.push_back(mean(&RunResult::imbalance_utilisation, &Imbalance::max_over_mean));
    if (values.back() > highest) highest = values.back();
  }
  if (highest == 0) return std::nullopt;
  Rows rows(chart.heading, {}, Key::box, variant_names(study),
            {Scale::linear(0, highest * 1.08), "utilisation, max over mean", plain});
  for (std::size_t v = 0; v < values.size(); ++v) {
    if (std::isnan(values[v])) continue;
    const std::string tip = fmt::format("{}: {}", study.variants[v].name, plain(values[v]));
    rows.bar(v, 0, values[v], series_ink(v).colour, tip);
    rows.note(v, values[v], plain(values[v]));
  }
  chart.panels.push_back({.svg = std::move(rows).finish()});
  return chart;
}

std::optional<Chart> energy_used(const Study& study) {
  Chart chart{.heading = "Energy",
              .explanation = "Of all nodes over the whole run; the mean over seeds.",
              .table = {.columns = {"variant", "energy", "per completed request"}}};
  double highest = 0;
  std::vector<double> values;
  for (const Variant& variant : study.variants) {
    values.push_back(variant.mean([](const RunResult& run) { return run.energy_j; }));
    chart.table.rows.push_back(
        {variant.name, energy(values.back()), energy(variant.mean(energy_per_request))});
    if (values.back() > highest) highest = values.back();
  }
  if (highest == 0) return std::nullopt;
  Rows rows(chart.heading, {}, Key::box, variant_names(study),
            {Scale::linear(0, highest * 1.08), "energy", energy});
  for (std::size_t v = 0; v < values.size(); ++v) {
    if (std::isnan(values[v])) continue;
    const std::string tip = fmt::format("{}: {}", study.variants[v].name, energy(values[v]));
    rows.bar(v, 0, values[v], series_ink(v).colour, tip);
    rows.note(v, values[v], energy(values[v]));
  }
  chart.panels.push_back({.svg = std::move(rows).finish()});
  return chart;
}

}  // namespace evenkeel::report
