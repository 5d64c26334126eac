// Multi-party computation: as many processes as seats over plain TCP on the loopback, beside the
// same seats in virtual time and in one memory without a network. The best times of several, since
// others may share the machine; in brackets the reference's fastest public implementation on a
// machine like this.
#include <fmt/format.h>

#include <chrono>

#include "models/mpc/function.h"
#include "tests/bench/seats.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Drill {
  const char* protocol;
  const char* what;  // "multiply", "compare", "argmin", "sum"
  std::size_t count;
  int repeats;
};

Task<std::int64_t> once(Protocol& p, const Drill& task, const std::vector<std::int64_t>& mine,
                        const std::vector<Secrets>& entered) {
  const std::string_view what = task.what;
  if (what == "multiply") {
    const Secrets product = co_await p.multiply(entered[0], entered[1]);
    const Secrets first = p.slice(product, 0, 1);
    const std::vector<std::int64_t> opened = co_await p.open(first);
    co_return opened[0];
  }
  if (what == "compare") {
    const Secrets is_less = co_await p.less(entered[0], entered[1], p.domain().value_bits() + 1);
    const Secrets first = p.slice(is_less, 0, 1);
    const std::vector<std::int64_t> opened = co_await p.open(first);
    co_return opened[0];
  }
  if (what == "sum") {
    const std::vector<Seat> owners{0, 1, 2};
    std::vector<Secrets> all = co_await p.inputs(owners, mine, task.count);
    Secrets sum = p.add(std::move(all[0]), all[1]);
    sum = p.add(std::move(sum), all[2]);
    const std::vector<std::int64_t> opened = co_await p.open(sum);
    co_return opened[0];
  }
  const std::shared_ptr<const Function> argmin = function_named("argmin");
  const Problem problem{.owners = 1,
                        .size = task.count,
                        .bits = p.domain().value_bits(),
                        .round_trip = std::chrono::microseconds{40},
                        .bandwidth = 2e10};
  const std::vector<Secrets> candidates{entered[0]};
  const Secrets place = co_await argmin->compute(p, candidates, problem);
  const std::vector<std::int64_t> opened = co_await p.open(place);
  co_return opened[0];
}

std::int64_t number(std::size_t place, Seat owner) {
  return static_cast<std::int64_t>((place * 7919 + 5 + owner) % 100'003) - 50'000;
}

// Of what is opened: the first element, or the place of the smallest.
std::int64_t right_answer(const Drill& task) {
  const std::string_view what = task.what;
  if (what == "multiply") return number(0, 0) * number(0, 1);
  if (what == "compare") return number(0, 0) < number(0, 1) ? 1 : 0;
  if (what == "sum") return number(0, 0) + number(0, 1) + number(0, 2);
  std::size_t least = 0;
  for (std::size_t i = 1; i < task.count; ++i)
    if (number(i, 0) < number(least, 0)) least = i;
  return static_cast<std::int64_t>(least);
}

Task<bool> play(Session& session, const Drill& task, Best& best) {
  const std::unique_ptr<Protocol> protocol = protocol_named(task.protocol).make(session);
  Protocol& p = *protocol;
  co_await p.set_up();
  std::vector<std::int64_t> mine(task.count);
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i] = number(i, p.session().self());
  const std::vector<Seat> owners{0, 1};
  const std::vector<Secrets> entered = co_await p.inputs(owners, mine, task.count);
  for (int i = 0; i < task.repeats; ++i) {
    const Secrets nothing = p.constant(0, 1);
    co_await p.open(nothing);  // all begin together
    const Clock::time_point start = Clock::now();
    const std::int64_t got = co_await once(p, task, mine, entered);
    best.right = got == right_answer(task);
    best.seconds = std::min(best.seconds, seconds_since(start));
  }
  co_return true;
}

void measure(benchmark::State& state, const Drill& task, double target_s,
             const std::string& reference) {
  for (auto _ : state) {
    const Part part = [&task](Session& session, Best& best) { return play(session, task, best); };
    const Best sockets = on_sockets(3, part);
    const Best memory = in_memory(3, part);
    const Best simulated = in_virtual_time(3, part);
    state.SetIterationTime(sockets.seconds);
    add_row({.what = fmt::format("{} {} x {}, sockets", task.protocol, task.what, task.count),
             .target = fmt::format("at most {} ms", target_s * 1e3),
             .ours = fmt::format("{:.2f} ms", sockets.seconds * 1e3),
             .baseline = reference,
             .ratio = sockets.seconds / target_s,
             .met = sockets.seconds <= target_s && sockets.right});
    add_row({.what = fmt::format("{} {} x {}, simulated", task.protocol, task.what, task.count),
             .target = "at most 1.5",
             .ours = fmt::format("{:.2f} ms", simulated.seconds * 1e3),
             .baseline = fmt::format("in memory {:.2f} ms", memory.seconds * 1e3),
             .ratio = simulated.seconds / memory.seconds,
             .met = simulated.seconds <= 1.5 * memory.seconds && simulated.right});
  }
}

void products(benchmark::State& state) {
  measure(state, {"replicated3", "multiply", 1'000'000, 10}, 20e-3, "MP-SPDZ 34 ms");
}
void comparisons(benchmark::State& state) {
  measure(state, {"replicated3", "compare", 10'000, 20}, 3e-3, "MP-SPDZ 2.6 ms");
}
void argmin(benchmark::State& state) {
  measure(state, {"replicated3", "argmin", 64, 50}, 2e-3, "MP-SPDZ 1.65 ms");
}
void sum(benchmark::State& state) {
  measure(state, {"replicated3", "sum", 1'000'000, 10}, 60e-3, "MP-SPDZ 79 ms");
}

void shamir_products(benchmark::State& state) {
  measure(state, {"shamir", "multiply", 1'000'000, 5}, 120e-3, "MP-SPDZ 145 ms");
}
void checked_products(benchmark::State& state) {
  measure(state, {"replicated3_malicious", "multiply", 1'000'000, 5}, 500e-3, "MP-SPDZ 818 ms");
}

BENCHMARK(products)->Name("mpc/products")->UseManualTime()->Iterations(1);
BENCHMARK(shamir_products)->Name("mpc/shamir_products")->UseManualTime()->Iterations(1);
BENCHMARK(checked_products)->Name("mpc/checked_products")->UseManualTime()->Iterations(1);
BENCHMARK(comparisons)->Name("mpc/comparisons")->UseManualTime()->Iterations(1);
BENCHMARK(argmin)->Name("mpc/argmin")->UseManualTime()->Iterations(1);
BENCHMARK(sum)->Name("mpc/sum")->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace evenkeel::bench
