// What spdz and spdz2k cost by formula, and what they promise by their settings.
#include <algorithm>

#include "models/mpc/protocols/spdz.h"

namespace evenkeel {

void Spdz::Settings::describe(Fields& fields) {
  option(
      fields, "offline", offline, offline_sources,
      {"who makes triples, masks and bits: a dealer, the last of the parties; those that compute "
       "among themselves, by oblivious transfer, for few thousand products; a dealer, at the cost "
       "that transfers would have"});
  option(fields, "openings", openings, opening_ways,
         {"each tells each; all tell one, who tells the sum; round a ring, between neighbours "
          "alone; up and down a tree: fewer messages or links, more rounds"});
}

void Spdz::pay_opened(Cost& cost, std::uint64_t bytes) const {
  for (Seat seat = 0; seat < seat_.computing(); ++seat)
    cost.sent_bytes[seat] += bytes * seat_.plan().sent_by(seat);
}

void Spdz::pay_openings(Cost& cost, std::uint64_t bytes, std::uint32_t times) const {
  pay_opened(cost, bytes);
  cost.rounds += times * seat_.plan().rounds();
}

// A result, with the proofs before and after.
void Spdz::pay_result(Cost& cost, std::uint64_t bytes) const {
  for (Seat seat = 0; seat < seat_.computing(); ++seat)
    cost.sent_bytes[seat] += 2 * (seat_.computing() - 1) * seat_.prove_bytes();
  cost.rounds += 2 * AuthenticatedSeat::prove_rounds;
  pay_openings(cost, bytes, 1);
}

void Spdz::pay_input(Cost& cost, const SecureOperation& operation) const {
  const std::uint64_t words = 8 * domain().width() * operation.count;
  if (is_dealer(operation.who)) {
    cost.sent_bytes[operation.who] = 2 * words;
    cost.rounds_at_once = 1;  // what the dealer sends waits for nothing
    return;
  }
  preprocessing_->pay(
      cost, {.kind = Material::Kind::known_to, .count = operation.count, .who = operation.who});
  const bool computes = operation.who < seat_.computing();
  cost.sent_bytes[operation.who] += (seat_.computing() - (computes ? 1 : 0)) * words;
  cost.rounds += 1;
}

// Masks are made for one owner after another; what owners tell then, they tell at once.
Cost Spdz::cost_of_inputs(std::span<const Seat> owners, std::size_t count) const {
  Cost all = no_cost();
  std::uint32_t together = 0;  // rounds after the masks
  std::uint32_t online = 0;
  for (const Seat owner : owners) {
    const Cost one = cost({.kind = SecureOperation::Kind::input, .count = count, .who = owner});
    all.add_bytes(one);
    all.offline_rounds += one.offline_rounds;
    together = std::max(together, one.rounds - one.offline_rounds);
    online = std::max(online, one.online_rounds());
  }
  // Who tells a client, or of two the other, the last of a mask waits for nothing to begin the
  // next.
  const auto overlaps = [this](Seat owner) {
    return !has_dealer() && (seat_.computing() == 2 || owner >= session().parties());
  };
  if (!owners.empty())
    all.offline_rounds -= static_cast<std::uint32_t>(
        std::ranges::count_if(owners.first(owners.size() - 1), overlaps));
  all.rounds = all.offline_rounds + together;
  all.rounds_at_once = online - together;
  return all;
}

Cost Spdz::cost(const SecureOperation& operation) const {
  using Kind = SecureOperation::Kind;
  const Seat n = seat_.computing();
  const std::uint64_t words = 8 * domain().width() * operation.count;
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 0};
  const auto prepare = [&](const Material& material) { preprocessing_->pay(cost, material); };
  const auto tell = [&] {
    for (Seat seat = 0; seat < n; ++seat) cost.sent_bytes[seat] += words;
    cost.rounds += 1;
  };
  switch (operation.kind) {
    case Kind::set_up:
      prepare({.kind = Material::Kind::keys});
      break;
    case Kind::input:
      pay_input(cost, operation);
      break;
    case Kind::multiply:
    case Kind::dot: {
      const std::size_t length = operation.kind == Kind::dot ? operation.length : 1;
      prepare({.kind = Material::Kind::triples,
               .count = operation.count * length,
               .sums = operation.count});
      pay_openings(cost, 2 * words * length, 1);
      break;
    }
    case Kind::random:
      prepare({.kind = Material::Kind::secret, .count = operation.count});
      break;
    case Kind::open:
      if (elements_to_blind() > 0)
        prepare({.kind = Material::Kind::uniform, .count = elements_to_blind() * operation.count});
      pay_result(cost, words);
      if (has_dealer()) tell();
      break;
    case Kind::reveal:
      prepare({.kind = Material::Kind::known_to, .count = operation.count, .who = operation.who});
      pay_result(cost, words);
      if (operation.who >= n) tell();
      break;
    case Kind::compare:
      pay_comparison(cost, operation);
      break;
  }
  return cost;
}

Entry spdz_entry(std::string name, const std::string& summary, int value_bits,
                 std::unique_ptr<Protocol> (*make)(Session&, const Spdz::Settings&)) {
  ProtocolKind kind{
      .name = std::move(name),
      .promises = {.fewest_parties = 3,
                   .most_parties = 65,
                   .corruptions = "all but one of those that compute (the last seat deals)",
                   .adversary = Adversary::malicious,
                   .outcome = Outcomes::abort,
                   .trusted = "the dealer, which deals as it should and colludes with nobody",
                   .value_bits = value_bits,
                   .majority_is_honest = false}};
  std::string text = summary + "; " + describe(kind.promises);
  std::string key = kind.name;
  return {
      std::move(key), std::move(text), [kind = std::move(kind), make](Fields& fields) -> std::any {
        Spdz::Settings settings;
        settings.describe(fields);
        ProtocolKind configured = kind;
        if (settings.offline == Offline::transfers) {
          configured.promises.fewest_parties = 2;
          configured.promises.most_parties = 16;
          configured.promises.corruptions = "all but one";
          configured.promises.trusted = "nobody";
        }
        if (settings.offline == Offline::modelled) {
          configured.promises.is_modelled = true;
          configured.promises.needs_virtual_time = true;
        }
        configured.make = [settings, make](Session& session) { return make(session, settings); };
        return configured;
      }};
}

}  // namespace evenkeel
