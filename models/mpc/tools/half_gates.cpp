#include "models/mpc/tools/half_gates.h"

#include <algorithm>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

// Instances at once: enough to keep the AES pipeline full, few enough for a near cache.
constexpr std::size_t stretch = 128;

// Where each gate's labels stand: a lane is free again after the last gate that reads it, so that
// all lanes together stay in the nearest cache. Inputs need none.
struct Lanes {
  explicit Lanes(const BooleanCircuit& circuit);

  std::vector<std::uint32_t> of_gate;
  std::uint32_t count = 0;
};

Lanes::Lanes(const BooleanCircuit& circuit) : of_gate(circuit.gates().size()) {
  using Kind = BooleanCircuit::Kind;
  const std::vector<BooleanCircuit::Gate>& gates = circuit.gates();
  const auto beyond = static_cast<std::uint32_t>(gates.size());
  std::vector<std::uint32_t> last_reader(gates.size());
  for (std::uint32_t g = 0; g < gates.size(); ++g) {
    if (gates[g].kind == Kind::input) continue;
    last_reader[gates[g].a] = g;
    if (gates[g].kind != Kind::negation) last_reader[gates[g].b] = g;
  }
  for (const std::uint32_t output : circuit.outputs()) last_reader[output] = beyond;
  std::vector<std::uint32_t> free;
  const auto leave = [&](std::uint32_t wire, std::uint32_t reader) {
    if (gates[wire].kind == Kind::input || last_reader[wire] != reader) return;
    free.push_back(of_gate[wire]);
    last_reader[wire] = beyond;
  };
  for (std::uint32_t g = 0; g < gates.size(); ++g) {
    if (gates[g].kind == Kind::input) continue;
    leave(gates[g].a, g);  // a gate may write where it reads
    if (gates[g].kind != Kind::negation) leave(gates[g].b, g);
    if (free.empty()) free.push_back(count++);
    of_gate[g] = free.back();
    free.pop_back();
  }
}

// Visits all gates for `stretch` instances at a time. `conjunction(a, b, to, first, n, number)`
// does n instances from `first` (of those to visit) of conjunction `number`; `to` may be a or b.
// Inputs are read where they are.
template <class Negation, class Conjunction>
Blocks walk(const BooleanCircuit& circuit, const Instances& instances,
            std::span<const Block> inputs, Negation negation, Conjunction conjunction) {
  using Kind = BooleanCircuit::Kind;
  EVENKEEL_CHECK(inputs.size() == circuit.input_count() * instances.all &&
                     instances.first + instances.count <= instances.all,
                 "labels of unlike number");
  const std::vector<BooleanCircuit::Gate>& gates = circuit.gates();
  const Lanes lanes{circuit};
  Blocks labels(lanes.count * stretch);
  std::vector<const Block*> wires(gates.size());
  Blocks outputs(circuit.outputs().size() * instances.count);
  for (std::size_t first = 0; first < instances.count; first += stretch) {
    const std::size_t n = std::min(stretch, instances.count - first);
    const Block* const here = inputs.data() + instances.first + first;
    std::size_t number = 0;
    for (std::size_t g = 0; g < gates.size(); ++g) {
      const BooleanCircuit::Gate gate = gates[g];
      if (gate.kind == Kind::input) {
        wires[g] = here + gate.a * instances.all;
        continue;
      }
      Block* const to = labels.data() + lanes.of_gate[g] * stretch;
      const Block* const a = wires[gate.a];
      const Block* const b = wires[gate.b];
      wires[g] = to;
      if (gate.kind == Kind::exclusive_or) {
        for (std::size_t i = 0; i < n; ++i) to[i] = a[i] ^ b[i];
      } else if (gate.kind == Kind::negation) {
        for (std::size_t i = 0; i < n; ++i) to[i] = negation(a[i]);
      } else {
        conjunction(a, b, to, first, n, number++);
      }
    }
    for (std::size_t o = 0; o < circuit.outputs().size(); ++o)
      std::copy_n(wires[circuit.outputs()[o]], n, outputs.data() + o * instances.count + first);
  }
  return outputs;
}

}  // namespace

