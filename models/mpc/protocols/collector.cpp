#include "models/mpc/protocols/collector.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

void Collector::charge_operations(std::size_t count) {
  if (collects()) session().charge(costs::word_operation * static_cast<double>(count));
}

Task<std::vector<Secrets>> Collector::inputs(std::span<const Seat> owners,
                                             std::span<const std::int64_t> mine,
                                             std::size_t count) {
  session().enter("input");
  const bool enters = std::ranges::find(owners, session().self()) != owners.end();
  EVENKEEL_CHECK(!enters || mine.size() == count, "an owner enters as many numbers as agreed");
  const Words values = domain().encoded(mine);
  if (enters && !collects()) send_words(collector, values);
  std::vector<Secrets> all;
  if (!session().is_party()) co_return all;
  for (const Seat owner : owners) {
    Secrets& secrets = all.emplace_back(zeros(count));
    if (!collects()) continue;
    if (owner == collector) {
      std::ranges::copy(values, secrets.words.begin());
    } else {
      co_await receive_words(owner, secrets.words);
    }
  }
  co_return all;
}

Task<Secrets> Collector::multiply(const Secrets& a, const Secrets& b) {
  Secrets product = co_await dot(a, b, 1);
  co_return product;
}

Task<Secrets> Collector::dot(const Secrets& a, const Secrets& b, std::size_t length) {
  EVENKEEL_CHECK(a.count == b.count && length > 0 && a.count % length == 0, "uneven dot products");
  charge_operations(a.count);
  Secrets dots = zeros(a.count / length);
  for (std::size_t i = 0; i < a.count; ++i) dots.words[i / length] += a.words[i] * b.words[i];
  co_return dots;
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
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 0};
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
