// replicated3: three parties, one of whom may be curious.
//
// Araki, Furukawa, Lindell, Nof and Ohara, "High-throughput semi-honest secure three-party
// computation with an honest majority", CCS 2016, over Z_2^64; bits over GF(2), 64 a word. A secret
// is x0 + x1 + x2; party i holds x_i and x_{i+1}.
//
//   set-up     i -> i-1: the key of x_i                                          16 B a party
//   input      owner i -> i+1: x - PRG; a client -> all: two seeds and x less both, 16 n + 64 B
//   multiply   i -> i-1: x_i y_i + x_i y_{i+1} + x_{i+1} y_i + a share of zero    8 B a party
//   dot        the same, summed before it is sent                                 8 B a sum
//   open       i -> i+1: x_i                                                      8 B a party
//   reveal     to a party: its next one sends what it lacks, 8 B; to a client: 16 B from 0, 8 B
//   from 1 compare    the sign of a - b, of w = bits + 1 bits, a lane being 64 comparisons, L
//   lanes:
//     round 1  party 0 knows u = x0 + x1, the others x2: shares of u (w planes) and of the carries
//              that arise in each place, u & x2 (w-1 planes): 2 w L words by 0, (w-1) L by 1 and 2
//     log2(w-1) rounds: the tree of carries, (2 (w-2) - log2(w-1)) L words a party
//     last     the bit b0 ^ b1 ^ b2 to Z_2^64: party 1 knows v = b1 ^ b2, the others b0:
//              b = b0 + v (1 - 2 b0): 16 B a comparison by 1, 8 B by 0 and 2
//     at 64 bits: 8 rounds; a lane 246, 181, 181 words, beside that 8, 16, 8 B a comparison
//
// Guarantees privacy against one semi-honest party of three; nothing against one that deviates.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/protocol.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/carry.h"
#include "models/mpc/tools/replicated_input.h"

namespace evenkeel {
namespace {

class Replicated3 final : public Protocol, private BitSharing {
 public:
  explicit Replicated3(Session& session) : Protocol(session, ring64(), 2), seat_(session) {}

  Cost cost(const SecureOperation& operation) const override;
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
    return replicated_inputs(seat_, owners, mine, count);
  }
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;
  std::size_t bit_components() const override { return 2; }
  Task<Words> multiply_bits(const Words& a, const Words& b) override;
  Task<Secrets> arithmetic(const Words& bits, std::size_t count);

  ReplicatedSeat seat_;
};

Task<Words> Replicated3::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  if (length == 1) {
    Replicated products = co_await seat_.multiply<WordRing>(component(a, 0), component(a, 1),
                                                            component(b, 0), component(b, 1));
    co_return std::move(products.words);
  }
  Replicated sums(a.count / length);
  for (std::size_t i = 0, place = 0; i < sums.count(); ++i) {
    Word sum = 0;
    for (std::size_t k = 0; k < length; ++k, ++place)
      sum += component(a, 0)[place] * (component(b, 0)[place] + component(b, 1)[place]) +
             component(a, 1)[place] * component(b, 0)[place];
    sums.own()[i] = sum;
  }
  session().charge(costs::replicated_product * static_cast<double>(a.count));
  seat_.add_zero<WordRing>(sums.own());
  co_await seat_.reshare(sums);
  co_return std::move(sums.words);
}

Task<Secrets> Replicated3::random(std::size_t count) {
  Secrets secrets = empty(count);
  seat_.own_stream().fill(component(secrets, 0));
  seat_.next_stream().fill(component(secrets, 1));
  co_return secrets;
}

Task<std::vector<std::int64_t>> Replicated3::open(const Secrets& secrets) {
  session().enter("open");
  session().send(seat_.after(), component(secrets, 0));
  Words sum = co_await session().receive(seat_.before(), secrets.count);
  for (const std::size_t c : {0U, 1U}) domain().add(sum, component(secrets, c));
  co_return decoded(sum);
}

Task<std::vector<std::int64_t>> Replicated3::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  const bool to_client = receiver >= 3;
  if (self() == receiver) {
    Words sum(secrets.count, 0);
    if (!to_client)
      for (const std::size_t c : {0U, 1U}) domain().add(sum, component(secrets, c));
    const std::vector<Seat> senders =
        to_client ? std::vector<Seat>{0, 0, 1} : std::vector<Seat>{seat_.after()};
    for (const Seat sender : senders)
      domain().add(sum, co_await session().receive(sender, secrets.count));
    co_return decoded(sum);
  }
  if (!to_client && self() == (receiver + 1) % 3) session().send(receiver, component(secrets, 1));
  if (to_client && self() == 0) session().send(receiver, component(secrets, 0));
  if (to_client && self() < 2) session().send(receiver, component(secrets, 1));
  co_return std::vector<std::int64_t>{};
}

