#include "sim/study/prediction.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace evenkeel {
namespace {

using Value = std::function<double(const RunResult&)>;

bool is_measured(const VariantRuns& variant) {
  return !variant.runs.empty() && variant.runs.front().world == "sockets";
}

Choice without_world(Choice chosen) {
  chosen.erase("world");
  return chosen;
}

double mean_utilisation(const RunResult& run) {
  double total = 0;
  double serving = 0;
  for (const NodeResult& node : run.nodes)
    if (node.serves) {
      total += node.utilisation;
      serving += 1;
    }
  return serving > 0 ? total / serving : 0;
}

double mean_of(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return values.empty() ? 0 : total / static_cast<double>(values.size());
}

// The same seed in both worlds has the same requests.
Prediction predict(const VariantRuns& simulated, const VariantRuns& measured, const Value& value) {
  std::vector<double> before;
  std::vector<double> after;
  std::vector<double> errors;
  for (const RunResult& one : simulated.runs) {
    const auto other = std::ranges::find(measured.runs, one.seed, &RunResult::seed);
    if (other == measured.runs.end()) continue;
    const double foretold = value(one);
    const double found = value(*other);
    if (std::isnan(foretold) || std::isnan(found)) continue;
    before.push_back(foretold);
    after.push_back(found);
    if (found != 0) errors.push_back(foretold / found - 1);
  }
  return {.predicted = mean_of(before), .measured = mean_of(after), .error = t_estimate(errors)};
}

struct Quantity {
  std::string_view name;
  std::string_view unit;
  std::function<double(const ClassResult&)> of_class;
};

std::vector<Quantity> quantities() {
  return {{"mean", "s", [](const ClassResult& part) { return part.latency.mean; }},
          {"p50", "s", [](const ClassResult& part) { return part.latency.p50; }},
          {"p95", "s", [](const ClassResult& part) { return part.latency.p95; }},
          {"p99", "s", [](const ClassResult& part) { return part.latency.p99; }},
          {"throughput", "1/s", [](const ClassResult& part) { return part.throughput; }}};
}

PredictedPair pair_of(const std::vector<VariantRuns>& variants, std::size_t simulated,
                      std::size_t measured) {
  PredictedPair pair{.simulated = simulated, .measured = measured};
  const auto add = [&](std::string name, std::string_view quantity, std::string_view unit,
                       const Value& value) {
    Prediction row = predict(variants[simulated], variants[measured], value);
    row.request_class = std::move(name);
    row.quantity = quantity;
    row.unit = unit;
    pair.rows.push_back(std::move(row));
  };
  const std::vector<ClassResult>& classes = variants[measured].runs.front().classes;
  for (std::size_t c = 0; c < classes.size(); ++c)
    for (const Quantity& quantity : quantities())
      add(classes[c].name, quantity.name, quantity.unit,
          [c, &quantity](const RunResult& run) { return quantity.of_class(run.classes.at(c)); });
  add("", "utilisation", "1", mean_utilisation);
  std::vector<double> p50;
  std::vector<double> p99;
  for (const RunResult& run : variants[measured].runs) {
    p50.push_back(run.lateness_p50);
    p99.push_back(run.lateness_p99);
  }
  pair.lateness_p50_s = mean_of(p50);
  pair.lateness_p99_s = mean_of(p99);
  return pair;
}

}  // namespace

std::vector<PredictedPair> predictions(const std::vector<VariantRuns>& variants) {
  std::vector<PredictedPair> pairs;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    if (variants[i].runs.empty() || is_measured(variants[i])) continue;
    for (std::size_t j = 0; j < variants.size(); ++j)
      if (is_measured(variants[j]) &&
          without_world(variants[i].chosen) == without_world(variants[j].chosen))
        pairs.push_back(pair_of(variants, i, j));
  }
  return pairs;
}

}  // namespace evenkeel
