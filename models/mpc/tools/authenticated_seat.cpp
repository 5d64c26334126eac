#include "models/mpc/tools/authenticated_seat.h"

#include <algorithm>
#include <cstring>

#include "models/mpc/disclosure.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/commitment.h"

namespace evenkeel {

AuthenticatedSeat::AuthenticatedSeat(Session& session, Seat n, Openings openings,
                                     const Domain& numbers)
    : session_(session),
      numbers_(session, {openings, n}, numbers, 1),
      bits_(session, {openings, n}, bit_domain(), bit_keys) {}

Prg& AuthenticatedSeat::own_stream() {
  if (!own_) own_.emplace(draw_prg_key(session_.node().random()));
  return *own_;
}

std::uint64_t AuthenticatedSeat::coin_bytes() { return shown_bytes(sizeof(PrgKey)); }

std::uint64_t AuthenticatedSeat::prove_bytes() const {
  return coin_bytes() + shown_bytes(8 * (numbers_.proof_words() + bits_.proof_words()));
}

Task<PrgKey> AuthenticatedSeat::coin() {
  PrgKey coin = own_stream().key();
  const std::vector<SecretBytes> coins = co_await show_at_once(session_, computing(), coin);
  coin.fill(std::byte{0});
  for (const SecretBytes& each : coins)
    for (std::size_t i = 0; i < coin.size(); ++i) coin[i] ^= each[i];
  disclose(coin);
  co_return coin;
}

Task<> AuthenticatedSeat::prove() {
  if (!computes()) co_return;
  session_.enter("check");
  const PrgKey drawn = co_await coin();
  Prg factors{drawn};
  const Words of_numbers = numbers_.proof(factors);
  Words proof = of_numbers;
  const Words of_bits = bits_.proof(factors);
  proof.insert(proof.end(), of_bits.begin(), of_bits.end());
  const std::vector<SecretBytes> proofs =
      co_await show_at_once(session_, computing(), std::as_bytes(std::span{proof}));
  std::ranges::fill(proof, 0);
  for (const SecretBytes& each : proofs) {
    Words shown(proof.size());
    std::memcpy(shown.data(), each.data(), each.size());
    const auto numbers = [&](Words& of) { return std::span{of}.first(of_numbers.size()); };
    const auto bits = [&](Words& of) { return std::span{of}.last(of_bits.size()); };
    numbers_.domain().from_random(numbers(shown));
    numbers_.domain().add(numbers(proof), numbers(shown));
    bits_.domain().add(bits(proof), bits(shown));
  }
  disclose(proof);
  if (std::ranges::any_of(proof, [](Word word) { return word != 0; })) {
    const Session::Forever forever =
        session_.abort(ErrorCode::cheating,
                       "'check': what was opened does not fit its authentication: a party cheats");
    co_await forever;
  }
}

}  // namespace evenkeel
