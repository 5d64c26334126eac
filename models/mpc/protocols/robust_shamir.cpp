// robust_shamir: n parties, of whom t = (n-1)/3 may do anything; the answer comes all the same.
//
// Shamir's shares of degree t over GF(2^61-1) and Beaver's products (CRYPTO 1991). What is opened
// is decoded, so that up to t wrong or missing shares do nothing but name who gave them (Gao 2003).
// The offline phase, of random secrets and products, is made by the same parties, within each
// operation, and bears the same deviations: random secrets come from keys of sets of n-t parties
// (tools/robust_seat.h), products are checked as codewords of degree 2t, and who is found lying is
// left out (tools/robust_triples.h).
//
//   A          agreement on what v parties said (tools/robust_group.h): 3 + 3 (t+1) rounds,
//              (n-1) ((64 + 3 (t+1)) v + 1) B a party
//   set-up     keys and digests by their leaders, A of t+1, a byte a set of n-t parties, A of n
//   input      round 1  party -> owner: its share of a random r, 8 B
//              round 2  owner -> all: x - r, 8 B each; then A of the owners. Who says nothing that
//              can be agreed on enters 0.
//   multiply   round 1  all -> all: h_i of a random product, 8 (n-1) B; then A of n
//              last     all -> all: shares of x - a and y - b, 16 (n-1) B
//              in all 24 (n-1) B a product and party, and A
//   dot        a product for each summand, added up after: 24 (n-1) B a summand
//   random     nothing
//   open       all -> all: 8 (n-1) B
//   reveal     all -> the receiver: 8 B; a client takes the first 2t+1 shares that fit together
//   compare    tools/prime_comparison.h: its 176 random products are made at once, A among it; then
//              10 rounds. In all 8 (n-1) (176 + 2 176 + 62) B a party, and A
//   Where a party has nothing to say to another in a round, it says a byte.
//
// Furukawa and Lindell (CCS 2019) take 2 2/3 elements a party and product with n = 3t+1, but end
// without an answer when somebody cheats.
//
// Promises privacy and the right answer against t parties that do anything, and any number of
// clients (whose numbers are theirs, in range or not). It takes the network to be synchronous: a
// message between honest seats that takes longer than a 16th of the session's patience makes its
// sender one of the t. Digests are taken to be collision-resistant.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/protocol.h"
#include "models/mpc/tools/prime_comparison.h"
#include "models/mpc/tools/robust_input.h"
#include "models/mpc/tools/robust_triples.h"

namespace evenkeel {
namespace {

using Heard = RobustGroup::Heard;

class RobustShamir final : public Protocol {
 public:
  explicit RobustShamir(Session& session)
      : Protocol(session, field61_domain(), 1), seat_(session) {}

  Cost cost(const SecureOperation& operation) const override;
  Cost cost_of_inputs(std::span<const Seat> owners, std::size_t count) const override {
    return robust_input_cost(seat_, owners, count);
  }
  Task<> set_up() override {
    if (session().is_party()) co_await seat_.agree_on_keys();
  }
  Task<Secrets> random(std::size_t count) override {
    co_return Secrets{count, seat_.random(count)};
  }
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int) override {
    co_await triples_.prepare(prime_comparison_products() * a.count);
    Task<Secrets> comparing = prime_less(*this, a, b);
    Secrets is_less = co_await std::move(comparing);
    co_return is_less;
  }
  Secrets constants(std::span<const std::int64_t> values) const override {
    Words words = domain().encoded(values);
    return {values.size(), std::move(words)};
  }

 private:
  std::uint32_t n() const { return session().parties(); }

  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override {
    return robust_inputs(seat_, owners, mine, count);
  }
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;
  Cost cost_of_part(const SecureOperation& part) const;
  void pay_for_triples(Cost& cost, std::size_t count) const;

  RobustSeat seat_;
  RobustTriples triples_{seat_};
};

Task<Words> RobustShamir::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  const std::size_t count = a.count;
  co_await triples_.prepare(count);
  Triples triples = triples_.take(count);
  session().enter("multiply");
  Words masked(a.words.begin(), a.words.end());
  masked.insert(masked.end(), b.words.begin(), b.words.end());
  const std::span both{masked};
  domain().subtract(both.first(count), triples.a);
  domain().subtract(both.last(count), triples.b);
  const Words opened = co_await seat_.open(masked);
  const std::span differences{opened};
  // x y = (a + d)(b + e) = a b + d b + e (a + d)
  domain().add_products(triples.product, differences.first(count), triples.b);
  domain().add(triples.a, differences.first(count));
  domain().add_products(triples.product, differences.last(count), triples.a);
  session().charge(2 * costs::field_product * static_cast<double>(count));
  if (length == 1) co_return std::move(triples.product);
  Secrets summed = sums({count, std::move(triples.product)}, length);
  co_return std::move(summed.words);
}

