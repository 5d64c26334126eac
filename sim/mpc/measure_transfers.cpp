// Prices of what two seats do with each other: oblivious transfers in virtual time, gates in one
// memory.
#include <chrono>

#include "models/mpc/tools/half_gates.h"
#include "models/mpc/tools/oblivious_transfer.h"
#include "models/runtime/signal.h"
#include "sim/mpc/lab.h"
#include "sim/mpc/measures.h"
#include "sim/mpc/stopwatch.h"

namespace evenkeel {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t transfers = std::size_t{1} << 16;
constexpr int batches = 10;

// From when the first seat begins a batch until the second is through with it.
struct Batch {
  Clock::time_point begun = Clock::time_point::max();
  Clock::time_point ended = {};
};

Task<bool> exchange(Session& session, std::vector<Batch>& all) {
  const bool sends = session.self() == 0;
  TransferSender sender{session, 1};
  TransferReceiver receiver{session, 0};
  if (sends) co_await sender.set_up();
  if (!sends) co_await receiver.set_up();
  const Words choices(transfers / 64, 0x5555555555555555);
  for (Batch& batch : all) {
    std::array<std::byte, 1> ready{};  // both begin together
    session.send_bytes(1 - session.self(), ready);
    co_await session.receive_bytes(1 - session.self(), ready);
    batch.begun = std::min(batch.begun, Clock::now());
    if (sends) {
      const BlockPairs masks = co_await sender.random(transfers);
      use_result(masks);
    } else {
      use_result(receiver.random(choices));
    }
    batch.ended = std::max(batch.ended, Clock::now());
  }
  session.send_bytes(1 - session.self(), {});
  co_return true;
}

Task<> sit(Node& node, std::vector<Batch>& all, std::function<void()> done) {
  Sessions sessions{node};
  Session session{sessions,
                  {.id = 1,
                   .seats = {NodeId{0}, NodeId{1}},
                   .self = index(node.id()),
                   .parties = 2,
                   .patience = seconds(60)}};
  Task<bool> body = exchange(session, all);
  Task<Result<bool>> running = session.run(std::move(body));
  co_await std::move(running);
  done();
  Signal forever{node.world()};  // the other may still wait for what this seat sent
  const Signal::Wait wait = forever.wait_until(never);
  co_await wait;
}

double transfer_ns() {
  std::vector<Batch> all(batches);
  run_in_lab({}, [&all](Node& node, std::function<void()> done) {
    Task<> task = sit(node, all, std::move(done));
    node.spawn(std::move(task));
  });
  Clock::duration least = Clock::duration::max();
  for (const Batch& batch : all) least = std::min(least, batch.ended - batch.begun);
  return std::chrono::duration<double, std::nano>(least).count() / (2 * transfers);
}

// The signs of sums of 64-bit numbers.
struct Garbling {
  static constexpr std::size_t width = 64;
  static constexpr std::size_t instances = 512;

  Garbling() {
    const BooleanCircuit::Number a = circuit.inputs(width);
    const BooleanCircuit::Number b = circuit.inputs(width);
    circuit.output(circuit.sum(a, b).back());
    labels.resize(2 * width * instances);
    std::ranges::fill(labels, Block{1, 2});
    table.resize(table_blocks(circuit, instances));
  }
  std::size_t gates() const { return circuit.conjunctions() * instances; }

  BooleanCircuit circuit;
  Blocks labels;
  Blocks table;
};

double garbled_ns() {
  Garbling given;
  Garbler garbler{Block{1, 0}};
  return least_ns(given.gates(), [&] {
    use_result(garbler.garble(given.circuit, {Garbling::instances}, given.labels, given.table));
  });
}

double evaluated_ns() {
  Garbling given;
  std::ranges::fill(given.table, Block{3, 4});
  Evaluator evaluator;
  return least_ns(given.gates(), [&] {
    use_result(evaluator.evaluate(given.circuit, {Garbling::instances}, given.labels, given.table));
  });
}

}  // namespace

std::vector<Measure> transfer_measures() {
  return {{costs::transfer, transfer_ns},
          {costs::garbled_gate, garbled_ns},
          {costs::evaluated_gate, evaluated_ns}};
}

}  // namespace evenkeel
