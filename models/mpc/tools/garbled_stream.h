// A garbled circuit of many instances between two seats: table by table, so that the one garbles on
// while the other evaluates, and neither holds all tables.
#pragma once

#include "models/mpc/session.h"
#include "models/mpc/tools/half_gates.h"

namespace evenkeel {

/// From the labels for 0 of the inputs those of the outputs; 32 B a conjunction go to the other
/// seat. What is passed must outlive the task.
Task<Blocks> send_garbled(Session& session, Seat to, Garbler& garbler,
                          const BooleanCircuit& circuit, std::size_t instances,
                          std::span<const Block> inputs);

/// The other end: from the labels of the inputs those of the outputs.
Task<Blocks> evaluate_received(Session& session, Seat from, Evaluator& evaluator,
                               const BooleanCircuit& circuit, std::size_t instances,
                               std::span<const Block> inputs);

}  // namespace evenkeel
