// yao: two parties, of whom either may be curious; comparisons by garbled circuits, in two rounds
// however many bits they have.
//
// Yao, "How to generate and exchange secrets", FOCS 1986, with half gates (tools/half_gates.h); all
// else by additive shares of Z_2^64 and oblivious transfer (protocols/two_party.h).
//
//   compare    the sign of the sum of both seats' shares of a - b, of w = bits + 1 bits
//     round 1  seat 0 -> 1: the rows of a transfer for each bit of its shares, 16 w B, all
//              together rounded up to 1024 B. A row is the label itself (the secret delta of the
//              transfers is that of the labels), so that nothing comes back for it. The labels of
//              seat 1's bits are drawn from the key of both.
//     round 2  seat 1 -> 0: `bits` conjunctions of 32 B, and 8 B that turn the label of the sign
//              into additive shares of it
//     at 64 bits: 3048 B a comparison. A mask that the garbler enters and the circuit subtracts
//     would cost 2016 B where these 8 do, and a correlated transfer 24 B and two rounds.
//
// Guarantees privacy against either of the two, semi-honest; nothing against one that deviates.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/protocols/two_party.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/garbled_stream.h"

namespace evenkeel {
namespace {

// First the garbler's number, then the evaluator's.
BooleanCircuit sign_of_sum(std::size_t width) {
  BooleanCircuit circuit;
  const BooleanCircuit::Number garblers = circuit.inputs(width);
  const BooleanCircuit::Number evaluators = circuit.inputs(width);
  circuit.output(circuit.sum(garblers, evaluators).back());
  return circuit;
}

class Yao final : public TwoParty {
 public:
  explicit Yao(Session& session) : TwoParty(session) {}

  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;

 private:
  Cost cost_of_comparison(std::size_t count, int bits) const override;
  Task<Words> garble(const BooleanCircuit& circuit, Words run, std::size_t count);
  Task<Words> evaluate(const BooleanCircuit& circuit, Words run, std::size_t count);
  Blocks common_blocks(std::size_t count);

  std::optional<Garbler> garbler_;
  Evaluator evaluator_;
};

Task<Secrets> Yao::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  const Secrets difference = subtract(a, b);
  const auto width = static_cast<std::size_t>(bits) + 1;
  const BooleanCircuit circuit = sign_of_sum(width);
  Words run = run_of(planes_of(difference.words, width), difference.count);
  session().charge(costs::transposed_word * static_cast<double>(difference.count));
  Task<Words> deciding = offers() ? garble(circuit, std::move(run), difference.count)
                                  : evaluate(circuit, std::move(run), difference.count);
  Words shares = co_await std::move(deciding);
  co_return Secrets{difference.count, std::move(shares)};
}

Blocks Yao::common_blocks(std::size_t count) {
  Blocks blocks(count);
  common().fill(std::as_writable_bytes(std::span{blocks}));
  return blocks;
}

Task<Words> Yao::garble(const BooleanCircuit& circuit, Words run, std::size_t count) {
  if (!garbler_) garbler_.emplace(sender().delta());
  const std::size_t bits = circuit.input_count() / 2 * count;  // of each seat
  Blocks labels = common_blocks(bits);  // those that the evaluator has; from them those for 0
  for (std::size_t i = 0; i < bits; ++i)
    labels[i] ^= sender().delta().times(run[i / 64] >> (i % 64) & 1);
  const Blocks rows = co_await sender().rows(64 * lanes_of(bits));
  labels.insert(labels.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(bits));
  const Blocks signs = co_await send_garbled(session(), other(), *garbler_, circuit, count, labels);
  Words told(count);
  Words shares = garbler_->shares_of(signs, told);
  session().send(other(), told);
  co_return shares;
}

Task<Words> Yao::evaluate(const BooleanCircuit& circuit, Words run, std::size_t count) {
  const std::size_t bits = circuit.input_count() / 2 * count;
  Blocks labels = common_blocks(bits);
  const Blocks rows = receiver().rows(run);
  labels.insert(labels.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(bits));
  const Blocks signs =
      co_await evaluate_received(session(), other(), evaluator_, circuit, count, labels);
  const Words told = co_await session().receive(other(), count);
  co_return evaluator_.shares_of(signs, told);
}

Cost Yao::cost_of_comparison(std::size_t count, int bits) const {
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 2};
  const auto places = static_cast<std::size_t>(bits);
  cost.sent_bytes[0] = transfer_bytes((places + 1) * count);
  cost.sent_bytes[1] = (32 * places + 8) * count;
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("two parties who compare by garbled circuits (Yao 1986, half gates)",
                   {.name = "yao",
                    .promises = {.corruptions = "1 of 2",
                                 .adversary = Adversary::semi_honest,
                                 .majority_is_honest = false},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Yao>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
