#include "models/mpc/tools/base_transfer.h"

#include <sodium.h>
#include <string.h>  // explicit_bzero

#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"

namespace evenkeel {
namespace {

constexpr std::string_view step = "base transfers";

PrgKey key_of(std::uint64_t session, std::uint64_t number, const RistrettoPoint& s,
              const RistrettoPoint& r, const RistrettoPoint& shared) {
  static constexpr std::string_view purpose = "evenkeel base transfer";
  const std::array<std::uint64_t, 2> place{session, number};
  crypto_generichash_state state;
  PrgKey key;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(purpose.data()),
                          purpose.size(), key.size());
  for (const std::span<const std::byte> part :
       {std::span<const std::byte>{std::as_bytes(std::span{place})},
        std::span<const std::byte>{s.bytes}, std::span<const std::byte>{r.bytes},
        std::span<const std::byte>{shared.bytes}})
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(key.data()), key.size());
  explicit_bzero(&state, sizeof state);
  return key;
}

// In constant time.
void choose(RistrettoPoint& first, const RistrettoPoint& second, Word bit) {
  const auto mask = static_cast<std::byte>(0 - bit);
  for (std::size_t k = 0; k < first.bytes.size(); ++k)
    first.bytes[k] ^= (first.bytes[k] ^ second.bytes[k]) & mask;
}

Word bit_of(const Block& choices, std::size_t i) {
  return (i < 64 ? choices.low >> i : choices.high >> (i - 64)) & 1;
}

RistrettoScalar fresh_scalar(Session& session) {
  Prg prg{draw_prg_key(session.node().random())};
  return RistrettoScalar::drawn(prg);
}

Session::Forever refuse(Session& session, Seat from) {
  return session.abort(ErrorCode::malformed, session.name_of(from) +
                                                 " sent what is no point of the group in "
                                                 "'base transfers'");
}

}  // namespace

BaseKeySender::BaseKeySender(Session& session, Seat receiver)
    : session_(session),
      receiver_(receiver),
      y_(fresh_scalar(session)),
      keys_(std::make_unique<std::array<BaseKeys, 2>>()) {}

BaseKeySender::~BaseKeySender() {
  if (keys_) explicit_bzero(keys_->data(), sizeof *keys_);
}

void BaseKeySender::offer() {
  session_.enter(step);
  session_.charge(costs::ristretto_product);
  s_ = RistrettoPoint::base_times(y_);
  disclose(s_.bytes);
  session_.send_bytes(receiver_, s_.bytes);
}

// The product refuses what is no point, and the neutral element.
Task<> BaseKeySender::accept() {
  session_.enter(step);
  session_.charge(costs::ristretto_product * (base_transfers + 1));
  const std::optional<RistrettoPoint> y_s = s_.times(y_);
  EVENKEEL_CHECK(disclosed(y_s.has_value()), "a multiple of the generator is no point");
  std::array<RistrettoPoint, base_transfers> answers;
  co_await session_.receive_bytes(receiver_, std::as_writable_bytes(std::span{answers}));
  for (std::size_t i = 0; i < base_transfers; ++i) {
    const std::optional<RistrettoPoint> first = answers[i].times(y_);
    if (!disclosed(first.has_value())) {
      const Session::Forever forever = refuse(session_, receiver_);
      co_await forever;
    }
    const std::optional<RistrettoPoint> second = first->minus(*y_s);
    EVENKEEL_CHECK(disclosed(second.has_value()), "a difference of points is no point");
    (*keys_)[0][i] = key_of(session_.id(), i, s_, answers[i], *first);
    (*keys_)[1][i] = key_of(session_.id(), i, s_, answers[i], *second);
  }
}

BaseKeyReceiver::BaseKeyReceiver(Session& session, Seat sender)
    : session_(session), sender_(sender), keys_(std::make_unique<BaseKeys>()) {}

BaseKeyReceiver::~BaseKeyReceiver() {
  if (keys_) explicit_bzero(keys_->data(), sizeof *keys_);
}

Task<> BaseKeyReceiver::answer(Block choices) {
  session_.enter(step);
  session_.charge(costs::ristretto_product * 1.5 * base_transfers);
  choices_ = choices;
  Prg prg{draw_prg_key(session_.node().random())};
  co_await session_.receive_bytes(sender_, s_.bytes);
  std::array<RistrettoPoint, base_transfers> answers;
  for (std::size_t i = 0; i < base_transfers; ++i) {
    const RistrettoScalar x = RistrettoScalar::drawn(prg);
    const std::optional<RistrettoPoint> shared = s_.times(x);
    answers[i] = RistrettoPoint::base_times(x);
    const std::optional<RistrettoPoint> other = answers[i].plus(s_);
    if (!disclosed(shared.has_value()) || !disclosed(other.has_value())) {
      const Session::Forever forever = refuse(session_, sender_);
      co_await forever;
    }
    choose(answers[i], *other, bit_of(choices, i));
    (*keys_)[i] = key_of(session_.id(), i, s_, answers[i], *shared);
  }
  for (const RistrettoPoint& answer : answers) disclose(answer.bytes);
  session_.send_bytes(sender_, std::as_bytes(std::span{answers}));
}

Task<std::array<BaseKeys, 2>> send_base_keys(Session& session, Seat receiver) {
  BaseKeySender sender{session, receiver};
  sender.offer();
  co_await sender.accept();
  co_return sender.keys();
}

Task<BaseKeys> receive_base_keys(Session& session, Seat sender, Block choices) {
  BaseKeyReceiver receiver{session, sender};
  co_await receiver.answer(choices);
  co_return receiver.keys();
}

}  // namespace evenkeel
