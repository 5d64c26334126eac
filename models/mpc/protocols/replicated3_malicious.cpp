// replicated3_malicious: three parties, one of whom may do anything; the others notice and stop.
//
// Products as in replicated3 (Araki et al. 2016), but modulo 2^104, and checked all at once before
// anything is opened (sacrifice.h, with its papers). A secret is x0 + x1 + x2; party i holds x_i
// and x_{i+1}; each summand is known to two, so that nobody can open it to something else.
//
//   set-up     i -> i-1: the key of x_i                                          16 B a party
//   input      owner i -> i+1: x - PRG, 13 B; a client -> all: two seeds and x less both, 26 n + 64
//              B; i -> i+1: a hash of x_{i+1}, 32 B, since a client may tell two two things
//   multiply   i -> i-1: its summand and a share of zero                         13 B a party
//   dot        the same, summed before it is sent                                13 B a sum
//   open       the check of all products since the last one (which comes earlier, before the next
//              product, if 64 MiB are kept for it), if there are any: 4 rounds, 26 B a
//              product, 3 B bits an AND (B = 3 from 100 or so comparisons of 63 bits on) and 144 B;
//              then i -> i+1: x_i modulo 2^64, 8 B; i -> i-1: a hash of x_{i+1}, 32 B
//   reveal     the same check; to a party: from the one before 8 B, from the next a hash of 32 B;
//   to
//              a client: 16 B from 0; 8 B and a hash from 1; two hashes from 2
//   compare    the sign of a - b modulo 2^w, w = bits + 1: a summand's bits are known to two and so
//              are shared already. Three numbers to two, w-1 ANDs a comparison; their carries, w-2
//              and (2 (w-3) - log2(w-2)) ANDs; the bit b0 ^ b1 ^ b2 to numbers, two products
//     at 64 bits: 241 bits and 26 B at once, 10 rounds; in the check 52 B and 3 B bits an AND
//
// Guarantees privacy, and right results or none, against one malicious party of three; whether
// others get the result or none, the deviating party chooses. Chance of a cheat: 2^-40 a check.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/protocol.h"
#include "models/mpc/tools/adder.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/checked_input.h"
#include "models/mpc/tools/joint_message.h"
#include "models/mpc/tools/ring104.h"
#include "models/mpc/tools/sacrifice.h"

namespace evenkeel {
namespace {

class Replicated3Malicious final : public Protocol, private BitSharing {
 public:
  explicit Replicated3Malicious(Session& session)
      : Protocol(session, ring128(), 2), seat_(session), products_(seat_) {}

  Cost cost(const SecureOperation& operation) const override;
  Cost cost_of_inputs(std::span<const Seat> owners, std::size_t count) const override {
    return checked_input_cost(session().seats(), owners, count);
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
    return checked_inputs(seat_, owners, mine, count);
  }
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;
  std::size_t bit_components() const override { return 2; }
  Task<Words> multiply_bits(const Words& a, const Words& b) override {
    return products_.multiply_bits(a, b);
  }
  Task<Secrets> arithmetic(const Words& bits, std::size_t count);
  Task<Secrets> exclusive_or(const Secrets& a, const Secrets& b);
  Words values(const Secrets& secrets, std::size_t part) const;

