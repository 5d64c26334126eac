// Garbled circuits: who garbles learns nothing, who evaluates learns only what it is told how to
// decode. Many instances of one circuit at once.
//
// Zahur, Rosulek and Evans, "Two halves make a whole", EUROCRYPT 2015: 32 bytes a conjunction;
// exclusive-ors (Kolesnikov and Schneider, ICALP 2008) and negations cost nothing. A wire has two
// labels, W for 0 and W ^ delta for 1; the lowest bit of delta is 1, so that the lowest bits of the
// two differ and tell which row is meant. The hash is fixed_key_hash.h's with tweaks, of which each
// half of each gate has its own as long as the garbler and the evaluator live.
//
// Labels stand input by input (output by output), of all instances each. Instances can be garbled
// some at a time, so that one seat evaluates while the other garbles on.
#pragma once

#include "models/mpc/tools/boolean_circuit.h"
#include "models/mpc/tools/fixed_key_hash.h"

namespace evenkeel {

/// Neighbours among `all` instances whose labels stand together.
struct Instances {
  std::size_t all;
  std::size_t first = 0;
  std::size_t count = all;
};

/// Blocks of the table of so many instances: two a conjunction.
inline std::size_t table_blocks(const BooleanCircuit& circuit, std::size_t instances) {
  return 2 * circuit.conjunctions() * instances;
}

class Garbler {
 public:
  /// The lowest bit of `delta` is 1.
  explicit Garbler(const Block& delta) : delta_(delta) {}

  /// From the labels for 0 of all inputs those of the outputs of some instances, and their table
  /// for the evaluator.
  Blocks garble(const BooleanCircuit& circuit, const Instances& instances,
                std::span<const Block> inputs, std::span<Block> table);
  /// Bits behind labels to shares of them modulo 2^64: this returns one share; what `told` then
  /// holds, a word a label, gives the evaluator the other, and nobody the bit. A unary gate in
  /// the style of Ball, Malkin and Rosulek, "Garbling gadgets", CCS 2016.
  Words shares_of(std::span<const Block> labels, std::span<Word> told);

 private:
  Block delta_;
  FixedKeyHash hash_{"half gates"};
  Word tweak_ = 0;
};

class Evaluator {
 public:
  /// From the labels of all inputs those of the outputs of some instances, in the order in which
  /// they were garbled.
  Blocks evaluate(const BooleanCircuit& circuit, const Instances& instances,
                  std::span<const Block> inputs, std::span<const Block> table);
  Words shares_of(std::span<const Block> labels, std::span<const Word> told);

 private:
  FixedKeyHash hash_{"half gates"};
  Word tweak_ = 0;
};

}  // namespace evenkeel
