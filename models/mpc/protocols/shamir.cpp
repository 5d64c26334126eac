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
//   open       i -> i+1 .. i+t: its share, 8 t B; with `openings: king` the seats 1 .. t tell seat
//   0
//              theirs, which tells all the sum: 2 rounds, 8 B by each of t, 8 (n-1) B by seat 0
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
#include "models/mpc/tools/openings.h"
#include "models/mpc/tools/prime_comparison.h"

namespace evenkeel {
namespace {

struct ShamirSettings : OpeningSettings {
  void describe(Fields& fields) {
    OpeningSettings::describe(fields);
    if (openings == Openings::ring || openings == Openings::tree)
      fields.refuse("openings",
                    "of the seats of 'shamir' few have something to add, and the others would only "
                    "wait for them; write 'direct' or 'king'");
  }
};

class Shamir final : public Protocol {
 public:
  Shamir(Session& session, const ShamirSettings& settings)
      : Protocol(session, field61_domain(), 1),
        seat_(session, (session.parties() - 1) / 2),
        openings_{settings.openings, session.parties(), t() + 1} {}

  Cost cost(const SecureOperation& operation) const override;
  Task<> set_up() override {
    if (session().is_party()) co_await seat_.agree_on_keys();
  }
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
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;

  Task<Words> open_directly(const Words& shares);

  ShamirSeat seat_;
  OpeningPlan openings_;
  DegreeReduction reduction_{session(), seat_};
};

Task<std::vector<Words>> Shamir::enter(std::span<const Seat> owners, const Words& mine,
                                       std::size_t count) {
  std::vector<Words> all(owners.size());
  if (!session().is_party()) {
    seat_.deal_as_client(mine);
    co_return std::vector<Words>{};
  }
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (owners[i] == self()) all[i] = seat_.deal(mine);
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (owners[i] != self()) all[i] = co_await seat_.dealt(owners[i], count);
  co_return all;
}

// From shares of degree 2t to shares of degree t.
Task<Words> Shamir::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  Words products(a.count, 0);
  domain().add_products(products, a.words, b.words);
  session().charge(costs::field_product * static_cast<double>(a.count));
  Secrets summed{a.count, std::move(products)};
  if (length > 1) summed = sums(summed, length);
  Task<Words> reducing = reduction_.reduce(std::move(summed.words));
  Words shares = co_await std::move(reducing);
  co_return shares;
}

Task<Secrets> Shamir::random(std::size_t count) {
  Words words = co_await seat_.random(count);
  co_return Secrets{count, std::move(words)};
}

Task<Words> Shamir::open_directly(const Words& shares) {
  for (std::uint32_t i = 1; i <= t(); ++i) session().send(seat_.after(self(), i), shares);
  shamir::Elements points{shamir::point_of(self())};
  std::vector<Words> known{shares};
  for (std::uint32_t i = 1; i <= t(); ++i) {
    const Seat other = seat_.after(self(), n() - i);
    Words& share = known.emplace_back();
    share = co_await session().receive(other, shares.size());
    domain().from_random(share);
    points.push_back(shamir::point_of(other));
  }
  session().charge(costs::field_product * (t() + 1) * static_cast<double>(shares.size()));
  co_return shamir::interpolated(points, known, 0);
}

// Of t+1 shares, each times a number that all know, the secret is the sum.
Task<std::vector<std::int64_t>> Shamir::open(const Secrets& secrets) {
  session().enter("open");
  if (openings_.way == Openings::direct) {
    const Words opened = co_await open_directly(secrets.words);
    co_return decoded(opened);
  }
  Words summands(secrets.count, 0);
  if (self() < openings_.adding) {
    const shamir::Elements weights = shamir::lagrange(shamir::first_points(openings_.adding), 0);
    summands = secrets.words;
    domain().scale(summands, std::span{weights}.subspan(self(), 1));
    session().charge(costs::field_product * static_cast<double>(secrets.count));
  }
  Task<Words> opening = openings_.open(session(), domain(), std::move(summands), sizeof(Word));
  const Words opened = co_await std::move(opening);
  co_return decoded(opened);
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
  Cost cost = no_cost();
  cost.rounds = 1;
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
      if (operation.who >= n()) cost.rounds = 0, cost.rounds_at_once = 1;  // a client needs no keys
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
      for (Seat party = 0; party < n(); ++party) {
        const bool is_direct = openings_.way == Openings::direct;
        parties[party] = 8 * count * (is_direct ? t() : openings_.sent_by(party));
      }
      cost.rounds = openings_.rounds();
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
    protocols(), protocol_entry_with<Shamir, ShamirSettings>(
                     "n parties with Shamir's shares over GF(2^61-1), fewer than half curious",
                     {.name = "shamir",
                      .promises = {.fewest_parties = 3,
                                   .most_parties = 32,
                                   .corruptions = "(n-1)/2 of n",
                                   .adversary = Adversary::semi_honest,
                                   .value_bits = 59}})};

}  // namespace
}  // namespace evenkeel
