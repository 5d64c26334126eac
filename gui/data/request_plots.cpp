// One request: which ones are worth a look, and where its time went.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>

#include "gui/data/run_series.h"
#include "gui/data/study_choice.h"
#include "sim/report/format.h"

namespace evenkeel::gui {

std::vector<double> flowsAt(const RunResult& run, const std::vector<std::string>& links,
                            double atSeconds) {
  std::map<std::string_view, double> rates;
  const auto bucket = static_cast<std::size_t>(std::max(0.0, atSeconds / run.bucket_s));
  for (const Series& one : run.series)
    if (one.scope == Scope::link && one.name == "bytes_rate" && !one.values.empty())
      rates[one.subject] = one.values[std::min(bucket, one.values.size() - 1)];
  std::vector<double> flows;
  for (const std::string& link : links) {
    const auto found = rates.find(link);
    flows.push_back(found == rates.end() ? no_value : found->second);
  }
  return flows;
}

std::string serverOf(const RunResult& run, const KeptRequest& request) {
  const auto server = static_cast<std::size_t>(request.record.server);
  if (request.record.end != RequestEnd::completed || server >= run.nodes.size()) return "–";
  return run.nodes[server].name;
}

namespace {

std::string_view placeOf(std::string_view node) {
  const std::size_t slash = node.find('/');
  return slash == std::string_view::npos ? node : node.substr(slash + 1);
}

/// `isWanted` is asked once for each node, not for each of a million requests.
std::vector<std::size_t> slowestAnsweredBy(
    const RunResult& run, const RequestChoice& choice, std::size_t most,
    const std::function<bool(const std::string&)>& isWanted) {
  std::vector<bool> wanted, classes;
  for (const NodeResult& node : run.nodes) wanted.push_back(isWanted(node.name));
  for (const ClassResult& part : run.classes) classes.push_back(holds(choice.classes, part.name));
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    const RequestRecord& record = run.requests[i].record;
    const auto its = static_cast<std::size_t>(record.server);
    if (record.end != RequestEnd::completed || its >= wanted.size() || !wanted[its]) continue;
    if (record.request_class < classes.size() && !classes[record.request_class]) continue;
    if (choice.range.holds(to_seconds(record.sent))) order.push_back(i);
  }
  const auto slower = [&](std::size_t a, std::size_t b) {
    const auto left = run.requests[a].record.latency(), right = run.requests[b].record.latency();
    return left != right ? left > right : a < b;
  };
  const std::size_t count = std::min(most, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(count), slower);
  order.resize(count);
  return order;
}

}  // namespace

std::vector<std::size_t> slowestRequests(const RunResult& run, const RequestChoice& choice,
                                         std::size_t most) {
  return slowestAnsweredBy(run, choice, most,
                           [&](const std::string& its) { return holds(choice.servers, its); });
}

std::vector<std::size_t> slowestRequestsBeside(const RunResult& run, const RequestChoice& choice) {
  std::set<std::string_view> places;
  for (const std::string& server : choice.servers) places.insert(placeOf(server));
  return slowestAnsweredBy(run, choice, mostSlowest,
                           [&](const std::string& its) { return places.contains(placeOf(its)); });
}

std::optional<std::size_t> requestNumbered(const RunResult& run, std::uint64_t number) {
  for (std::size_t i = 0; i < run.requests.size(); ++i)
    if (run.requests[i].record.number == number) return i;
  return std::nullopt;
}

PlotSpec waterfall(const RunResult& run, const KeptRequest& request, double untilSeconds) {
  const RequestRecord& record = request.record;
  const double latency = to_seconds(record.latency());
  const TimeUnit unit = timeUnitFor(std::max(latency, untilSeconds));
  PlotSpec spec{
      .id = "waterfall",
      .title = fmt::format("Request {}", record.number),
      .explanation = fmt::format(
          "{}, answered by {} after {}",
          record.request_class < run.classes.size() ? run.classes[record.request_class].name : "?",
          serverOf(run, request), report::time(latency)),
      .x = {.label = "since it was sent, " + unit.name,
            .low = 0,
            .high = std::max(latency, untilSeconds) * unit.perSecond},
      .table = {.columns = {"phase", "from", "takes", "share"}}};
  struct Phase {
    const char* name;
    Duration takes;
  };
  const std::array<Phase, 5> phases = {{{"decision", record.decision},
                                        {"network", record.network},
                                        {"queue", record.queue},
                                        {"compute", record.compute},
                                        {"reply", record.reply}}};
  double from = 0;
  for (std::size_t p = 0; p < phases.size(); ++p) {
    const double takes = to_seconds(phases[p].takes);
    spec.y.categories.emplace_back(phases[p].name);
    spec.spans.push_back({.row = p,
                          .from = from * unit.perSecond,
                          .to = (from + takes) * unit.perSecond,
                          .ink = p,
                          .text = report::time(takes)});
    spec.table.rows.push_back({phases[p].name, report::time(from), report::time(takes),
                               report::share(latency > 0 ? takes / latency : 0)});
    from += takes;
  }
  if (record.copies > 1) spec.notes.push_back(fmt::format("sent to {} servers", record.copies));
  if (record.deadline_missed) spec.notes.emplace_back("answered after its deadline");
  return spec;
}

std::string rankOf(const RunResult& run, const KeptRequest& request,
                   const std::set<std::string>& classes) {
  const double latency = to_seconds(request.record.latency());
  std::uint64_t slower = 0, all = 0;
  for (const LatencyHistogram& histogram : run.histograms) {
    const bool isWanted = classes.empty() ? histogram.scope == Scope::run
                                          : histogram.scope == Scope::request_class &&
                                                classes.contains(histogram.subject);
    if (!isWanted) continue;
    for (const HistogramBin& bin : histogram.bins) {
      all += bin.count;
      if (bin.low_s > latency) slower += bin.count;
    }
  }
  if (all == 0) return {};
  const std::string ofThem = classes.empty() ? "" : " of " + listed(classes);
  if (slower == 0) return "no completed request" + ofThem + " took longer";
  return fmt::format("{} of the completed requests{} took longer",
                     report::share(static_cast<double>(slower) / static_cast<double>(all)), ofThem);
}

}  // namespace evenkeel::gui
