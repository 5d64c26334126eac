#include "models/mpc/tools/replicated4_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/domain.h"

namespace evenkeel {
namespace {

constexpr Seat parties = Replicated4Seat::parties;

// Of what a party enters: the summand that it tells. Its own, which it cannot hold, is 0; the two
// others come from streams.
constexpr Seat told_summand(Seat owner) { return (owner + 1) % parties; }

// Whether an owner tells a party this summand.
bool is_told(Seat owner, Seat party, Seat summand) {
  if (party == summand) return false;
  return owner >= parties || (party != owner && summand == told_summand(owner));
}

// Whether two parties are told the same by any of them.
bool are_told_alike(std::span<const Seat> owners, Seat a, Seat b) {
  for (const Seat owner : owners)
    for (Seat summand = 0; summand < parties; ++summand)
      if (is_told(owner, a, summand) && is_told(owner, b, summand)) return true;
  return false;
}

// Three summands from seeds, the last in full.
void enter_as_client(Session& session, Words rest) {
  Prg seeds{draw_prg_key(session.node().random())};
  const std::array<PrgKey, 3> keys{seeds.key(), seeds.key(), seeds.key()};
  for (const PrgKey& key : keys) ring64().subtract(rest, Prg{key}.words(rest.size()));
  for (Seat party = 0; party < parties; ++party)
    for (Seat summand = 0; summand < parties; ++summand) {
      if (summand == party) continue;
      if (summand < 3) session.send_bytes(party, keys[summand]);
      if (summand == 3) session.send(party, rest);
    }
}

void enter_as_party(Replicated4Seat& seat, const Words& mine, Words& shares) {
  const Seat self = seat.self();
  const Seat told = told_summand(self);
  const std::span<Word> rest =
      Replicated4Seat::share(shares, Replicated4Seat::component_of(self, told));
  std::ranges::copy(mine, rest.begin());
  for (std::size_t c = 0; c < Replicated4Seat::kept; ++c)
    if (Replicated4Seat::summand_of(self, c) != told)
      ring64().subtract(rest, Replicated4Seat::share(shares, c));
  for (Seat party = 0; party < parties; ++party)
    if (party != self && party != told) seat.session().send(party, rest);
}

// What two parties were told, by all owners: they compare it.
Task<> compare_told(Replicated4Seat& seat, std::span<const Seat> owners,
                    const std::vector<Words>& all) {
  Session& session = seat.session();
  std::array<std::optional<Digest>, parties> digests;
  for (Seat other = 0; other < parties; ++other) {
    if (other == seat.self() || !are_told_alike(owners, seat.self(), other)) continue;
    SecretBytes told;
    for (std::size_t i = 0; i < owners.size(); ++i)
      for (Seat summand = 0; summand < parties; ++summand) {
        if (!is_told(owners[i], seat.self(), summand) || !is_told(owners[i], other, summand))
          continue;
        const auto bytes = std::as_bytes(
            Replicated4Seat::share(all[i], Replicated4Seat::component_of(seat.self(), summand)));
        told.insert(told.end(), bytes.begin(), bytes.end());
      }
    session.charge(costs::hashed_word * static_cast<double>(told.size() / sizeof(Word)));
    digests[other] = sha256(told);
    session.send_bytes(other, *digests[other]);
  }
  for (Seat other = 0; other < parties; ++other) {
    if (!digests[other]) continue;
    Digest told;
    co_await session.receive_bytes(other, told);
    if (are_same(told, *digests[other])) continue;
    const Session::Forever forever =
        session.abort(ErrorCode::cheating,
                      fmt::format("an owner or {} deviated: what was told in 'input' differs",
                                  session.name_of(other)));
    co_await forever;
  }
}

}  // namespace

Task<std::vector<Words>> replicated4_inputs(Replicated4Seat& seat, std::span<const Seat> owners,
                                            const Words& mine, std::size_t count) {
  Session& session = seat.session();
  const Seat self = seat.self();
  session.charge(3 * costs::prg_word * static_cast<double>(count * owners.size()));
  std::vector<Words> all;
  if (!session.is_party()) {
    enter_as_client(session, mine);
    co_return all;
  }
  for (const Seat owner : owners) {
    Words& shares = all.emplace_back(Replicated4Seat::kept * count, 0);
    for (std::size_t c = 0; c < Replicated4Seat::kept; ++c) {
      const Seat summand = Replicated4Seat::summand_of(self, c);
      if (owner < parties && summand != owner && summand != told_summand(owner))
        seat.stream(summand).fill(Replicated4Seat::share(shares, c));
    }
    if (owner == self) enter_as_party(seat, mine, shares);
  }
  for (std::size_t i = 0; i < owners.size(); ++i)
    for (Seat summand = 0; summand < parties; ++summand) {
      if (!is_told(owners[i], self, summand)) continue;
      const std::span<Word> share =
          Replicated4Seat::share(all[i], Replicated4Seat::component_of(self, summand));
      if (owners[i] < parties || summand == 3) {
        co_await session.receive_bytes(owners[i], std::as_writable_bytes(share));
        continue;
      }
      PrgKey key;
      co_await session.receive_bytes(owners[i], key);
      Prg{key}.fill(share);
    }
  co_await compare_told(seat, owners, all);
  co_return all;
}

Cost replicated4_input_cost(std::size_t seats, std::span<const Seat> owners, std::size_t count) {
  const std::uint64_t words = 8 * count;
  Cost cost{.sent_bytes = std::vector<std::uint64_t>(seats, 0), .rounds = 1, .rounds_at_once = 1};
  for (const Seat owner : owners) {
    cost.sent_bytes[owner] = owner < parties ? 2 * words : 3 * words + 9 * sizeof(PrgKey);
    // A client waits for no keys.
    if (owner < parties) cost.rounds = 2, cost.rounds_at_once = 0;
  }
  for (Seat party = 0; party < parties; ++party)
    for (Seat other = 0; other < parties; ++other)
      if (party != other && are_told_alike(owners, party, other))
        cost.sent_bytes[party] += sizeof(Digest);
  return cost;
}

}  // namespace evenkeel
