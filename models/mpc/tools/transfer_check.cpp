#include "models/mpc/tools/transfer_check.h"

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/binary_field64.h"
#include "models/mpc/tools/bit_matrix.h"

namespace evenkeel {
namespace {

constexpr std::string_view step = "check of transfers";

// One for each word of a column but the last, whose factor is 1.
Words factors_of(const PrgKey& challenge, std::size_t words) {
  Words factors = Prg{challenge}.words(words);
  factors.back() = 1;
  return factors;
}

Words hashed_columns(std::span<const Word> factors, const Blocks& rows) {
  Words hashes(base_transfers, 0);
  std::array<Word, 64> low;
  std::array<Word, 64> high;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    for (std::size_t i = 0; i < 64; ++i) {
      low[i] = rows[64 * k + i].low;
      high[i] = rows[64 * k + i].high;
    }
    transpose64(low.data());
    transpose64(high.data());
    for (std::size_t i = 0; i < 64; ++i) {
      hashes[i] ^= binary_field64::multiply(factors[k], low[i]);
      hashes[64 + i] ^= binary_field64::multiply(factors[k], high[i]);
    }
  }
  return hashes;
}

void charge(Session& session, std::size_t words) {
  session.charge(costs::binary_product * static_cast<double>(base_transfers * words));
}

}  // namespace

PrgKey challenge_transfers(Session& session, Seat receiver) {
  session.enter(step);
  const PrgKey challenge = Prg{draw_prg_key(session.node().random())}.key();
  disclose(challenge);
  session.send_bytes(receiver, challenge);
  return challenge;
}

Task<> answer_challenge(Session& session, Seat sender, std::span<const Word> choices,
                        const Blocks& rows) {
  session.enter(step);
  charge(session, choices.size());
  PrgKey challenge;
  co_await session.receive_bytes(sender, challenge);
  const Words factors = factors_of(challenge, choices.size());
  Words answer(1, 0);
  for (std::size_t k = 0; k < choices.size(); ++k)
    answer[0] ^= binary_field64::multiply(factors[k], choices[k]);
  const Words hashes = hashed_columns(factors, rows);
  answer.insert(answer.end(), hashes.begin(), hashes.end());
  disclose(answer);
  session.send(sender, answer);
}

Task<> check_transfers(Session& session, Seat receiver, const PrgKey& challenge, const Block& delta,
                       const Blocks& rows) {
  session.enter(step);
  charge(session, rows.size() / 64);
  const Words factors = factors_of(challenge, rows.size() / 64);
  const Words hashes = hashed_columns(factors, rows);
  const Words answer = co_await session.receive(receiver, 1 + base_transfers);
  Word apart = 0;
  for (std::size_t i = 0; i < base_transfers; ++i) {
    const Word bit = (i < 64 ? delta.low >> i : delta.high >> (i - 64)) & 1;
    apart |= hashes[i] ^ answer[1 + i] ^ (answer[0] & (0 - bit));
  }
  if (disclosed(apart == 0)) co_return;
  const Session::Forever forever = session.abort(
      ErrorCode::cheating, "'" + std::string{step} + "': " + session.name_of(receiver) +
                               " chose in several ways at once");
  co_await forever;
}

}  // namespace evenkeel
