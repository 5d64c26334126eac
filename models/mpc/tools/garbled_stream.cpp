#include "models/mpc/tools/garbled_stream.h"

#include <algorithm>

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

// Tables that stay in the cache from the one who makes them to the system that sends them.
std::size_t instances_at_once(const BooleanCircuit& circuit) {
  constexpr std::size_t most_bytes = 256 << 10;
  constexpr std::size_t lane = 64;
  const std::size_t bytes = sizeof(Block) * std::max<std::size_t>(table_blocks(circuit, lane), 1);
  return lane * std::max<std::size_t>(most_bytes / bytes, 1);
}

std::vector<Instances> parts_of(const BooleanCircuit& circuit, std::size_t instances) {
  const std::size_t most = instances_at_once(circuit);
  std::vector<Instances> parts;
  for (std::size_t first = 0; first < instances; first += most)
    parts.push_back({instances, first, std::min(most, instances - first)});
  return parts;
}

// The outputs of a part, output by output, among those of all.
void put(const Blocks& outputs, const Instances& part, Blocks& all) {
  for (std::size_t o = 0; o < outputs.size() / part.count; ++o)
    std::copy_n(outputs.data() + o * part.count, part.count,
                all.data() + o * part.all + part.first);
}

}  // namespace

Task<Blocks> send_garbled(Session& session, Seat to, Garbler& garbler,
                          const BooleanCircuit& circuit, std::size_t instances,
                          std::span<const Block> inputs) {
  const std::vector<Instances> parts = parts_of(circuit, instances);
  Blocks all(circuit.outputs().size() * instances);
  Blocks tables(parts.empty() ? 0 : table_blocks(circuit, parts.front().count));
  for (const Instances& part : parts) {
    if (part.first > 0) co_await session.give_way();
    const std::span table = std::span{tables}.first(table_blocks(circuit, part.count));
    session.charge(costs::garbled_gate * static_cast<double>(circuit.conjunctions() * part.count));
    put(garbler.garble(circuit, part, inputs, table), part, all);
    session.send_bytes(to, std::as_bytes(table));
  }
  co_return all;
}

Task<Blocks> evaluate_received(Session& session, Seat from, Evaluator& evaluator,
                               const BooleanCircuit& circuit, std::size_t instances,
                               std::span<const Block> inputs) {
  const std::vector<Instances> parts = parts_of(circuit, instances);
  Blocks all(circuit.outputs().size() * instances);
  Blocks tables(parts.empty() ? 0 : table_blocks(circuit, parts.front().count));
  for (const Instances& part : parts) {
    const std::span table = std::span{tables}.first(table_blocks(circuit, part.count));
    co_await session.receive_bytes(from, std::as_writable_bytes(table));
    session.charge(costs::evaluated_gate *
                   static_cast<double>(circuit.conjunctions() * part.count));
    put(evaluator.evaluate(circuit, part, inputs, table), part, all);
  }
  co_return all;
}

}  // namespace evenkeel
