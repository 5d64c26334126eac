#include "sim/study/mpc_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "sim/metrics/result_fields.h"
#include "sim/report/format.h"
#include "sim/study/text_table.h"

namespace evenkeel {
namespace {

using report::plain;

struct Unit {
  double factor;
  std::string_view name;
};
constexpr std::array<Unit, 3> times{{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}}};
constexpr std::array<Unit, 3> sizes{{{1e6, "MB"}, {1e3, "kB"}, {1, "B"}}};

Estimate over_runs(const VariantRuns& variant, const auto& value) {
  std::vector<double> values;
  for (const RunResult& run : variant.runs)
    if (const double one = value(run); !std::isnan(one)) values.push_back(one);
  return t_estimate(values);
}

Estimate of_mpc(const VariantRuns& variant, double MpcResult::*member) {
  return over_runs(variant, [member](const RunResult& run) { return run.mpc.*member; });
}

/// The largest unit in which the least value of a variant is 1 or more.
Unit unit_of(std::span<const VariantRuns> variants, double MpcResult::*member,
             std::span<const Unit> units) {
  double least = std::numeric_limits<double>::infinity();
  for (const VariantRuns& variant : variants)
    least = std::fmin(least, of_mpc(variant, member).mean);
  for (const Unit& unit : units)
    if (least >= unit.factor && !std::isinf(least)) return unit;
  return std::isinf(least) ? units[1] : units.back();
}

const MpcResult* promises_of(const VariantRuns& variant) {
  const bool has = !variant.runs.empty() && !variant.runs.front().mpc.protocol.empty();
  return has ? &variant.runs.front().mpc : nullptr;
}

bool holds_any(const VariantRuns& variant) {
  return std::ranges::any_of(
      variant.runs, [](const RunResult& run) { return run.mpc.answered + run.mpc.failed > 0; });
}

std::string with_interval(const Estimate& estimate, double factor) {
  std::string text = plain(estimate.mean / factor);
  if (estimate.has_interval())
    text += fmt::format(" [{}, {}]", plain(estimate.low / factor), plain(estimate.high / factor));
  return text;
}

/// Why computations failed, and how many of a run.
std::map<std::string, double> failures_of(const VariantRuns& variant) {
  std::map<std::string, double> failures;
  for (const RunResult& run : variant.runs)
    for (const CountResult& count : run.counts)
      if (count.name.starts_with(mpc_failures))
        failures[count.name.substr(mpc_failures.size())] +=
            count.total / static_cast<double>(variant.runs.size());
  return failures;
}

std::string failures_text(const VariantRuns& variant) {
  std::string text;
  for (const auto& [cause, number] : failures_of(variant))
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", plain(number), cause);
  return text.empty() ? "0" : text;
}

// Nothing if all answers are right but for rounding.
std::string deviations(std::span<const VariantRuns> variants,
                       const std::vector<std::string>& names) {
  constexpr double least = 5e-5;
  std::string text;
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (const double off = of_mpc(variants[i], &MpcResult::off).mean; off >= least)
      text += fmt::format("{} {} by {} %", text.empty() ? "" : ",", names[i], plain(100 * off));
  return text.empty() ? "" : "Answers are off what is right for all that were asked:" + text + ".";
}

double energy_a_computation(const RunResult& run) {
  return run.mpc.answered > 0
             ? run.energy_j * ((run.duration_s - run.warm_up_s) / run.duration_s) / run.mpc.answered
             : no_value;
}

std::string figures(std::span<const VariantRuns> variants, const std::vector<std::string>& names,
                    std::size_t width) {
  const Unit time = unit_of(variants, &MpcResult::latency_online, times);
  const Unit size = unit_of(variants, &MpcResult::bytes_online, sizes);
  TextTable table{
      .columns = {"", "offline", fmt::format("online {}", time.name), "offline",
                  fmt::format("online {}", size.name), "link", "rounds", "J", "/s", "failed"},
      .last_is_prose = true};
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const VariantRuns& variant = variants[i];
    if (promises_of(variant) == nullptr || !holds_any(variant)) continue;
    const auto in = [&](double MpcResult::*member, double factor) {
      return plain(of_mpc(variant, member).mean / factor);
    };
    const Estimate joules = over_runs(variant, energy_a_computation);
    table.rows.push_back(
        {names[i], in(&MpcResult::latency_offline, time.factor),
         with_interval(of_mpc(variant, &MpcResult::latency_online), time.factor),
         in(&MpcResult::bytes_offline, size.factor), in(&MpcResult::bytes_online, size.factor),
         in(&MpcResult::busiest_link_bytes, size.factor),
         in(&MpcResult::rounds_offline, 1) + "+" + in(&MpcResult::rounds_online, 1),
         joules.values == 0 ? "" : plain(joules.mean), in(&MpcResult::throughput, 1),
         failures_text(variant)});
  }
  if (table.rows.empty()) return "";
  const std::string heading =
      "A computation: latency and payload sent by all, offline (before there are inputs) and "
      "online; bytes over the busiest link; rounds; answered a second; failed in a run, by cause.";
  const std::string off = deviations(variants, names);
  return wrapped(heading, width) + "\n\n" + to_text(table, width) +
         (off.empty() ? "" : "\n" + wrapped(off, width) + "\n");
}

std::string promises(std::span<const VariantRuns> variants, const std::vector<std::string>& names,
                     std::size_t width) {
  TextTable table{.columns = {"", "adversary", "who deviates", "loads seen by", "costs",
                              "who may collude; whom to trust"},
                  .last_is_prose = true};
  table.left_aligned = 5;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const MpcResult* const mpc = promises_of(variants[i]);
    if (mpc == nullptr) continue;
    if (holds_any(variants[i]))
      table.rows.push_back({names[i], mpc->adversary, mpc->deviation, mpc->loads_seen,
                            mpc->modelled, mpc->corruptions + "; " + mpc->trusted});
    else if (!mpc->loads_seen.empty())
      table.rows.push_back({names[i], "", "", mpc->loads_seen, "", "no computation"});
  }
  return table.rows.empty() ? "" : to_text(table, width);
}

}  // namespace

std::string mpc_tables(std::span<const VariantRuns> variants, const std::vector<std::string>& names,
                       std::size_t width) {
  const std::string costs = figures(variants, names, width);
  const std::string security = promises(variants, names, width);
  if (costs.empty() && security.empty()) return "";
  return costs + (costs.empty() || security.empty() ? "" : "\n") + security;
}

nlohmann::json mpc_json(const VariantRuns& variant) {
  const MpcResult* const mpc = promises_of(variant);
  if (mpc == nullptr) return nullptr;
  nlohmann::json json;
  visit_facts(*mpc, [&json](const char* name, const std::string& fact) { json[name] = fact; });
  json["failures"] = failures_of(variant);
  std::map<std::string, std::vector<double>> values;
  for (const RunResult& run : variant.runs)
    visit_mpc(run.mpc, [&values](const char* name, const char*, double value) {
      std::vector<double>& of_name = values[std::string(name).substr(4)];  // after "mpc."
      if (!std::isnan(value)) of_name.push_back(value);
    });
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  };
  for (const auto& [name, of_runs] : values) {
    const Estimate estimate = t_estimate(of_runs);
    json["metrics"][name] = {{"mean", number(estimate.mean)},
                             {"low", number(estimate.low)},
                             {"high", number(estimate.high)},
                             {"runs", estimate.values}};
  }
  return json;
}

}  // namespace evenkeel
