#include "models/mpc/protocols/two_party.h"

#include <algorithm>

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

Task<std::vector<Secrets>> TwoParty::inputs(std::span<const Seat> owners,
                                            std::span<const std::int64_t> mine, std::size_t count) {
  session().enter("input");
  const Words values = domain().encoded(mine);
  const bool enters = std::ranges::find(owners, self()) != owners.end();
  EVENKEEL_CHECK(!enters || values.size() == count, "an owner enters as many numbers as agreed");
  session().charge(costs::prg_word * static_cast<double>(count * owners.size()));
  std::vector<Secrets> all;
  if (!session().is_party()) {
    if (!enters) co_return all;
    Prg seeds{draw_prg_key(session().node().random())};
    const PrgKey key = seeds.key();
    Words rest = values;
    domain().subtract(rest, Prg{key}.words(count));
    session().send(0, rest);
    session().send_bytes(1, key);
    co_return all;
  }
  for (const Seat owner : owners) {
    Secrets& secrets = all.emplace_back(empty(count));
    if (owner == self()) {
      secrets.words = values;
      domain().subtract(secrets.words, common().words(count));
    } else if (owner == other()) {
      common().fill(secrets.words);
    } else if (self() == 0) {
      co_await session().receive_bytes(owner, std::as_writable_bytes(std::span{secrets.words}));
    } else {
      PrgKey key;
      co_await session().receive_bytes(owner, key);
      Prg{key}.fill(secrets.words);
    }
  }
  co_return all;
}

// Of (a0 + a1) (b0 + b1), seat 0's b0 chooses for a1 and its a0 for b1.
Task<Secrets> TwoParty::dot(const Secrets& a, const Secrets& b, std::size_t length) {
  session().enter(length == 1 ? "multiply" : "dot");
  EVENKEEL_CHECK(a.count == b.count && length > 0 && a.count % length == 0, "uneven dot products");
  Words factors = offers() ? a.words : b.words;
  const Words& second = offers() ? b.words : a.words;
  factors.insert(factors.end(), second.begin(), second.end());
  Task<Words> crossing = offers() ? products_by_sender(session(), other(), sender_, factors)
                                  : products_by_receiver(session(), other(), receiver_, factors);
  const Words cross = co_await std::move(crossing);
  Secrets sums{a.count / length, Words(a.count / length, 0)};
  for (std::size_t i = 0; i < a.count; ++i)
    sums.words[i / length] += a.words[i] * b.words[i] + cross[i] + cross[a.count + i];
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
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 1};
  switch (operation.kind) {
    case Kind::set_up:
      cost.sent_bytes[0] = base_sender_bytes;
      cost.sent_bytes[1] = sizeof(PrgKey) + base_receiver_bytes;
      cost.rounds = 2;
      cost.be_offline();
      break;
    case Kind::input:
      if (operation.who >= 2) cost.sent_bytes[operation.who] = words + sizeof(PrgKey);
      cost.rounds = operation.who >= 2 ? 1 : 0;
      break;
    case Kind::multiply:
    case Kind::dot: {
      const std::size_t length = operation.kind == Kind::dot ? operation.length : 1;
      const std::size_t crossing = 2 * operation.count * length;
      cost.sent_bytes[0] = transfer_bytes(64 * crossing);
      cost.sent_bytes[1] = product_bytes(crossing);
      cost.rounds = 2;
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
      return cost_of_comparison(operation.count, operation.bits);
  }
  return cost;
}

}  // namespace evenkeel
