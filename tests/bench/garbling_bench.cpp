// Half gates between two processes: the signs of sums of 64-bit numbers, as yao compares them.
#include <fmt/format.h>

#include <chrono>

#include "models/mpc/tools/garbled_stream.h"
#include "models/mpc/tools/prg.h"
#include "tests/bench/seats.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t width = 64;
constexpr std::size_t instances = 1 << 15;
constexpr int repeats = 8;

BooleanCircuit sign_of_sum() {
  BooleanCircuit circuit;
  const BooleanCircuit::Number a = circuit.inputs(width);
  const BooleanCircuit::Number b = circuit.inputs(width);
  circuit.output(circuit.sum(a, b).back());
  return circuit;
}

// All numbers are 0 and 2^63, so that every sign is 1: the evaluator has the labels for 0 but for
// the second number's highest bit.
struct Labels {
  Block delta{};
  Blocks zeros = Blocks(2 * width * instances);
  Blocks active;
};

Labels draw_labels() {
  Prg prg{PrgKey{std::byte{7}}};
  Labels labels;
  labels.delta = {prg.word() | 1, prg.word()};
  prg.fill(std::as_writable_bytes(std::span{labels.zeros}));
  labels.active = labels.zeros;
  for (std::size_t i = 0; i < instances; ++i)
    labels.active[(2 * width - 1) * instances + i] ^= labels.delta;
  return labels;
}

// The garbler, seat 1, says when it begins and tells its labels at the end; seat 0 evaluates.
Task<bool> play(Session& session, Best& best) {
  const Labels labels = draw_labels();
  const BooleanCircuit circuit = sign_of_sum();
  Garbler garbler{labels.delta};
  Evaluator evaluator;
  for (int i = 0; i < repeats; ++i) {
    std::array<std::byte, 1> ready{};
    const Seat other = 1 - session.self();
    session.send_bytes(other, ready);
    co_await session.receive_bytes(other, ready);
    const Clock::time_point start = Clock::now();
    if (session.self() == 1) {
      const Blocks signs =
          co_await send_garbled(session, 0, garbler, circuit, instances, labels.zeros);
      session.send_bytes(0, std::as_bytes(std::span{signs}));
      continue;
    }
    const Blocks signs =
        co_await evaluate_received(session, 1, evaluator, circuit, instances, labels.active);
    best.seconds =
        std::min(best.seconds, std::chrono::duration<double>(Clock::now() - start).count());
    Blocks zeros(instances);
    co_await session.receive_bytes(1, std::as_writable_bytes(std::span{zeros}));
    best.right = true;
    for (std::size_t k = 0; k < instances; ++k)
      best.right = best.right && signs[k] == (zeros[k] ^ labels.delta);
  }
  co_return true;
}

void half_gates(benchmark::State& state) {
  const double gates = static_cast<double>(sign_of_sum().conjunctions() * instances);
  for (auto _ : state) {
    const Best sockets = on_sockets(2, play);
    const Best memory = in_memory(2, play);
    const Best simulated = in_virtual_time(2, play);
    state.SetIterationTime(sockets.seconds);
    constexpr double target = 20e6;
    add_row({.what = "half gates, sockets",
             .target = "at least 20 M AND/s",
             .ours = fmt::format("{:.1f} M AND/s", gates / sockets.seconds / 1e6),
             .baseline = "emp-sh2pc 20 to 24 M AND/s",
             .ratio = gates / sockets.seconds / target,
             .met = gates / sockets.seconds >= target && sockets.right});
    add_row({.what = "half gates, simulated",
             .target = "at most 1.5",
             .ours = fmt::format("{:.1f} M AND/s", gates / simulated.seconds / 1e6),
             .baseline = fmt::format("in memory {:.1f} M AND/s", gates / memory.seconds / 1e6),
             .ratio = simulated.seconds / memory.seconds,
             .met = simulated.seconds <= 1.5 * memory.seconds && simulated.right});
  }
}

BENCHMARK(half_gates)->Name("mpc/half_gates")->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace evenkeel::bench
