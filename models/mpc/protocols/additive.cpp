// additive: n parties of whom all but one may be curious, and a dealer.
//
// Beaver, "Efficient multiparty protocols using circuit randomization", CRYPTO 1991, over Z_2^64,
// and bits over GF(2), 64 a word. A secret is x_0 + ... + x_{n-1}; the seats 0 .. n-1 hold one
// share each. Seat n, the last of the parties, deals what is correlated and knows no share; it is
// counted as a party, so that the fewest are three. Everything opened by `open` it learns too.
//
//              offline: the dealer -> 0   online, by each of the n that compute             rounds
//   set-up     16 B to each               16 B to each other: keys of pairs                     1
//   input      (its own: 8 B)             0 by a party; a client: 8 B to 0, a key to others 0 or 1
//   multiply   8 B                        x - a and y - b of a triple: 16 B to each other       1
//   dot        8 B a sum                  16 B a product to each other                          1
//   open                                  8 B to each other and, masked anew, to the dealer     1
//   reveal                                8 B to the receiver                                   1
//   compare    40.4 B at 64 bits          8 B and 53 bits: additive_comparison.cpp              6
//   With `openings` king, ring or tree fewer messages are sent, in more rounds: see
//   tools/openings.h.
//
// The dealer's messages wait for nothing, unless it has learnt something by `open` before.
//
// Guarantees privacy against n-1 of the n, semi-honest, if the dealer neither deviates nor tells
// any of them what it dealt; nothing against one that deviates.
#include "models/mpc/protocols/additive.h"

#include <algorithm>

#include "models/mpc/costs.h"

namespace evenkeel {

void Additive::enter_as_client(const Words& mine) {
  session().charge(costs::prg_word * static_cast<double>(mine.size() * seat_.computing()));
  Prg seeds{draw_prg_key(session().node().random())};
  Words rest = mine;
  for (Seat seat = 1; seat < seat_.computing(); ++seat) {
    const PrgKey key = seeds.key();
    domain().subtract(rest, Prg{key}.words(mine.size()));
    session().send_bytes(seat, key);
  }
  session().send(0, rest);
}

Task<Words> Additive::entered_by(Seat owner, Words elements) {
  const Seat dealer = seat_.dealer();
  if (owner < dealer) co_return seat_.of_owner(domain(), owner, std::move(elements));
  if (owner == dealer) {
    Task<Words> dealing = seat_.share_out(domain(), std::move(elements));
    Words share = co_await std::move(dealing);
    co_return share;
  }
  if (self() == 0) {
    co_await session().receive_bytes(owner, std::as_writable_bytes(std::span{elements}));
  } else if (self() != dealer) {
    PrgKey key;
    co_await session().receive_bytes(owner, key);
    Prg{key}.fill(elements);
  }
  co_return elements;
}

Task<std::vector<Words>> Additive::enter(std::span<const Seat> owners, const Words& mine,
                                         std::size_t count) {
  std::vector<Words> all;
  if (!session().is_party()) {
    enter_as_client(mine);
    co_return all;
  }
  for (const Seat owner : owners) {
    Words elements(count, 0);
    if (owner == self()) elements = mine;
    Task<Words> entering = entered_by(owner, std::move(elements));
    all.push_back(co_await std::move(entering));
  }
  co_return all;
}

Task<Secrets> Additive::random(std::size_t count) {
  if (!own_) own_.emplace(draw_prg_key(session().node().random()));
  session().charge(costs::prg_word * static_cast<double>(count));
  Secrets secrets{count, own_->words(count)};
  co_return secrets;
}

// The dealer could tell from a share what the triples that it dealt have masked, so that it gets
// shares of the same sum that are fresh.
Task<std::vector<std::int64_t>> Additive::open(const Secrets& secrets) {
  session().enter("open");
  const OpeningPlan plan = seat_.openings();
  if (seat_.deals()) {
    Words sum(secrets.count, 0);
    for (Seat seat = 0; seat < seat_.computing(); ++seat)
      if (seat == 0 || !plan.has_speaker())
        domain().add(sum, co_await session().receive(seat, secrets.count));
    co_return decoded(sum);
  }
  if (!plan.has_speaker()) {
    Words fresh = secrets.words;
    seat_.add_zero(domain(), fresh);
    session().send(seat_.dealer(), fresh);
  }
  Words mine = secrets.words;
  Task<Words> opening = seat_.open(domain(), std::move(mine));
  const Words sum = co_await std::move(opening);
  if (plan.has_speaker() && self() == 0) session().send(seat_.dealer(), sum);
  co_return decoded(sum);
}

Task<std::vector<std::int64_t>> Additive::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  if (self() == receiver) {
    Words sum = seat_.computes() ? secrets.words : Words(secrets.count, 0);
    for (Seat seat = 0; seat < seat_.computing(); ++seat)
      if (seat != self()) domain().add(sum, co_await session().receive(seat, secrets.count));
    co_return decoded(sum);
  }
  if (seat_.computes()) {
    Words fresh = secrets.words;
    if (receiver == seat_.dealer()) seat_.add_zero(domain(), fresh);
    session().send(receiver, fresh);
  }
  co_return std::vector<std::int64_t>{};
}

