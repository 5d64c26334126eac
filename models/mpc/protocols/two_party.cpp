#include "models/mpc/protocols/two_party.h"

#include "models/mpc/costs.h"
#include "models/mpc/tools/oblivious_product.h"

namespace evenkeel {

Task<> TwoParty::set_up() {
  if (!session().is_party()) co_return;
  const OfflinePhase offline{session()};
  own_.emplace(draw_prg_key(session().node().random()));
  PrgKey key = own_->key();
  if (offers()) {
    co_await sender_.set_up();
    session().send_bytes(other(), key);
  } else {
    co_await receiver_.set_up();
    co_await session().receive_bytes(other(), key);
  }
  common_.emplace(key);
}

void TwoParty::enter_as_client(const Words& mine) {
  Prg seeds{draw_prg_key(session().node().random())};
  const PrgKey key = seeds.key();
  Words rest = mine;
  domain().subtract(rest, Prg{key}.words(mine.size()));
  session().send(0, rest);
  session().send_bytes(1, key);
}

Task<std::vector<Words>> TwoParty::enter(std::span<const Seat> owners, const Words& mine,
                                         std::size_t count) {
  session().charge(costs::prg_word * static_cast<double>(count * owners.size()));
  std::vector<Words> all;
  if (!session().is_party()) {
    enter_as_client(mine);
    co_return all;
  }
  for (const Seat owner : owners) {
    Words& share = all.emplace_back(count);
    if (owner == self()) {
      share = mine;
      domain().subtract(share, common().words(count));
    } else if (owner == other()) {
      common().fill(share);
    } else if (self() == 0) {
      co_await session().receive_bytes(owner, std::as_writable_bytes(std::span{share}));
    } else {
      PrgKey key;
      co_await session().receive_bytes(owner, key);
      Prg{key}.fill(share);
    }
  }
  co_return all;
}

// Of (a0 + a1) (b0 + b1), seat 0's b0 chooses for a1 and its a0 for b1.
Task<Words> TwoParty::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  let_first_go_on(false);
  Words factors = offers() ? a.words : b.words;
  const Words& second = offers() ? b.words : a.words;
  factors.insert(factors.end(), second.begin(), second.end());
  Task<Words> crossing = offers() ? products_by_sender(session(), other(), sender_, factors)
                                  : products_by_receiver(session(), other(), receiver_, factors);
  const Words cross = co_await std::move(crossing);
  Words sums(a.count / length, 0);
  for (std::size_t i = 0; i < a.count; ++i)
    sums[i / length] += a.words[i] * b.words[i] + cross[i] + cross[a.count + i];
  co_return sums;
}

Task<Secrets> TwoParty::random(std::size_t count) {
  session().charge(costs::prg_word * static_cast<double>(count));
  Secrets secrets{count, own().words(count)};
  co_return secrets;
}

Task<std::vector<std::int64_t>> TwoParty::open(const Secrets& secrets) {
  session().enter("open");
  session().send(other(), secrets.words);
  Words sum = co_await session().receive(other(), secrets.count);
  domain().add(sum, secrets.words);
  co_return decoded(sum);
}

Task<std::vector<std::int64_t>> TwoParty::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  if (self() == receiver) {
    Words sum = session().is_party() ? secrets.words : Words(secrets.count, 0);
    for (const Seat seat : {0U, 1U})
      if (seat != self()) domain().add(sum, co_await session().receive(seat, secrets.count));
    co_return decoded(sum);
  }
  if (session().is_party()) session().send(receiver, secrets.words);
  co_return std::vector<std::int64_t>{};
}

Secrets TwoParty::constants(std::span<const std::int64_t> values) const {
  Secrets secrets{values.size(), {}};
  secrets.words.assign(values.size(), 0);
  if (self() == 0) domain().encode(values, secrets.words);
  return secrets;
}

Cost TwoParty::cost(const SecureOperation& operation) const {
  using Kind = SecureOperation::Kind;
  const std::uint64_t words = 8 * operation.count;
  Cost cost = no_cost();
  cost.rounds = 1;
  switch (operation.kind) {
    case Kind::set_up:
      cost.sent_bytes[0] = base_sender_bytes;
      cost.sent_bytes[1] = sizeof(PrgKey) + base_receiver_bytes;
      cost.rounds = 2;
      cost.be_offline();
      break;
    case Kind::input:
      if (operation.who >= 2) cost.sent_bytes[operation.who] = words + sizeof(PrgKey);
      cost.rounds = 0;
      cost.rounds_at_once = operation.who >= 2 ? 1 : 0;  // a client waits for no keys
      break;
    case Kind::multiply:
    case Kind::dot: {
      const std::size_t length = operation.kind == Kind::dot ? operation.length : 1;
      const std::size_t crossing = 2 * operation.count * length;
      cost.sent_bytes[0] = transfer_bytes(64 * crossing);
      cost.sent_bytes[1] = product_bytes(crossing);
      cost.rounds = first_is_ahead_ ? 1 : 2;
      break;
    }
    case Kind::random:
      cost.rounds = 0;
      break;
    case Kind::open:
      cost.sent_bytes[0] = cost.sent_bytes[1] = words;
      break;
    case Kind::reveal:
      for (const Seat seat : {0U, 1U})
        if (seat != operation.who) cost.sent_bytes[seat] = words;
      break;
    case Kind::compare:
      cost = cost_of_comparison(operation.count, operation.bits);
      if (first_is_ahead_) --cost.rounds;
  }
  return cost;
}

}  // namespace evenkeel
