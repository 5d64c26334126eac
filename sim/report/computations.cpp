#include "sim/report/computations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>

#include "sim/report/format.h"
#include "sim/report/page.h"

namespace evenkeel::report {
namespace {

std::function<double(const RunResult&)> of_mpc(double MpcResult::*member) {
  return [member](const RunResult& run) { return run.mpc.*member; };
}

/// Why computations failed, and how many of a run.
std::string failures_of(const Variant& variant) {
  std::map<std::string, double> failures;
  for (const RunResult& run : variant.runs)
    for (const CountResult& count : run.counts)
      if (count.name.starts_with(mpc_failures))
        failures[count.name.substr(mpc_failures.size())] +=
            count.total / static_cast<double>(variant.runs.size());
  std::string text;
  for (const auto& [cause, times] : failures)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number(times), cause);
  return text.empty() ? "0" : text;
}

double energy_a_computation(const RunResult& run) {
  if (!(run.mpc.answered > 0)) return no_value;
  // Energy is of the whole run, computations are counted after the warm-up.
  return run.energy_j * ((run.duration_s - run.warm_up_s) / run.duration_s) / run.mpc.answered;
}

Table figures(const Study& study) {
  Table table{.columns = {"variant", "latency offline", "online", "bytes offline", "online",
                          "busiest link", "rounds", "energy", "answered", "failed in a run"}};
  for (const Variant& variant : study.variants) {
    if (!holds_any(variant)) continue;
    const auto mean = [&](double MpcResult::*member) { return variant.mean(of_mpc(member)); };
    const double half = variant.ci95(of_mpc(&MpcResult::latency_online));
    const double online = mean(&MpcResult::latency_online);
    table.rows.push_back(
        {variant.name, time(mean(&MpcResult::latency_offline)),
         std::isnan(half) ? time(online) : time_with_interval(online, half),
         bytes(mean(&MpcResult::bytes_offline)), bytes(mean(&MpcResult::bytes_online)),
         bytes(mean(&MpcResult::busiest_link_bytes)),
         plain(mean(&MpcResult::rounds_offline)) + " + " + plain(mean(&MpcResult::rounds_online)),
         energy(variant.mean(energy_a_computation)), rate(mean(&MpcResult::throughput)),
         failures_of(variant)});
  }
  return table;
}

Table promises(const Study& study) {
  Table table{.columns = {"variant", "protects from", "who may collude", "who deviates",
                          "whom to trust", "costs", "loads seen by"}};
  for (const Variant& variant : study.variants) {
    const MpcResult* const mpc = promises_of(variant);
    if (mpc == nullptr) continue;
    if (holds_any(variant))
      table.rows.push_back({variant.name, mpc->security, mpc->corruptions, mpc->deviation,
                            mpc->trusted, mpc->modelled.empty() ? "run" : mpc->modelled,
                            mpc->loads_seen});
    else if (!mpc->loads_seen.empty())
      table.rows.push_back({variant.name, "no computation", "", "", "", "", mpc->loads_seen});
  }
  const auto last_is_empty = [](const auto& row) { return row.back().empty(); };
  if (std::ranges::all_of(table.rows, last_is_empty)) {
    table.columns.pop_back();
    for (auto& row : table.rows) row.pop_back();
  }
  return table;
}

}  // namespace

const MpcResult* promises_of(const Variant& variant) {
  const bool has = !variant.runs.empty() && !variant.runs.front().mpc.protocol.empty();
  return has ? &variant.runs.front().mpc : nullptr;
}

bool holds_any(const Variant& variant) {
  return std::ranges::any_of(
      variant.runs, [](const RunResult& run) { return run.mpc.answered + run.mpc.failed > 0; });
}

void write_computations(std::ostream& out, const Study& study) {
  const Table costs = figures(study);
  const Table security = promises(study);
  if (costs.rows.empty() && security.rows.empty()) return;
  out << "<h2>Computing in private</h2>\n";
  if (!costs.rows.empty()) {
    write_table(out, costs);
    out << "<p class=\"note\">Of a computation: offline is what depends on no input. Bytes are of "
           "payloads, sent by all; those over the busiest link have headers and invitations too. "
           "Energy is of all nodes, over the computations that were answered.</p>\n";
  }
  if (!security.rows.empty()) write_table(out, security);
}

}  // namespace evenkeel::report
