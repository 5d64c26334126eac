// The JSON form of a comparison.
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/study/comparison_text.h"
#include "sim/study/mpc_table.h"
#include "sim/study/prediction.h"

namespace evenkeel {
namespace {

using Json = nlohmann::json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const Estimate& estimate) {
  return {{"mean", number(estimate.mean)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)},
          {"runs", estimate.values}};
}

Json to_json(const VariantRuns& variant, const std::string& name) {
  Json metrics = Json::object();
  for (const Metric& metric : comparison_metrics()) {
    std::vector<double> values;
    for (const RunResult& run : variant.runs)
      if (const double one = metric.value(run); !std::isnan(one)) values.push_back(one);
    metrics[metric.name] =
        to_json(metric.is_percentile ? bootstrap_estimate(values) : t_estimate(values));
  }
  return {{"name", name},
          {"chosen", variant.chosen},
          {"runs", variant.runs.size()},
          {"metrics", metrics},
          {"mpc", mpc_json(variant)}};
}

Json to_json(const Comparison& one, const std::vector<std::string>& names, const Metric& metric) {
  return {{"variant", names[one.variant]},
          {"baseline", names[one.baseline]},
          {"metric", metric.name},
          {"unit", metric.unit},
          {"verdict", to_string(one.verdict)},
          {"text", verdict_text(one, metric)},
          {"value", to_json(one.value)},
          {"difference", to_json(one.difference)},
          {"baseline_mean", number(one.baseline_mean)},
          {"lost_difference", to_json(one.lost)},
          {"late_difference", to_json(one.late)},
          {"more_seeds", one.more_seeds ? Json(*one.more_seeds) : Json(nullptr)}};
}

Json to_json(const PredictedPair& pair, const std::vector<std::string>& names) {
  Json rows = Json::array();
  for (const Prediction& row : pair.rows)
    rows.push_back({{"class", row.request_class},
                    {"quantity", row.quantity},
                    {"unit", row.unit},
                    {"predicted", number(row.predicted)},
                    {"measured", number(row.measured)},
                    {"error", to_json(row.error)}});
  return {{"simulated", names[pair.simulated]},
          {"measured", names[pair.measured]},
          {"lateness_p50_s", number(pair.lateness_p50_s)},
          {"lateness_p99_s", number(pair.lateness_p99_s)},
          {"rows", rows}};
}

}  // namespace

Json to_json(const ComparisonView& view) {
  Json object = {{"scenario", view.info.name},
                 {"question", view.info.question},
                 {"scenario_hash", view.info.scenario_hash},
                 {"result_file", view.result_path},
                 {"variants", Json::array()},
                 {"comparisons", Json::array()},
                 {"runs", Json::array()}};
  const Metric metric = metric_named(view.info.metric);
  const std::vector<std::string> names = variant_names(view.variants);
  for (std::size_t i = 0; i < view.variants.size(); ++i) {
    object["variants"].push_back(to_json(view.variants[i], names[i]));
    for (const RunResult& run : view.variants[i].runs) object["runs"].push_back(to_json(run));
  }
  for (const Comparison& one : compare_variants(view.variants, view.info.baseline, metric))
    if (one.verdict != Verdict::baseline)
      object["comparisons"].push_back(to_json(one, names, metric));
  object["predictions"] = Json::array();
  for (const PredictedPair& pair : predictions(view.variants))
    object["predictions"].push_back(to_json(pair, names));
  return object;
}

}  // namespace evenkeel
