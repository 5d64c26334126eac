// shamir: n parties, of whom t = (n-1)/2 may be curious together.
//
// Ben-Or, Goldwasser and Wigderson, STOC 1988, over GF(2^61-1), with the degree reduction of
// Gennaro, Rabin and Rabin (PODC 1998) for 3 and 4 parties and ATLAS (Goyal, Li, Ostrovsky,
// Polychroniadou and Song, CRYPTO 2021) from 5. A secret is the value at 0 of a polynomial of
// degree t, party i holds its value at i+1. Of n shares that somebody deals, t come from seeds
// (tools/shamir_seat.h). Products are made by the first m = 2t+1 parties.
//
//   set-up     i -> j: a key, and those of the sets of n-t parties that i leads and j is in
//   input      owner -> the n-1-t without a seed: their shares, 8 (n-1-t) B;
//              client -> t parties a seed, the others their shares: 16 t + 8 (n-t) B
//   multiply   h_i = a_i b_i, of degree 2t, reduced (tools/degree_reduction.h)
//              n < 5: 1 round, 8 (n-1-t) B each of m
//              n >= 5: 2 rounds; if m divides the number of products, 8 (4 t) B a product in all
//              with n odd, 8 (4 t + 2) B with n even
//   dot        the same, summed before
//   random     up to 9 parties nothing (Cramer, Damgard and Ishai, TCC 2005); above, all deal, and
//              of n dealings come n-t secrets: 8 (n-1-t) B of each for every n-t, 1 round
//   open       i -> i+1 .. i+t: its share, 8 t B
//   reveal     to a party t others send, to a client t+1: 8 B each
//   compare    61 random, 176 multiplied, 62 opened (tools/prime_comparison.h); 10 rounds with
//              n < 5, 18 from there, 1 more where random secrets are dealt
//
// MP-SPDZ, 61 bits, pays as much for a product: 8 B a party of 3, 8 (4 t) B in all by ATLAS. It
// opens by a king in 2 rounds; its comparison takes 4488 B a party of 3 in 16 to 18 rounds, here
// 1904 B.
//
// Promises privacy against t semi-honest parties; nothing against one that deviates.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/protocol.h"
#include "models/mpc/tools/degree_reduction.h"
#include "models/mpc/tools/prime_comparison.h"

namespace evenkeel {
namespace {

class Shamir final : public Protocol {
 public:
  explicit Shamir(Session& session)
      : Protocol(session, field61_domain(), 1), seat_(session, (session.parties() - 1) / 2) {}