Secrets Replicated3::constants(std::span<const std::int64_t> values) const {
  Secrets secrets{values.size(), {}};
  secrets.words.assign(2 * values.size(), 0);
  if (self() == 0) domain().encode(values, component(secrets, 0));
  if (self() == 2) domain().encode(values, component(secrets, 1));
  return secrets;
}

Task<Words> Replicated3::multiply_bits(const Words& a, const Words& b) {
  const std::size_t half = a.size() / 2;
  const std::span as{a};
  const std::span bs{b};
  Replicated product = co_await seat_.multiply<BitRing>(as.first(half), as.last(half),
                                                        bs.first(half), bs.last(half));
  co_return std::move(product.words);
}

Task<Secrets> Replicated3::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  const Secrets difference = subtract(a, b);
  const std::size_t count = difference.count;
  const std::size_t lanes = lanes_of(count);
  const auto width = static_cast<std::size_t>(bits) + 1;
  const std::size_t below = (width - 1) * lanes;  // words of the places under the sign
  session().charge(costs::transposed_word * static_cast<double>(count));

  Words known(component(difference, self() == 2 ? 0 : 1).begin(),
              component(difference, self() == 2 ? 0 : 1).end());  // x2, but for party 0
  if (self() == 0) domain().add(known, component(difference, 0));
  const Words planes = planes_of(known, width);
  ReplicatedSeat::Product first =
      co_await seat_.known_product<BitRing>(0, width * lanes, below, planes);
  Words propagate(2 * below);
  Words sign(2 * lanes);  // of the sum without carries
  for (const std::size_t c : {0U, 1U}) {
    std::span<Word> sums = c == 0 ? first.v.own() : first.v.next();
    if ((self() + c) % 3 == 2)
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] ^= planes[i];
    std::ranges::copy(sums.first(below),
                      propagate.begin() + static_cast<std::ptrdiff_t>(c * below));
    std::ranges::copy(sums.last(lanes), sign.begin() + static_cast<std::ptrdiff_t>(c * lanes));
  }
  Task<Words> carrying =
      carry_out(*this, std::move(first.vw.words), std::move(propagate), width - 1, lanes);
  const Words carry = co_await std::move(carrying);
  for (std::size_t i = 0; i < sign.size(); ++i) sign[i] ^= carry[i];
  Secrets is_less = co_await arithmetic(sign, count);
  co_return is_less;
}

Task<Secrets> Replicated3::arithmetic(const Words& bits, std::size_t count) {
  const std::size_t lanes = bits.size() / 2;
  const Words own = numbers_of(std::span{bits}.first(lanes), count);
  const Words next = numbers_of(std::span{bits}.last(lanes), count);
  Words known = self() == 2 ? next : own;  // b0, but for party 1
  for (std::size_t i = 0; i < count; ++i)
    known[i] = self() == 1 ? own[i] ^ next[i] : 1 - 2 * known[i];
  ReplicatedSeat::Product made = co_await seat_.known_product<WordRing>(1, count, count, known);
  if (self() == 0) domain().add(made.vw.own(), own);
  if (self() == 2) domain().add(made.vw.next(), next);
  co_return Secrets{count, std::move(made.vw.words)};
}

Cost Replicated3::cost(const SecureOperation& operation) const {
  const std::uint64_t words = 8 * operation.count;
  Cost cost = no_cost();
  cost.rounds = 1;
  const auto all = [&](std::uint64_t bytes) { std::fill_n(cost.sent_bytes.begin(), 3, bytes); };
  using Kind = SecureOperation::Kind;
  switch (operation.kind) {
    case Kind::set_up:
      all(16);
      cost.be_offline();
      break;
    case Kind::input:
      cost.sent_bytes[operation.who] = operation.who < 3 ? words : 2 * words + 64;
      if (operation.who >= 3) cost.rounds = 0, cost.rounds_at_once = 1;  // a client needs no keys
      break;
    case Kind::multiply:
    case Kind::dot:
    case Kind::open:
      all(words);
      break;
    case Kind::random:
      cost.rounds = 0;
      break;
    case Kind::reveal:
      if (operation.who < 3) cost.sent_bytes[(operation.who + 1) % 3] = words;
      if (operation.who >= 3) cost.sent_bytes[0] = 2 * words, cost.sent_bytes[1] = words;
      break;
    case Kind::compare: {
      const std::size_t lanes = lanes_of(operation.count);
      const auto below = static_cast<std::size_t>(operation.bits);
      all(8 * (below * lanes + carry_products(below, lanes)) + words);
      cost.sent_bytes[0] += 8 * (below + 2) * lanes;
      cost.sent_bytes[1] += words;
      cost.rounds = 2 + carry_rounds(below);
    }
  }
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("three parties with replicated shares of Z_2^64 (Araki et al. 2016)",
                   {.name = "replicated3",
                    .promises = {.fewest_parties = 3,
                                 .most_parties = 3,
                                 .corruptions = "1 of 3",
                                 .adversary = Adversary::semi_honest},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Replicated3>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