  ReplicatedSeat seat_;
  Sacrifice products_;
};

// What is opened of a share: modulo 2^64, since above that an overflow could be read.
Words Replicated3Malicious::values(const Secrets& secrets, std::size_t part) const {
  Words low(secrets.count);
  for (std::size_t i = 0; i < low.size(); ++i) low[i] = component(secrets, part)[2 * i];
  return low;
}

std::vector<std::int64_t> signed_numbers(const Words& words) {
  disclose(words);
  return {words.begin(), words.end()};
}

Task<Words> Replicated3Malicious::sums_of_products(const Secrets& a, const Secrets& b,
                                                   std::size_t length) {
  co_await products_.make_room();
  session().enter(length == 1 ? "multiply" : "dot");
  Words sums = co_await products_.dot(a.words, b.words, length);
  co_return sums;
}

Task<Secrets> Replicated3Malicious::random(std::size_t count) {
  Secrets secrets = empty(count);
  seat_.own_stream().fill(component(secrets, 0));
  seat_.next_stream().fill(component(secrets, 1));
  co_return secrets;
}

Task<std::vector<std::int64_t>> Replicated3Malicious::open(const Secrets& secrets) {
  co_await products_.check();
  session().enter("open");
  const Words own = values(secrets, 0);
  const Words next = values(secrets, 1);
  Words sum = co_await seat_.lacking(own, next, "open");
  for (const Words* share : {&own, &next}) ring64().add(sum, *share);
  co_return signed_numbers(sum);
}

// Of each summand that the receiver lacks, one sends it, and a witness its hash.
Task<std::vector<std::int64_t>> Replicated3Malicious::reveal(Seat receiver,
                                                             const Secrets& secrets) {
  co_await products_.check();
  session().enter("reveal");
  struct Told {
    Seat summand;
    JointMessage message;
  };
  const Seat before = (receiver + 2) % 3;
  std::vector<Told> plan{{0, {0, 2, receiver}}, {1, {0, 1, receiver}}, {2, {1, 2, receiver}}};
  if (receiver < 3) plan.assign({{before, {before, (receiver + 1) % 3, receiver}}});
  Words sum(secrets.count, 0);
  for (const Told& told : plan)
    if (told.message.is_known_to(self()))
      tell(session(), told.message, values(secrets, (told.summand + 3 - self()) % 3));
  if (self() != receiver) co_return std::vector<std::int64_t>{};
  for (Seat c = 0; c < 2 && receiver < 3; ++c) ring64().add(sum, values(secrets, c));
  for (const Told& told : plan) {
    const Words share = co_await hear(session(), told.message, secrets.count, "reveal");
    ring64().add(sum, share);
  }
  co_return signed_numbers(sum);
}

Secrets Replicated3Malicious::constants(std::span<const std::int64_t> numbers) const {
  Secrets secrets = empty(numbers.size());
  std::ranges::fill(secrets.words, 0);
  if (self() == 0) domain().encode(numbers, component(secrets, 0));
  if (self() == 2) domain().encode(numbers, component(secrets, 1));
  return secrets;
}

Task<Secrets> Replicated3Malicious::less(const Secrets& a, const Secrets& b, int bits) {
  co_await products_.make_room();
  session().enter("compare");
  const Secrets difference = subtract(a, b);
  const std::size_t lanes = lanes_of(difference.count);
  const auto width = static_cast<std::size_t>(bits) + 1;
  session().charge(2 * costs::transposed_word * static_cast<double>(difference.count));
  std::vector<Words> addends(3, Words(2 * width * lanes, 0));
  for (Seat c = 0; c < 2; ++c) {
    const Words planes = planes_of(values(difference, c), width);
    std::ranges::copy(
        planes, addends[(self() + c) % 3].begin() + static_cast<std::ptrdiff_t>(c * width * lanes));
  }
  Task<Words> adding = top_bit_of_sum(*this, std::move(addends), width, lanes);
  const Words sign = co_await std::move(adding);
  Secrets is_less = co_await arithmetic(sign, difference.count);
  co_return is_less;
}

Task<Secrets> Replicated3Malicious::arithmetic(const Words& bits, std::size_t count) {
  const std::size_t lanes = bits.size() / 2;
  std::vector<Secrets> parts(3, constant(0, count));
  for (Seat c = 0; c < 2; ++c) {
    const Words numbers = numbers_of(std::span{bits}.subspan(c * lanes, lanes), count);
    const std::span<Word> share = component(parts[(self() + c) % 3], c);
    for (std::size_t i = 0; i < count; ++i) share[2 * i] = numbers[i];
  }
  const Secrets first = co_await exclusive_or(parts[0], parts[1]);
  Secrets all = co_await exclusive_or(first, parts[2]);
  co_return all;
}

Task<Secrets> Replicated3Malicious::exclusive_or(const Secrets& a, const Secrets& b) {
  Words both = co_await products_.dot(a.words, b.words, 1);
  co_return subtract(add(a, b), scale({a.count, std::move(both)}, 2));
}

Cost Replicated3Malicious::cost(const SecureOperation& operation) const {
  constexpr std::uint64_t element = ring104::element_bytes;
  constexpr std::uint64_t hashed = JointMessage::hash_bytes;
  const std::uint64_t words = 8 * operation.count;
  Cost cost = no_cost();
  cost.rounds = 1;
  const auto all = [&](std::uint64_t bytes) {
    for (Seat party = 0; party < 3; ++party) cost.sent_bytes[party] += bytes;
  };
  using Kind = SecureOperation::Kind;
  const bool opens = operation.kind == Kind::open || operation.kind == Kind::reveal;
  const bool multiplies = operation.kind == Kind::multiply || operation.kind == Kind::dot ||
                          operation.kind == Kind::compare;
  if (opens || (multiplies && products_.is_full())) {
    all(products_.check_bytes());
    cost.rounds += products_.check_rounds();
  }
  switch (operation.kind) {
    case Kind::set_up:
      all(16);
      cost.be_offline();
      break;
    case Kind::input:
      return cost_of_inputs({&operation.who, 1}, operation.count);
    case Kind::multiply:
    case Kind::dot:
      all(element * operation.count);
      break;
    case Kind::open:
      all(words + hashed);
      break;
    case Kind::random:
      cost.rounds = 0;
      break;
    case Kind::reveal: {
      const bool to_client = operation.who >= 3;
      cost.sent_bytes[to_client ? 0 : (operation.who + 2) % 3] += to_client ? 2 * words : words;
      cost.sent_bytes[to_client ? 2 : (operation.who + 1) % 3] += to_client ? 2 * hashed : hashed;
      if (to_client) cost.sent_bytes[1] += words + hashed;
      break;
    }
    case Kind::compare: {
      const auto width = static_cast<std::size_t>(operation.bits) + 1;
      all(8 * sum_products(3, width, lanes_of(operation.count)) + 2 * element * operation.count);
      cost.rounds += sum_rounds(3, width) + 1;
    }
  }
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("three parties with replicated shares, of whom one may cheat and is noticed",
                   {.name = "replicated3_malicious",
                    .promises = {.fewest_parties = 3,
                                 .most_parties = 3,
                                 .corruptions = "1 of 3",
                                 .adversary = Adversary::malicious,
                                 .outcome = Outcomes::abort},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Replicated3Malicious>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
