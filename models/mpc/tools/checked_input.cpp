#include "models/mpc/tools/checked_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/replicated_input.h"
#include "models/mpc/tools/ring104.h"

namespace evenkeel {
namespace {

SecretBytes packed(std::span<const Word> elements) {
  SecretBytes bytes;
  ring104::pack(elements, bytes);
  return bytes;
}

// What a client tells this party of one of its two summands.
Task<> hear_summand(Session& session, Seat client, Seat summand, std::span<Word> into) {
  if (summand < 2) {
    co_await hear_seeded(session, client, into);
    co_return;
  }
  SecretBytes bytes(into.size() / 2 * ring104::element_bytes);
  co_await session.receive_bytes(client, bytes);
  ring104::unpack(bytes, into);
}

}  // namespace

Task<std::vector<Words>> checked_inputs(ReplicatedSeat& seat, std::span<const Seat> owners,
                                        const Words& mine, std::size_t count) {
  Session& session = seat.session();
  const Seat self = session.self();
  session.charge(2 * costs::prg_word * static_cast<double>(count * owners.size()));
  std::vector<Words> all;
  if (!session.is_party()) {
    enter_replicated(session, ring128(), mine, packed);
    co_return all;
  }
  // A party's own: the first summand from the stream, the second in full, the third 0.
  for (const Seat owner : owners) {
    const std::span<Word> own = std::span{all.emplace_back(4 * count, 0)}.first(2 * count);
    const std::span<Word> next = std::span{all.back()}.last(2 * count);
    if (owner == seat.after()) seat.next_stream().fill(next);
    if (owner != self) continue;
    seat.own_stream().fill(own);
    std::ranges::copy(mine, next.begin());
    ring128().subtract(next, own);
    session.send_bytes(seat.after(), packed(next));
  }
  std::array<SecretBytes, 2> told;  // by clients: of the own summands, and of the next
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const std::array<std::span<Word>, 2> shares{std::span{all[i]}.first(2 * count),
                                                std::span{all[i]}.last(2 * count)};
    if (owners[i] == seat.before()) co_await hear_summand(session, owners[i], 2, shares[0]);
    for (Seat c = 0; c < 2 && owners[i] >= 3; ++c) {
      co_await hear_summand(session, owners[i], (self + c) % 3, shares[c]);
      ring104::pack(shares[c], told[c]);
    }
  }
  if (std::ranges::none_of(owners, [](Seat owner) { return owner >= 3; })) co_return all;
  session.charge(2 * costs::hashed_word * static_cast<double>(told[0].size() / sizeof(Word)));
  const Digest of_next = sha256(told[1]);
  session.send_bytes(seat.after(), of_next);
  Digest of_own;
  co_await session.receive_bytes(seat.before(), of_own);
  if (!are_same(of_own, sha256(told[0]))) {
    const Session::Forever forever =
        session.abort(ErrorCode::cheating,
                      fmt::format("a client or {} deviated: what was told in 'input' differs",
                                  session.name_of(seat.before())));
    co_await forever;
  }
  co_return all;
}

Cost checked_input_cost(std::size_t seats, std::span<const Seat> owners, std::size_t count) {
  Cost cost{.sent_bytes = std::vector<std::uint64_t>(seats, 0)};
  bool is_any_client = false;
  for (const Seat owner : owners) {
    cost.sent_bytes[owner] = ring104::element_bytes * count;
    if (owner < 3) cost.rounds = 1;
    if (owner < 3) continue;
    cost.sent_bytes[owner] += ring104::element_bytes * count + 4 * sizeof(PrgKey);
    is_any_client = true;
  }
  if (!is_any_client) return cost;
  for (Seat party = 0; party < 3; ++party) cost.sent_bytes[party] += sizeof(Digest);
  // A client waits for no keys; the hashes wait for all.
  cost.rounds_at_once = 1 - cost.rounds;
  ++cost.rounds;
  return cost;
}

}  // namespace evenkeel
