#include "models/mpc/tools/replicated_input.h"

#include <array>

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

SecretBytes as_they_are(std::span<const Word> elements) {
  const auto bytes = std::as_bytes(elements);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

void enter_replicated(Session& session, const Domain& domain, Words elements,
                      SecretBytes (*pack)(std::span<const Word> elements)) {
  Prg seeds{draw_prg_key(session.node().random())};
  const std::array<PrgKey, 2> keys{seeds.key(), seeds.key()};
  for (const PrgKey& key : keys) domain.subtract(elements, Prg{key}.words(elements.size()));
  const SecretBytes rest = pack(elements);
  for (Seat party = 0; party < 3; ++party)
    for (const Seat summand : {party, (party + 1) % 3})
      summand < 2 ? session.send_bytes(party, keys[summand]) : session.send_bytes(party, rest);
}

Task<> hear_seeded(Session& session, Seat client, std::span<Word> into) {
  PrgKey key;
  co_await session.receive_bytes(client, key);
  Prg{key}.fill(into);
}

Task<std::vector<Words>> replicated_inputs(ReplicatedSeat& seat, std::span<const Seat> owners,
                                           const Words& mine, std::size_t count) {
  Session& session = seat.session();
  session.charge(costs::prg_word * static_cast<double>(count * owners.size()));
  std::vector<Words> all;
  if (!session.is_party()) {
    enter_replicated(session, ring64(), mine, as_they_are);
    co_return all;
  }
  for (const Seat owner : owners) {
    const std::span shares{all.emplace_back(2 * count, 0)};
    if (owner == seat.after()) seat.next_stream().fill(shares.last(count));
    if (owner != seat.self()) continue;
    seat.own_stream().fill(shares.first(count));
    std::ranges::copy(mine, shares.last(count).begin());
    ring64().subtract(shares.last(count), shares.first(count));
    session.send(seat.after(), shares.last(count));
  }
  for (std::size_t i = 0; i < owners.size(); ++i)
    for (const Seat c : {0U, 1U}) {
      const Seat summand = (seat.self() + c) % 3;
      const std::span share = std::span{all[i]}.subspan(c * count, count);
      const bool is_told = owners[i] >= 3 ? summand == 2 : owners[i] == seat.before() && c == 0;
      if (is_told) co_await session.receive_bytes(owners[i], std::as_writable_bytes(share));
      if (owners[i] >= 3 && summand < 2) co_await hear_seeded(session, owners[i], share);
    }
  co_return all;
}

}  // namespace evenkeel