  Cost cost(const SecureOperation& operation) const override;
  Task<> set_up() override {
    if (session().is_party()) co_await seat_.agree_on_keys();
  }
  Task<std::vector<Secrets>> inputs(std::span<const Seat> owners,
                                    std::span<const std::int64_t> mine, std::size_t count) override;
  Task<Secrets> multiply(const Secrets& a, const Secrets& b) override;
  Task<Secrets> dot(const Secrets& a, const Secrets& b, std::size_t length) override;
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int) override {
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
  std::uint32_t t() const { return seat_.degree(); }
  Seat self() const { return session().self(); }
  void enter_as_client(const Words& values);
  Task<Secrets> reduced(Words products);

  ShamirSeat seat_;
  DegreeReduction reduction_{session(), seat_};
};

void Shamir::enter_as_client(const Words& values) {
  Prg seeds{draw_prg_key(session().node().random())};
  shamir::Elements points{0};
  std::vector<Words> shares{values};
  for (Seat party = 0; party < t(); ++party) {
    const PrgKey key = seeds.key();
    session().send_bytes(party, key);
    Prg stream{key};
    points.push_back(shamir::point_of(party));
    shares.push_back(shamir::random_elements(stream, values.size()));
  }
  for (Seat party = t(); party < n(); ++party)
    session().send(party, shamir::interpolated(points, shares, shamir::point_of(party)));
  session().charge(static_cast<double>(values.size() * t()) *
                   (costs::prg_word + costs::field_product * (n() - t())));
}

Task<std::vector<Secrets>> Shamir::inputs(std::span<const Seat> owners,
                                          std::span<const std::int64_t> mine, std::size_t count) {
  session().enter("input");
  const Words values = domain().encoded(mine);
  const bool enters = std::ranges::find(owners, self()) != owners.end();
  EVENKEEL_CHECK(!enters || values.size() == count, "an owner enters as many numbers as agreed");
  std::vector<Secrets> all(owners.size());
  if (!session().is_party()) {
    if (enters) enter_as_client(values);
    co_return std::vector<Secrets>{};
  }
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (owners[i] == self()) all[i] = {count, seat_.deal(values)};
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (owners[i] == self()) continue;
    all[i].count = count;
    if (owners[i] < n()) {
      all[i].words = co_await seat_.dealt(owners[i], count);
    } else if (self() < t()) {
      PrgKey key;
      co_await session().receive_bytes(owners[i], key);
      Prg stream{key};
      all[i].words = shamir::random_elements(stream, count);
    } else {
      all[i].words = co_await session().receive(owners[i], count);
      domain().from_random(all[i].words);  // whatever came
    }
  }
  co_return all;
}

Task<Secrets> Shamir::multiply(const Secrets& a, const Secrets& b) {
  session().enter("multiply");
  Words products(a.count, 0);
  domain().add_products(products, a.words, b.words);
  session().charge(costs::field_product * static_cast<double>(a.count));
  Task<Secrets> reducing = reduced(std::move(products));
  Secrets product = co_await std::move(reducing);
  co_return product;
}

Task<Secrets> Shamir::dot(const Secrets& a, const Secrets& b, std::size_t length) {
  session().enter("dot");
  EVENKEEL_CHECK(a.count == b.count && length > 0 && a.count % length == 0, "uneven dot products");
  Words products(a.count, 0);
  domain().add_products(products, a.words, b.words);
  const Secrets summed = sums({a.count, std::move(products)}, length);
  session().charge(costs::field_product * static_cast<double>(a.count));
  Words summands = summed.words;
  Task<Secrets> reducing = reduced(std::move(summands));
  Secrets product = co_await std::move(reducing);
  co_return product;
}

// From shares of degree 2t to shares of degree t.
Task<Secrets> Shamir::reduced(Words products) {
  const std::size_t count = products.size();
  Task<Words> reducing = reduction_.reduce(std::move(products));
  Words shares = co_await std::move(reducing);
  co_return Secrets{count, std::move(shares)};
}

Task<Secrets> Shamir::random(std::size_t count) {
  Words words = co_await seat_.random(count);
  co_return Secrets{count, std::move(words)};
}

Task<std::vector<std::int64_t>> Shamir::open(const Secrets& secrets) {
  session().enter("open");
  for (std::uint32_t i = 1; i <= t(); ++i) session().send(seat_.after(self(), i), secrets.words);
  shamir::Elements points{shamir::point_of(self())};
  std::vector<Words> shares{secrets.words};
  for (std::uint32_t i = 1; i <= t(); ++i) {
    const Seat other = seat_.after(self(), n() - i);
    Words& share = shares.emplace_back();
    share = co_await session().receive(other, secrets.count);
    domain().from_random(share);
    points.push_back(shamir::point_of(other));
  }
  session().charge(costs::field_product * (t() + 1) * static_cast<double>(secrets.count));
  co_return decoded(shamir::interpolated(points, shares, 0));
}

Task<std::vector<std::int64_t>> Shamir::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  std::vector<Seat> senders;
  for (std::uint32_t i = 1; i <= t(); ++i) senders.push_back(seat_.after(receiver % n(), i));
  if (receiver >= n()) senders.push_back(receiver % n());
  if (self() != receiver) {
    if (std::ranges::find(senders, self()) != senders.end())
      session().send(receiver, secrets.words);
    co_return std::vector<std::int64_t>{};
  }
  std::vector<Words> shares(senders.size());
  for (std::size_t i = 0; i < senders.size(); ++i) {
    shares[i] = co_await session().receive(senders[i], secrets.count);
    domain().from_random(shares[i]);
  }
  if (receiver < n()) {
    senders.push_back(self());
    shares.push_back(secrets.words);
  }
  co_return decoded(shamir::interpolated(shamir::points_of(senders), shares, 0));
}

Cost Shamir::cost(const SecureOperation& operation) const {
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 1};
  const std::size_t count = operation.count;
  const auto parties = std::span{cost.sent_bytes}.first(n());
  using Kind = SecureOperation::Kind;
  switch (operation.kind) {
    case Kind::set_up:
      for (Seat party = 0; party < n(); ++party) parties[party] = seat_.key_bytes(party);
      cost.be_offline();
      break;
    case Kind::input:
      cost.sent_bytes[operation.who] =
          operation.who < n() ? seat_.dealt_bytes(count) : 16 * t() + 8 * count * (n() - t());
      break;
    case Kind::multiply:
    case Kind::dot:
      for (Seat party = 0; party < n(); ++party) {
        cost.send_offline(party, reduction_.mask_bytes(party, count));
        parties[party] = reduction_.sent_bytes(party, count);
      }
      cost.rounds = reduction_.rounds();
      cost.offline_rounds = cost.rounds_at_once = reduction_.has_kings() ? 1 : 0;
      break;
    case Kind::random:
      std::ranges::fill(parties, seat_.random_bytes(count));
      cost.rounds = seat_.draws_alone() ? 0 : 1;
      cost.be_offline();
      break;
    case Kind::open:
      std::ranges::fill(parties, 8 * t() * count);
      break;
    case Kind::reveal:
      for (std::uint32_t i = operation.who < n() ? 1 : 0; i <= t(); ++i)
        parties[seat_.after(operation.who % n(), i)] = 8 * count;
      break;
    case Kind::compare:
      cost = prime_comparison_cost(
          count, [this](const SecureOperation& part) { return this->cost(part); });
  }
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("n parties with Shamir's shares over GF(2^61-1), fewer than half curious",
                   {.name = "shamir",
                    .promises = {.fewest_parties = 3,
                                 .most_parties = 32,
                                 .corruptions = "(n-1)/2 of n",
                                 .adversary = Adversary::semi_honest,
                                 .value_bits = 59},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Shamir>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
