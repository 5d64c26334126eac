#include "models/mpc/protocols/collector.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

void Collector::charge_operations(std::size_t count) {
  if (collects()) session().charge(costs::word_operation * static_cast<double>(count));
}

Task<std::vector<Words>> Collector::enter(std::span<const Seat> owners, const Words& mine,
                                          std::size_t count) {
  if (!collects() && !mine.empty()) send_words(collector, mine);
  std::vector<Words> all;
  if (!session().is_party()) co_return all;
  for (const Seat owner : owners) {
    Words& words = all.emplace_back(count, 0);
    if (!collects()) continue;
    if (owner == collector) {
      words = mine;
    } else {
      co_await receive_words(owner, words);
    }
  }
  co_return all;
}

Task<Words> Collector::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  charge_operations(a.count);
  Words sums(a.count / length, 0);
  for (std::size_t i = 0; i < a.count; ++i) sums[i / length] += a.words[i] * b.words[i];
  co_return sums;
}

Task<Secrets> Collector::random(std::size_t count) {
  Secrets secrets = zeros(count);
  if (collects()) Prg{draw_prg_key(session().node().random())}.fill(secrets.words);
  co_return secrets;
}

Task<std::vector<std::int64_t>> Collector::open(const Secrets& secrets) {
  session().enter("open");
  Words opened = secrets.words;
  for (Seat party = 1; collects() && party < session().parties(); ++party)
    send_words(party, opened);
  if (!collects()) co_await receive_words(collector, opened);
  co_return decoded(opened);
}

Task<std::vector<std::int64_t>> Collector::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  if (collects() && receiver != collector) send_words(receiver, secrets.words);
  if (session().self() != receiver) co_return std::vector<std::int64_t>{};
  Words revealed(secrets.count);
  if (collects()) {
    std::ranges::copy(secrets.words, revealed.begin());
  } else {
    co_await receive_words(collector, revealed);
  }
  co_return decoded(revealed);
}

Task<Secrets> Collector::less(const Secrets& a, const Secrets& b, int) {
  charge_operations(a.count);
  Secrets bits = subtract(a, b);
  for (Word& word : bits.words) word >>= 63;  // the sign
  co_return bits;
}

Secrets Collector::constants(std::span<const std::int64_t> values) const {
  Secrets secrets = zeros(values.size());
  if (collects()) domain().encode(values, secrets.words);
  return secrets;
}

Cost Collector::cost(const SecureOperation& operation) const {
  const std::uint64_t message = 8 * operation.count + overhead_;
  Cost cost = no_cost();
  using Kind = SecureOperation::Kind;
  switch (operation.kind) {
    case Kind::set_up:
      cost = set_up_cost();
      cost.be_offline();
      break;
    case Kind::input:
      if (operation.who != collector) cost.sent_bytes[operation.who] = message, cost.rounds = 1;
      break;
    case Kind::open:
      cost.sent_bytes[collector] = message * (session().parties() - 1);
      cost.rounds = session().parties() > 1 ? 1 : 0;
      break;
    case Kind::reveal:
      if (operation.who != collector) cost.sent_bytes[collector] = message, cost.rounds = 1;
      break;
    case Kind::multiply:
    case Kind::dot:
    case Kind::compare:
    case Kind::random:
      break;
  }
  return cost;
}

}  // namespace evenkeel
