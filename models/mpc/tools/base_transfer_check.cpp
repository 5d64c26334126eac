#include "models/mpc/tools/base_transfer_check.h"

#include <sodium.h>

#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"

namespace evenkeel {
namespace {

constexpr std::string_view step = "check of base transfers";

PrgKey hashed(const PrgKey& key) {
  static constexpr std::string_view purpose = "evenkeel base transfer check";
  PrgKey hash;
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                     reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size());
  return hash;
}

PrgKey combined(const PrgKey& a, const PrgKey& b) {
  PrgKey sum;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = a[i] ^ b[i];
  return sum;
}

Word bit_of(const Block& choices, std::size_t i) {
  return (i < 64 ? choices.low >> i : choices.high >> (i - 64)) & 1;
}

// In constant time: where the bit is 1.
PrgKey times(PrgKey key, Word bit) {
  for (std::byte& byte : key) byte &= static_cast<std::byte>(0 - bit);
  return key;
}

struct KnowledgeProof {
  RistrettoPoint commitment;
  std::array<unsigned char, 32> answer;
};
static_assert(sizeof(KnowledgeProof) == 64);

// Bound to the session and to both seats.
RistrettoScalar challenge_of(const Session& session, Seat sender, Seat receiver,
                             const RistrettoPoint& point, const RistrettoPoint& commitment) {
  static constexpr std::string_view purpose = "evenkeel base transfer proof";
  const std::array<std::uint64_t, 3> place{session.id(), sender, receiver};
  std::array<std::byte, 64> hash;
  crypto_generichash_state state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(purpose.data()),
                          purpose.size(), hash.size());
  for (const std::span<const std::byte> part :
       {std::span<const std::byte>{std::as_bytes(std::span{place})},
        std::span<const std::byte>{point.bytes}, std::span<const std::byte>{commitment.bytes}})
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
  return RistrettoScalar::reduced(hash);
}

Session::Forever refuse(Session& session, Seat from, std::string_view why) {
  return session.abort(ErrorCode::cheating, "'" + std::string{step} + "': " +
                                                session.name_of(from) + " " + std::string{why});
}

}  // namespace

void CheckedBaseSender::offer() {
  sender_.offer();
  Session& session = sender_.session();
  session.charge(costs::ristretto_base);
  Prg prg{draw_prg_key(session.node().random())};
  const RistrettoScalar nonce = RistrettoScalar::drawn(prg);
  KnowledgeProof proof{RistrettoPoint::base_times(nonce), {}};
  disclose(proof.commitment.bytes);
  const RistrettoScalar factor =
      challenge_of(session, session.self(), sender_.receiver(), sender_.point(), proof.commitment);
  const RistrettoScalar answer = nonce.plus(factor.times(sender_.exponent()));
  std::ranges::copy(answer.bytes(), proof.answer.begin());
  disclose(proof.answer);
  session.send_bytes(sender_.receiver(), std::as_bytes(std::span{&proof, 1}));
}

Task<> CheckedBaseReceiver::answer(Block choices) {
  co_await receiver_.answer(choices);
  Session& session = receiver_.session();
  session.enter(step);
  session.charge(costs::ristretto_base + costs::ristretto_product + costs::ristretto_sum);
  KnowledgeProof proof;
  co_await session.receive_bytes(receiver_.sender(), std::as_writable_bytes(std::span{&proof, 1}));
  const RistrettoScalar factor = challenge_of(session, receiver_.sender(), session.self(),
                                              receiver_.point(), proof.commitment);
  const RistrettoPoint left = RistrettoPoint::base_times(RistrettoScalar::from(proof.answer));
  const std::optional<RistrettoPoint> multiple = receiver_.point().times(factor);
  std::optional<RistrettoPoint> right;
  if (multiple) right = multiple->plus(proof.commitment);
  if (right && left == *right) co_return;
  const Session::Forever forever =
      refuse(session, receiver_.sender(), "does not know the logarithm of its point");
  co_await forever;
}

Task<> CheckedBaseSender::challenge() {
  co_await sender_.accept();
  BaseKeys challenges;
  for (std::size_t i = 0; i < base_transfers; ++i)
    challenges[i] = combined(hashed(hashed(keys()[0][i])), hashed(hashed(keys()[1][i])));
  disclose(std::as_bytes(std::span{challenges}));
  sender_.session().send_bytes(sender_.receiver(), std::as_bytes(std::span{challenges}));
}

Task<> CheckedBaseReceiver::respond() {
  Session& session = receiver_.session();
  session.enter(step);
  co_await session.receive_bytes(receiver_.sender(),
                                 std::as_writable_bytes(std::span{challenges_}));
  BaseKeys responses;
  for (std::size_t i = 0; i < base_transfers; ++i)
    responses[i] =
        combined(hashed(hashed(keys()[i])), times(challenges_[i], bit_of(receiver_.choices(), i)));
  disclose(std::as_bytes(std::span{responses}));
  session.send_bytes(receiver_.sender(), std::as_bytes(std::span{responses}));
}

Task<> CheckedBaseSender::show() {
  Session& session = sender_.session();
  session.enter(step);
  BaseKeys responses;
  co_await session.receive_bytes(sender_.receiver(), std::as_writable_bytes(std::span{responses}));
  std::array<BaseKeys, 2> shown;
  BaseKeys expected;
  for (std::size_t i = 0; i < base_transfers; ++i) {
    for (const std::size_t which : {0U, 1U}) shown[which][i] = hashed(keys()[which][i]);
    expected[i] = hashed(shown[0][i]);
  }
  if (!are_same(std::span{responses}, std::span{expected})) {
    const Session::Forever forever =
        refuse(session, sender_.receiver(), "does not know the keys that it chose");
    co_await forever;
  }
  disclose(std::as_bytes(std::span{shown}));
  session.send_bytes(sender_.receiver(), std::as_bytes(std::span{shown}));
}

Task<> CheckedBaseReceiver::check() {
  Session& session = receiver_.session();
  session.enter(step);
  std::array<BaseKeys, 2> shown;
  co_await session.receive_bytes(receiver_.sender(), std::as_writable_bytes(std::span{shown}));
  Word apart = 0;
  for (std::size_t i = 0; i < base_transfers; ++i) {
    const PrgKey own = hashed(keys()[i]);
    const Word bit = bit_of(receiver_.choices(), i);
    const PrgKey chosen = combined(shown[0][i], times(combined(shown[0][i], shown[1][i]), bit));
    const PrgKey challenge = combined(hashed(shown[0][i]), hashed(shown[1][i]));
    for (std::size_t k = 0; k < own.size(); ++k)
      apart |= static_cast<Word>((own[k] ^ chosen[k]) | (challenge[k] ^ challenges_[i][k]));
  }
  if (disclosed(apart == 0)) co_return;
  const Session::Forever forever =
      refuse(session, receiver_.sender(), "gave keys that are not what it shows");
  co_await forever;
}

}  // namespace evenkeel
