#include "sim/metrics/mpc_result.h"

#include <algorithm>

#include "sim/metrics/run_result.h"

namespace evenkeel {

void sum_up_mpc(RunResult& result) {
  MpcResult& mpc = result.mpc;
  if (mpc.protocol.empty()) return;
  const auto total = [&result](std::string_view name) {
    const auto found = std::ranges::find(result.counts, name, &CountResult::name);
    return found == result.counts.end() ? 0.0 : found->total;
  };
  mpc.answered = total("mpc computations");
  mpc.failed = total("mpc failures");
  const double counted_s = result.duration_s - result.warm_up_s;
  if (counted_s > 0) mpc.throughput = mpc.answered / counted_s;
  if (const double held = mpc.answered + mpc.failed; held > 0) {
    mpc.bytes_offline = total("mpc bytes offline") / held;
    mpc.bytes_online = total("mpc bytes") / held - mpc.bytes_offline;
    mpc.header_bytes = total("mpc header bytes") / held;
    double busiest = 0;
    for (const LinkResult& link : result.links) busiest = std::max(busiest, link.mpc_bytes);
    // Links are counted over the whole run, computations after the warm-up.
    mpc.busiest_link_bytes = busiest * (counted_s / result.duration_s) / held;
  }
  if (mpc.answered > 0) {
    mpc.latency_offline = total("mpc seconds offline") / mpc.answered;
    mpc.latency_online = total("mpc seconds") / mpc.answered - mpc.latency_offline;
    mpc.rounds = total("mpc rounds") / mpc.answered;
    mpc.rounds_offline = total("mpc rounds offline") / mpc.answered;
    mpc.rounds_online = total("mpc rounds online") / mpc.answered;
  }
  if (const double judged = total("mpc answers judged"); judged > 0) {
    mpc.off = total("mpc answers off") / judged;
    mpc.wrong = total("mpc answers wrong");
  }
}

}  // namespace evenkeel