// The garbler's half a & (b ^ lowest bit of B), which the garbler knows, and the evaluator's, whose
// bit b ^ (lowest bit of B) the evaluator does.
Blocks Garbler::garble(const BooleanCircuit& circuit, const Instances& instances,
                       std::span<const Block> inputs, std::span<Block> table) {
  EVENKEEL_CHECK(table.size() == table_blocks(circuit, instances.count), "a table of unlike size");
  const Block delta = delta_;
  const Word first_tweak = tweak_;
  tweak_ += table.size();
  Blocks hashed(4 * stretch);
  const std::span all{hashed};
  const auto garble_one = [&](const Block* a, const Block* b, Block* to, std::size_t first,
                              std::size_t n, std::size_t number) {
    Block* const a_zero = hashed.data();
    Block* const b_zero = a_zero + n;
    Block* const a_one = b_zero + n;
    Block* const b_one = a_one + n;
    for (std::size_t i = 0; i < n; ++i) {
      a_zero[i] = a[i];
      b_zero[i] = b[i];
      a_one[i] = a[i] ^ delta;
      b_one[i] = b[i] ^ delta;
    }
    const std::size_t place = 2 * (number * instances.count + first);
    hash_.hash(all.subspan(0, 2 * n), first_tweak + place);
    hash_.hash(all.subspan(2 * n, 2 * n), first_tweak + place);
    Block* const of_garbler = table.data() + place;
    Block* const of_evaluator = of_garbler + n;
    for (std::size_t i = 0; i < n; ++i) {
      const Word a_low = a[i].low & 1;
      const Word b_low = b[i].low & 1;
      const Block g = a_zero[i] ^ a_one[i] ^ delta.times(b_low);
      const Block e = b_zero[i] ^ b_one[i] ^ a[i];
      of_garbler[i] = g;
      of_evaluator[i] = e;
      to[i] = a_zero[i] ^ g.times(a_low) ^ b_zero[i] ^ (e ^ a[i]).times(b_low);
    }
  };
  const auto negate = [&](const Block& label) { return label ^ delta; };
  return walk(circuit, instances, inputs, negate, garble_one);
}

Blocks Evaluator::evaluate(const BooleanCircuit& circuit, const Instances& instances,
                           std::span<const Block> inputs, std::span<const Block> table) {
  EVENKEEL_CHECK(table.size() == table_blocks(circuit, instances.count), "a table of unlike size");
  const Word first_tweak = tweak_;
  tweak_ += table.size();
  Blocks hashed(2 * stretch);
  const std::span all{hashed};
  const auto evaluate_one = [&](const Block* a, const Block* b, Block* to, std::size_t first,
                                std::size_t n, std::size_t number) {
    std::copy_n(a, n, hashed.data());
    std::copy_n(b, n, hashed.data() + n);
    const std::size_t place = 2 * (number * instances.count + first);
    hash_.hash(all.subspan(0, 2 * n), first_tweak + place);
    const Block* const of_garbler = table.data() + place;
    const Block* const of_evaluator = of_garbler + n;
    for (std::size_t i = 0; i < n; ++i)
      to[i] = hashed[i] ^ of_garbler[i].times(a[i].low & 1) ^ hashed[n + i] ^
              (of_evaluator[i] ^ a[i]).times(b[i].low & 1);
  };
  const auto keep = [](const Block& label) { return label; };
  return walk(circuit, instances, inputs, keep, evaluate_one);
}

// The evaluator's share is the hash of its label, plus what is told if the label's lowest bit is 1.
// So the garbler's is v - H(W_v) for the v whose label ends in 0.
Words Garbler::shares_of(std::span<const Block> labels, std::span<Word> told) {
  Blocks zero(labels.begin(), labels.end());
  Blocks one(labels.begin(), labels.end());
  for (Block& label : one) label ^= delta_;
  hash_.hash(zero, tweak_);
  hash_.hash(one, tweak_);
  tweak_ += labels.size();
  Words shares(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Word swapped = labels[i].low & 1;  // the label that ends in 0 is that of a 1
    const Word difference = (zero[i].low ^ one[i].low) & (0 - swapped);
    const Word even = zero[i].low ^ difference;
    const Word odd = one[i].low ^ difference;
    shares[i] = swapped - even;
    told[i] = (1 - swapped) - shares[i] - odd;
  }
  return shares;
}

Words Evaluator::shares_of(std::span<const Block> labels, std::span<const Word> told) {
  Blocks hashed(labels.begin(), labels.end());
  hash_.hash(hashed, tweak_);
  tweak_ += labels.size();
  Words shares(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i)
    shares[i] = hashed[i].low + (told[i] & (0 - (labels[i].low & 1)));
  return shares;
}

}  // namespace evenkeel
