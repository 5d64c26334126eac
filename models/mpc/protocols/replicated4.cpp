// replicated4: four parties, one of whom may do anything; the others notice and stop.
//
// Dalskov, Escudero and Keller, "Fantastic Four: honest-majority four-party secure computation with
// malicious security", USENIX Security 2021 (eprint 2020/1330), with abort, over Z_2^64; bits over
// GF(2), 64 a word. A secret is x0 + x1 + x2 + x3; party i holds all but x_i. Whatever is told is
// known to two parties: one sends it, the other, the witness, a hash of it in the same round
// (joint_message.h), so that nobody goes on with what a cheat made up, and nothing is left to check
// later.
//
//   set-up     j+1 -> j+2, j+3: the key of x_j; j+2 <-> j+3: a hash of it         96 B a party
//   input      owner i: two summands from streams, none in x_i, the fourth to the two others that
//              hold it, 16 B; these compare hashes, 32 B each. A client -> all: three seeds, and x
//              less these to three parties, 24 n + 144 B; all compare hashes, 96 B a party
//   multiply   what any two parties know, x_a y_b + x_b y_a, less a mask, is sent by one to one of
//              the others, six messages: 16 B by 0 and 1, with a hash of 32 B; 8 B by 2 and 3, with
//              two hashes
//   dot        the same, summed before it is sent
//   open       to i: x_i, from i+1, with a hash from i+2                          8 + 32 B a party
//   reveal     to a party the same; to a client each summand                      8 + 32 B a party
//   compare    the sign of a - b, of w = bits + 1 bits, a lane being 64 comparisons, L lanes:
//     round 1  2 and 3 know x0 + x1, 0 and 1 know x2 + x3: shares of their bits, w L words by 2 and
//              by 0, a hash by 3 and by 1
//     1 + log2(w-1) rounds: w-1 ANDs and the tree of carries, (2 (w-2) - log2(w-1)) L words, as
//              products
//     last 2   what 2 and 3, and what 0 and 1, know of the bit as numbers, and their product
//     at 64 bits: 10 rounds; 77.25, 61.25, 46.625 and 30.625 B a comparison by the four, beside
//     52 hashes in all
//
// Guarantees privacy, and right results or none, against one malicious party of four; whether
// others get the result or none, the deviating party chooses.
#include <algorithm>
#include <array>

#include "models/mpc/costs.h"
#include "models/mpc/protocol.h"
#include "models/mpc/tools/adder.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/replicated4.h"
#include "models/mpc/tools/replicated4_input.h"

namespace evenkeel {
namespace {

class Replicated4 final : public Protocol, private BitSharing {
 public:
  explicit Replicated4(Session& session)
      : Protocol(session, ring64(), Replicated4Seat::kept), seat_(session) {}

  Cost cost(const SecureOperation& operation) const override;
  Cost cost_of_inputs(std::span<const Seat> owners, std::size_t count) const override {
    return replicated4_input_cost(session().seats(), owners, count);
  }
  Task<> set_up() override {
    if (session().is_party()) co_await seat_.agree_on_keys();
  }
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;
  Secrets constants(std::span<const std::int64_t> values) const override;

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override {
    return replicated4_inputs(seat_, owners, mine, count);
  }
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override {
    return seat_.dot<WordRing>(a.words, b.words, length, length == 1 ? "multiply" : "dot");
  }
  std::size_t bit_components() const override { return Replicated4Seat::kept; }
  Task<Words> multiply_bits(const Words& a, const Words& b) override {
    return seat_.dot<BitRing>(a, b, 1, "compare");
  }
  Task<Secrets> arithmetic(const Words& bits, std::size_t count);

