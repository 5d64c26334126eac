// The one table of a result's scalars: their names, units and where they lie. The JSON object, the
// result file (both ways) and the export are all made from it. A dot in a name is a level in JSON.
#pragma once

#include "sim/metrics/run_result.h"

namespace evenkeel {

/// Each calls visit(name, unit, member) for every scalar; members are double, std::uint64_t or
/// bool.
template <class T, class Visit>
void visit_tally(T& tally, Visit&& visit) {
  visit("sent", "requests", tally.sent);
  visit("completed", "requests", tally.completed);
  visit("dropped", "requests", tally.dropped);
  visit("timed_out", "requests", tally.timed_out);
  visit("in_flight", "requests", tally.in_flight);
  visit("deadline_misses", "requests", tally.deadline_misses);
}

template <class T, class Visit>
void visit_latency(T& latency, Visit&& visit) {
  visit("latency.mean", "s", latency.mean);
  visit("latency.p50", "s", latency.p50);
  visit("latency.p90", "s", latency.p90);
  visit("latency.p95", "s", latency.p95);
  visit("latency.p99", "s", latency.p99);
  visit("latency.p999", "s", latency.p999);
  visit("latency.max", "s", latency.max);
  visit("latency.ci95_mean", "s", latency.ci95_mean);
  visit("latency.samples", "requests", latency.samples);
}

template <class T, class Visit>
void visit_phases(T& phases, Visit&& visit) {
  visit("phases.decision", "s", phases.decision);
  visit("phases.network", "s", phases.network);
  visit("phases.queue", "s", phases.queue);
  visit("phases.compute", "s", phases.compute);
  visit("phases.reply", "s", phases.reply);
}

/// RunResult and ClassResult have these in common.
template <class T, class Visit>
void visit_requests(T& part, Visit&& visit) {
  visit_tally(part.tally, visit);
  visit("throughput", "1/s", part.throughput);
  visit("goodput", "1/s", part.goodput);
  visit_latency(part.latency, visit);
  visit_phases(part.phases, visit);
}

template <class Visit>
void visit_class(auto& part, Visit&& visit) {
  visit_requests(part, visit);
}

template <class Visit>
void visit_site(auto& site, Visit&& visit) {
  visit_tally(site.tally, visit);
  visit_latency(site.latency, visit);
}

template <class Visit>
void visit_node(auto& node, Visit&& visit) {
  visit("serves", "1", node.serves);
  visit("utilisation", "1", node.utilisation);
  visit("mean_queue", "requests", node.mean_queue);
  visit("completed", "requests", node.completed);
  visit("energy_j", "J", node.energy_j);
}

template <class Visit>
void visit_link(auto& link, Visit&& visit) {
  visit("bytes", "B", link.bytes);
  visit("mpc_bytes", "B", link.mpc_bytes);
}

template <class Visit>
void visit_mpc(auto& mpc, Visit&& visit) {
  visit("mpc.answered", "computations", mpc.answered);
  visit("mpc.failed", "computations", mpc.failed);
  visit("mpc.throughput", "1/s", mpc.throughput);
  visit("mpc.latency.offline", "s", mpc.latency_offline);
  visit("mpc.latency.online", "s", mpc.latency_online);
  visit("mpc.bytes.offline", "B", mpc.bytes_offline);
  visit("mpc.bytes.online", "B", mpc.bytes_online);
  visit("mpc.bytes.headers", "B", mpc.header_bytes);
  visit("mpc.bytes.busiest_link", "B", mpc.busiest_link_bytes);
  visit("mpc.off", "1", mpc.off);
  visit("mpc.wrong", "computations", mpc.wrong);
  visit("mpc.rounds.longest", "1", mpc.rounds);
  visit("mpc.rounds.offline", "1", mpc.rounds_offline);
  visit("mpc.rounds.online", "1", mpc.rounds_online);
}

template <class Visit>
void visit_run(auto& run, Visit&& visit) {
  visit_requests(run, visit);
  visit("imbalance.utilisation.max_over_mean", "1", run.imbalance_utilisation.max_over_mean);
  visit("imbalance.utilisation.cv", "1", run.imbalance_utilisation.cv);
  visit("imbalance.utilisation.jain", "1", run.imbalance_utilisation.jain);
  visit("imbalance.completed.max_over_mean", "1", run.imbalance_completed.max_over_mean);
  visit("imbalance.completed.cv", "1", run.imbalance_completed.cv);
  visit("imbalance.completed.jain", "1", run.imbalance_completed.jain);
  visit("mean_in_system", "requests", run.mean_in_system);
  visit("energy_j", "J", run.energy_j);
  visit("price", "EUR", run.price);
  visit("lateness_p50", "s", run.lateness_p50);
  visit("lateness_p99", "s", run.lateness_p99);
  visit("duration_s", "s", run.duration_s);
  visit("warm_up_s", "s", run.warm_up_s);
  visit("warm_up_doubtful", "1", run.warm_up_doubtful);
  visit("requests_in_all", "requests", run.requests_in_all);
  visit("violations", "violations", run.violations);
  visit("events_left_off", "events", run.events_left_off);
  visit("bucket_s", "s", run.bucket_s);
  visit("wall_s", "s", run.wall_s);
  visit("requests_per_wall_s", "1/s", run.requests_per_wall_s);
  if (!run.mpc.protocol.empty()) visit_mpc(run.mpc, visit);
}

}  // namespace evenkeel