Task<std::vector<std::int64_t>> RobustShamir::open(const Secrets& secrets) {
  session().enter("open");
  const Words opened = co_await seat_.open(secrets.words);
  co_return decoded(opened);
}

Task<std::vector<std::int64_t>> RobustShamir::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  if (receiver >= n()) {
    if (session().is_party()) session().send(receiver, secrets.words);
    if (self() != receiver) co_return std::vector<std::int64_t>{};
    const Words revealed = co_await seat_.receive_secrets(secrets.count);
    co_return decoded(revealed);
  }
  if (!session().is_party()) co_return std::vector<std::int64_t>{};
  std::vector<SecretBytes> shares(n());
  shares[receiver] = bytes_of(secrets.words);
  const std::size_t size = secrets.count * sizeof(Word);
  const std::vector<std::size_t> sizes(n(), self() == receiver ? size : 0);
  Task<std::vector<Heard>> exchanging = seat_.group().exchange(std::move(shares), sizes);
  std::vector<Heard> heard = co_await std::move(exchanging);
  if (self() != receiver) co_return std::vector<std::int64_t>{};
  Task<Words> decoding = seat_.decoded(std::move(heard));
  const Words revealed = co_await std::move(decoding);
  co_return decoded(revealed);
}

// Of a comparison, whose products are there already.
Cost RobustShamir::cost_of_part(const SecureOperation& part) const {
  Cost cost = this->cost(part);
  if (part.kind != SecureOperation::Kind::multiply) return cost;
  for (Seat party = 0; party < n(); ++party) cost.sent_bytes[party] -= cost.offline_bytes[party];
  cost.rounds -= cost.offline_rounds;
  cost.offline_bytes.clear();
  cost.offline_rounds = 0;
  return cost;
}

void RobustShamir::pay_for_triples(Cost& cost, std::size_t count) const {
  for (Seat party = 0; party < n(); ++party) cost.send_offline(party, triples_.sent_bytes(count));
  cost.rounds += triples_.rounds();
  cost.offline_rounds += triples_.rounds();
}

Cost RobustShamir::cost(const SecureOperation& operation) const {
  Cost cost = no_cost();
  cost.rounds = 1;
  const auto parties = std::span{cost.sent_bytes}.first(n());
  const std::uint64_t words = 8 * operation.count;
  const std::uint64_t others = n() - 1;
  using Kind = SecureOperation::Kind;
  switch (operation.kind) {
    case Kind::set_up:
      for (Seat party = 0; party < n(); ++party) parties[party] = seat_.keys().sent_bytes(party);
      cost.rounds = seat_.keys().rounds();
      cost.be_offline();
      break;
    case Kind::input:
      return cost_of_inputs({&operation.who, 1}, operation.count);
    case Kind::multiply:
    case Kind::dot: {
      const std::size_t products = operation.count * operation.length;
      std::ranges::fill(parties, 16 * others * products);
      pay_for_triples(cost, products);
      break;
    }
    case Kind::random:
      cost.rounds = 0;
      break;
    case Kind::open:
      std::ranges::fill(parties, words * others);
      break;
    case Kind::reveal:
      std::ranges::fill(parties, operation.who < n() ? words + others - 1 : words);
      if (operation.who < n()) parties[operation.who] = others;
      break;
    case Kind::compare:
      cost = prime_comparison_cost(operation.count, [this](const SecureOperation& part) {
        return this->cost_of_part(part);
      });
      pay_for_triples(cost, prime_comparison_products() * operation.count);
  }
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("n parties with Shamir's shares over GF(2^61-1), fewer than a third of whom may "
                   "do anything: the answer comes all the same",
                   {.name = "robust_shamir",
                    .promises = {.fewest_parties = 4,
                                 .most_parties = 13,
                                 .corruptions = "(n-1)/3 of n",
                                 .adversary = Adversary::malicious,
                                 .outcome = Outcomes::delivered,
                                 .trusted = "nobody, but honest seats' messages come in time",
                                 .value_bits = 59},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<RobustShamir>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
