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
//   compare    the sign of x = a - b, of w = bits + 1 bits, a lane being 64 comparisons, L lanes,
//   G = ceil(bits / 4) groups:
//     the mask   ceil(w / 8) B            z = x + r modulo 2^w: ceil(w / 8) B to each other     1
//     groups     11 L words a group       nothing: bits of r and their products are dealt       0
//     the tree   A words                  the borrow of z - r: 2 A words to each other    log2(G)
//     the bit    8 B                      to Z_2^64: masked by a bit dealt in both: L words     1
//     with A = (2 (G-1) - log2(G)) L; at 64 bits: 6 rounds, 8 B and 53 bits to each other, 40.4 B
//     by the dealer
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
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/grouped_bits.h"

namespace evenkeel {

void Additive::Settings::describe(Fields& fields) {
  option(
      fields, "openings", openings, opening_ways,
      {"each tells each; all tell one, who tells the sum; round a ring, between neighbours alone; "
       "up and down a tree: fewer messages or links, more rounds"});
}

Task<Secrets> Additive::entered_by(Seat owner, Words values, std::size_t count) {
  const Seat dealer = seat_.dealer();
  if (owner < dealer) co_return Secrets{count, seat_.of_owner(domain(), owner, std::move(values))};
  if (owner == dealer) {
    Task<Words> dealing = seat_.share_out(domain(), std::move(values));
    Words share = co_await std::move(dealing);
    co_return Secrets{count, std::move(share)};
  }
  if (self() == 0) {
    co_await session().receive_bytes(owner, std::as_writable_bytes(std::span{values}));
  } else if (self() != dealer) {
    PrgKey key;
    co_await session().receive_bytes(owner, key);
    Prg{key}.fill(values);
  }
  co_return Secrets{count, std::move(values)};
}

Task<std::vector<Secrets>> Additive::inputs(std::span<const Seat> owners,
                                            std::span<const std::int64_t> mine, std::size_t count) {
  session().enter("input");
  const Words values = domain().encoded(mine);
  const bool enters = std::ranges::find(owners, self()) != owners.end();
  EVENKEEL_CHECK(!enters || values.size() == count, "an owner enters as many numbers as agreed");
  std::vector<Secrets> all;
  if (!session().is_party()) {
    if (!enters) co_return all;
    session().charge(costs::prg_word * static_cast<double>(count * seat_.computing()));
    Prg seeds{draw_prg_key(session().node().random())};
    Words rest = values;
    for (Seat seat = 1; seat < seat_.computing(); ++seat) {
      const PrgKey key = seeds.key();
      domain().subtract(rest, Prg{key}.words(count));
      session().send_bytes(seat, key);
    }
    session().send(0, rest);
    co_return all;
  }
  for (const Seat owner : owners) {
    Words of_owner = owner == self() ? values : Words(count, 0);
    Task<Secrets> entering = entered_by(owner, std::move(of_owner), count);
    all.push_back(co_await std::move(entering));
  }
  co_return all;
}

Task<Secrets> Additive::dot(const Secrets& a, const Secrets& b, std::size_t length) {
  session().enter(length == 1 ? "multiply" : "dot");
  const std::size_t count = a.count / length;
  Words product = co_await seat_.multiply(domain(), a.words, b.words, length);
  co_return Secrets{count, std::move(product)};
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

Task<Words> Additive::multiply_bits(const Words& a, const Words& b) {
  Words product = co_await seat_.multiply(bit_domain(), a, b);
  co_return product;
}

// With z = x + r modulo 2^w in the open, the sign of x is that of z, of r, and of the borrow that
// z - r takes from it.
Task<Secrets> Additive::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  const Secrets difference = subtract(a, b);
  const std::size_t count = difference.count;
  const std::size_t lanes = lanes_of(count);
  const auto places = static_cast<std::size_t>(bits);  // under the sign
  const std::size_t bytes = places / 8 + 1;            // of a number modulo 2^w
  const Word low = ~Word{0} >> (63 - places);
  session().charge(costs::transposed_word * 4 * static_cast<double>(count) +
                   costs::word_operation * 8 * static_cast<double>(places * lanes));

  const Words mask = seat_.uniform(bit_domain(), (places + 1) * lanes);
  Words known_products(group_products(places) * lanes);
  if (seat_.deals()) known_products = products_in_groups(mask, places, lanes);
  Task<Words> dealing = seat_.deal(bit_domain(), std::move(known_products));
  const Words products = co_await std::move(dealing);
  Words mask_number = numbers_of(mask, count);
  Task<Words> masking = seat_.deal(domain(), std::move(mask_number), bytes);
  Words masked = co_await std::move(masking);
  domain().add(masked, difference.words);
  for (Word& word : masked) word &= low;  // what is above is not masked
  Task<Words> opening = seat_.open(domain(), std::move(masked), bytes);
  const Words z = co_await std::move(opening);
  const Words known = planes_of(z, places + 1);

  const Word one = self() == 0 ? ~Word{0} : 0;
  Borrows borrows = borrows_of(known, mask, products, places, lanes, one);
  Task<Words> borrowing = carry_out(*this, std::move(borrows.generate),
                                    std::move(borrows.propagate), groups_of(places), lanes);
  Words sign = co_await std::move(borrowing);
  for (std::size_t i = 0; i < lanes; ++i)
    sign[i] ^= mask[places * lanes + i] ^ (known[places * lanes + i] & one);
  Task<Secrets> converting = arithmetic(std::move(sign), count);
  Secrets is_less = co_await std::move(converting);
  co_return is_less;
}

// With a bit t dealt in both domains and the opened v = bit ^ t: bit = v + t - 2 v t.
Task<Secrets> Additive::arithmetic(Words bits, std::size_t count) {
  const Words mask = seat_.uniform(bit_domain(), bits.size());
  Words mask_number = numbers_of(mask, count);
  Task<Words> dealing = seat_.deal(domain(), std::move(mask_number));
  Words converted = co_await std::move(dealing);
  bit_domain().add(bits, mask);
  Task<Words> opening = seat_.open(bit_domain(), std::move(bits));
  const Words opened = co_await std::move(opening);
  const Words v = numbers_of(opened, count);
  for (std::size_t i = 0; i < count; ++i)
    converted[i] = converted[i] * (1 - 2 * v[i]) + (self() == 0 ? v[i] : 0);
  co_return Secrets{count, std::move(converted)};
}

void Additive::pay_opening(Cost& cost, std::uint64_t bytes, std::uint32_t times) const {
  const OpeningPlan plan = seat_.openings();
  for (Seat seat = 0; seat < plan.n; ++seat) cost.sent_bytes[seat] += bytes * plan.sent_by(seat);
  cost.rounds += times * plan.rounds();
}

Cost Additive::cost_of_comparison(std::size_t count, int bits) const {
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 0};
  const std::size_t lanes = lanes_of(count);
  const auto places = static_cast<std::size_t>(bits);
  const std::uint64_t narrow = count * (places / 8 + 1);
  const std::uint64_t tree = 8 * carry_products(groups_of(places), lanes);
  cost.send_offline(seat_.dealer(), narrow + 8 * group_products(places) * lanes + tree + 8 * count);
  pay_opening(cost, narrow);
  pay_opening(cost, 2 * tree, carry_rounds(groups_of(places)));
  pay_opening(cost, 8 * lanes);
  return cost;
}

Cost Additive::cost(const SecureOperation& operation) const {
  using Kind = SecureOperation::Kind;
  const Seat n = seat_.computing();
  const Seat dealer = seat_.dealer();
  const std::uint64_t words = 8 * operation.count;
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 0};
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
        cost.rounds = 1;
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

Entry with_settings() {
  ProtocolKind kind{
      .name = "additive",
      .promises = {.fewest_parties = 3,
                   .most_parties = 65,
                   .corruptions = "all but one of those that compute (the last seat deals)",
                   .adversary = Adversary::semi_honest,
                   .trusted = "the dealer, which deals as it should and colludes with nobody",
                   .majority_is_honest = false}};
  return {kind.name,
          "n parties with additive shares of Z_2^64 and a dealer of triples (Beaver 1991); " +
              describe(kind.promises),
          [kind](Fields& fields) -> std::any {
            Additive::Settings settings;
            settings.describe(fields);
            ProtocolKind configured = kind;
            configured.make = [settings](Session& session) -> std::unique_ptr<Protocol> {
              return std::make_unique<Additive>(session, settings);
            };
            return configured;
          }};
}

const Registered entry{protocols(), with_settings()};

}  // namespace
}  // namespace evenkeel
