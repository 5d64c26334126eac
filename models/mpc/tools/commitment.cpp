#include "models/mpc/tools/commitment.h"

#include <algorithm>
#include <cstring>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {
namespace {

constexpr std::size_t nonce_bytes = 16;

Digest commitment_to(Seat seat, std::span<const std::byte> shown) {
  SecretBytes bytes(sizeof seat + shown.size());
  std::memcpy(bytes.data(), &seat, sizeof seat);
  std::ranges::copy(shown, bytes.begin() + sizeof seat);
  return sha256(bytes);
}

}  // namespace

Task<std::vector<SecretBytes>> show_at_once(Session& session, Seat n,
                                            std::span<const std::byte> mine) {
  std::vector<SecretBytes> shown(n);
  std::vector<Digest> commitments(n);
  const std::size_t bytes = mine.size();
  SecretBytes& own = shown[session.self()];
  own.assign(mine.begin(), mine.end());
  Prg fresh{draw_prg_key(session.node().random())};
  const PrgKey nonce = fresh.key();
  own.insert(own.end(), nonce.begin(), nonce.end());
  commitments[session.self()] = commitment_to(session.self(), own);
  session.charge(costs::hashed_word * static_cast<double>((n + 1) * (bytes / 8 + 12)));

  for (Seat seat = 0; seat < n; ++seat)
    if (seat != session.self()) session.send_bytes(seat, commitments[session.self()]);
  for (Seat seat = 0; seat < n; ++seat)
    if (seat != session.self()) co_await session.receive_bytes(seat, commitments[seat]);
  const Digest seen = sha256(std::as_bytes(std::span{commitments}));
  for (Seat seat = 0; seat < n; ++seat) {
    if (seat == session.self()) continue;
    session.send_bytes(seat, own);
    session.send_bytes(seat, seen);
  }
  for (Seat seat = 0; seat < n; ++seat) {
    if (seat == session.self()) continue;
    shown[seat].resize(bytes + nonce_bytes);
    co_await session.receive_bytes(seat, shown[seat]);
    Digest seen_there;
    co_await session.receive_bytes(seat, seen_there);
    const bool is_kept = are_same(commitment_to(seat, shown[seat]), commitments[seat]);
    if (!is_kept || !are_same(seen_there, seen)) {
      const Session::Forever forever = session.abort(
          ErrorCode::cheating,
          is_kept ? "a seat gave others another commitment"
                  : session.name_of(seat) + " opened something else than it had committed to");
      co_await forever;
    }
  }
  for (SecretBytes& each : shown) each.resize(bytes);
  co_return shown;
}

}  // namespace evenkeel