  Replicated4Seat seat_;
};

Task<Secrets> Replicated4::random(std::size_t count) {
  Secrets secrets = empty(count);
  for (std::size_t c = 0; c < components(); ++c)
    seat_.stream(Replicated4Seat::summand_of(self(), c)).fill(component(secrets, c));
  co_return secrets;
}

Task<std::vector<std::int64_t>> Replicated4::open(const Secrets& secrets) {
  session().enter("open");
  for (const Seat party : {0U, 1U, 2U, 3U})
    if (party != self())
      tell(session(), Replicated4Seat::lacking(party),
           component(secrets, Replicated4Seat::component_of(self(), party)));
  Words sum = co_await hear(session(), Replicated4Seat::lacking(self()), secrets.count, "open");
  for (std::size_t c = 0; c < components(); ++c) domain().add(sum, component(secrets, c));
  co_return decoded(sum);
}

Task<std::vector<std::int64_t>> Replicated4::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  Words sum(secrets.count, 0);
  for (std::size_t c = 0; c < components() && receiver == self() && session().is_party(); ++c)
    domain().add(sum, component(secrets, c));
  for (Seat summand = 0; summand < Replicated4Seat::parties; ++summand) {
    if (receiver < Replicated4Seat::parties && summand != receiver) continue;
    JointMessage message = Replicated4Seat::lacking(summand);
    message.receiver = receiver;
    if (message.is_known_to(self()))
      tell(session(), message, component(secrets, Replicated4Seat::component_of(self(), summand)));
    if (receiver != self()) continue;
    const Words told = co_await hear(session(), message, secrets.count, "reveal");
    domain().add(sum, told);
  }
  std::vector<std::int64_t> values;
  if (receiver == self()) values = decoded(sum);
  co_return values;
}

Secrets Replicated4::constants(std::span<const std::int64_t> values) const {
  Secrets secrets = empty(values.size());
  std::ranges::fill(secrets.words, 0);
  if (self() != 0)
    domain().encode(values, component(secrets, Replicated4Seat::component_of(self(), 0)));
  return secrets;
}

// A half of a secret, or of a bit, is two of its summands: two parties hold both of them.
Task<Secrets> Replicated4::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  const Secrets difference = subtract(a, b);
  const std::size_t lanes = lanes_of(difference.count);
  const auto width = static_cast<std::size_t>(bits) + 1;
  session().charge(costs::transposed_word * static_cast<double>(difference.count));
  const std::size_t half = Replicated4Seat::half_known_to(self());
  Words known(difference.count, 0);
  for (const std::size_t c : Replicated4Seat::components_of_half(self(), half))
    domain().add(known, component(difference, c));
  std::array<Words, 2> values;
  values[half] = planes_of(known, width);
  std::vector<Words> addends(2, Words(components() * width * lanes, 0));
  const std::array<Words*, 2> to{&addends[0], &addends[1]};
  co_await seat_.share_jointly<BitRing>(Replicated4Seat::halves, values, to, "compare");
  Task<Words> adding = top_bit_of_sum(*this, std::move(addends), width, lanes);
  const Words sign = co_await std::move(adding);
  Secrets is_less = co_await arithmetic(sign, difference.count);
  co_return is_less;
}

Task<Secrets> Replicated4::arithmetic(const Words& bits, std::size_t count) {
  const std::size_t half = Replicated4Seat::half_known_to(self());
  Words known(bits.size() / components(), 0);
  for (const std::size_t c : Replicated4Seat::components_of_half(self(), half))
    for (std::size_t i = 0; i < known.size(); ++i) known[i] ^= Replicated4Seat::share(bits, c)[i];
  std::array<Words, 2> values;
  values[half] = numbers_of(known, count);
  std::array<Secrets, 2> parts{constant(0, count), constant(0, count)};
  const std::array<Words*, 2> to{&parts[0].words, &parts[1].words};
  co_await seat_.share_jointly<WordRing>(Replicated4Seat::halves, values, to, "compare");
  Words both = co_await seat_.dot<WordRing>(parts[0].words, parts[1].words, 1, "compare");
  co_return subtract(add(std::move(parts[0]), parts[1]), scale({count, std::move(both)}, 2));
}

Cost Replicated4::cost(const SecureOperation& operation) const {
  constexpr std::uint64_t hashed = JointMessage::hash_bytes;
  const std::uint64_t words = 8 * operation.count;
  Cost cost = no_cost();
  cost.rounds = 1;
  std::vector<std::uint64_t>& sent = cost.sent_bytes;
  const auto all = [&](std::uint64_t bytes) {
    for (Seat party = 0; party < Replicated4Seat::parties; ++party) sent[party] += bytes;
  };
  const auto joint = [&](const JointMessage& message, std::uint64_t bytes) {
    sent[message.sender] += bytes;
    sent[message.witness] += hashed;
  };
  const auto products = [&](std::uint64_t bytes) {
    for (const auto& one : Replicated4Seat::joints) joint(one.message, bytes);
  };
  using Kind = SecureOperation::Kind;
  switch (operation.kind) {
    case Kind::set_up:
      all(2 * sizeof(PrgKey) + 2 * hashed);
      cost.rounds = 2;
      cost.be_offline();
      break;
    case Kind::input:
      return cost_of_inputs({&operation.who, 1}, operation.count);
    case Kind::multiply:
    case Kind::dot:
      products(words);
      break;
    case Kind::random:
      cost.rounds = 0;
      break;
    case Kind::open:
    case Kind::reveal:
      if (operation.kind == Kind::reveal && operation.who < Replicated4Seat::parties) {
        joint(Replicated4Seat::lacking(operation.who), words);
      } else {
        all(words + hashed);
      }
      break;
    case Kind::compare: {
      const auto width = static_cast<std::size_t>(operation.bits) + 1;
      const std::size_t lanes = lanes_of(operation.count);
      for (const auto& half : Replicated4Seat::halves) {
        joint(half.message, 8 * width * lanes);
        joint(half.message, words);
      }
      // Hashes of each round of ANDs, and all their words at once.
      for (std::uint32_t round = 1; round < sum_rounds(2, width); ++round) products(0);
      products(8 * sum_products(2, width, lanes));
      products(words);
      cost.rounds = 1 + sum_rounds(2, width) + 2;
    }
  }
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("four parties with replicated shares, of whom one may cheat and is noticed",
                   {.name = "replicated4",
                    .promises = {.fewest_parties = 4,
                                 .most_parties = 4,
                                 .corruptions = "1 of 4",
                                 .adversary = Adversary::malicious,
                                 .outcome = Outcomes::abort},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Replicated4>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