Secrets Additive::constants(std::span<const std::int64_t> values) const {
  Secrets secrets{values.size(), {}};
  secrets.words.assign(values.size(), 0);
  if (self() == 0) domain().encode(values, secrets.words);
  return secrets;
}

void Additive::pay_opening(Cost& cost, std::uint64_t bytes, std::uint32_t times) const {
  const OpeningPlan plan = seat_.openings();
  for (Seat seat = 0; seat < plan.n; ++seat) cost.sent_bytes[seat] += bytes * plan.sent_by(seat);
  cost.rounds += times * plan.rounds();
}

Cost Additive::cost(const SecureOperation& operation) const {
  using Kind = SecureOperation::Kind;
  const Seat n = seat_.computing();
  const Seat dealer = seat_.dealer();
  const std::uint64_t words = 8 * operation.count;
  Cost cost = no_cost();
  switch (operation.kind) {
    case Kind::set_up:
      std::fill_n(cost.sent_bytes.begin(), n, 16 * (n - 1));
      cost.sent_bytes[dealer] = 16 * n;
      cost.rounds = 1;
      cost.be_offline();
      break;
    case Kind::input:
      if (operation.who == dealer) {
        cost.sent_bytes[dealer] = words;
        cost.rounds_at_once = 1;  // it waits for no keys
      }
      if (operation.who > dealer) {
        cost.sent_bytes[operation.who] = words + 16 * (n - 1);
        cost.rounds_at_once = 1;
      }
      break;
    case Kind::multiply:
    case Kind::dot:
      cost.send_offline(dealer, words);
      pay_opening(cost, 2 * words * (operation.kind == Kind::dot ? operation.length : 1));
      break;
    case Kind::random:
      break;
    case Kind::open: {
      pay_opening(cost, words);
      const OpeningPlan plan = seat_.openings();
      for (Seat seat = 0; seat < n; ++seat)
        if (seat == 0 || !plan.has_speaker()) cost.sent_bytes[seat] += words;
      break;
    }
    case Kind::reveal:
      for (Seat seat = 0; seat < n; ++seat)
        if (seat != operation.who) cost.sent_bytes[seat] = words;
      cost.rounds = 1;
      break;
    case Kind::compare:
      return cost_of_comparison(operation.count, operation.bits);
  }
  return cost;
}

namespace {

const Registered entry{
    protocols(),
    protocol_entry_with<Additive, OpeningSettings>(
        "n parties with additive shares of Z_2^64 and a dealer of triples (Beaver 1991)",
        {.name = "additive",
         .promises = {.fewest_parties = 3,
                      .most_parties = 65,
                      .corruptions = "all but one of those that compute (the last seat deals)",
                      .adversary = Adversary::semi_honest,
                      .trusted = "the dealer, which deals as it should and colludes with nobody",
                      .majority_is_honest = false}})};

}  // namespace
}  // namespace evenkeel
