#include "models/mpc/tools/base_transfer.h"

#include <sodium.h>
#include <string.h>  // explicit_bzero

#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"

namespace evenkeel {
namespace {

using Point = std::array<unsigned char, crypto_core_ristretto255_BYTES>;

// Wiped when it goes.
struct Scalar : std::array<unsigned char, crypto_core_ristretto255_SCALARBYTES> {
  Scalar() = default;
  Scalar(const Scalar&) = delete;
  ~Scalar() { explicit_bzero(data(), size()); }
};

void draw(Prg& prg, Scalar& scalar) {
  std::array<unsigned char, crypto_core_ristretto255_NONREDUCEDSCALARBYTES> wide;
  prg.fill(std::as_writable_bytes(std::span{wide}));
  crypto_core_ristretto255_scalar_reduce(scalar.data(), wide.data());
  explicit_bzero(wide.data(), wide.size());
}

PrgKey key_of(std::uint64_t session, std::uint64_t number, const Point& s, const Point& r,
              const Point& shared) {
  static constexpr std::string_view purpose = "evenkeel base transfer";
  std::array<std::uint64_t, 2> place{session, number};
  std::array<unsigned char, sizeof place> name;
  std::memcpy(name.data(), place.data(), sizeof place);
  crypto_generichash_state state;
  PrgKey key;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(purpose.data()),
                          purpose.size(), key.size());
  for (const std::span<const unsigned char> part :
       {std::span<const unsigned char>{name}, std::span<const unsigned char>{s},
        std::span<const unsigned char>{r}, std::span<const unsigned char>{shared}})
    crypto_generichash_update(&state, part.data(), part.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(key.data()), key.size());
  explicit_bzero(&state, sizeof state);
  return key;
}

// In constant time.
void choose(Point& first, const Point& second, Word bit) {
  const auto mask = static_cast<unsigned char>(0 - bit);
  for (std::size_t k = 0; k < first.size(); ++k)
    first[k] = static_cast<unsigned char>(first[k] ^ ((first[k] ^ second[k]) & mask));
}

Word bit_of(const Block& choices, std::size_t i) {
  return (i < 64 ? choices.low >> i : choices.high >> (i - 64)) & 1;
}

Session::Forever refuse(Session& session, Seat from) {
  return session.abort(ErrorCode::malformed, session.name_of(from) +
                                                 " sent what is no point of the group in "
                                                 "'base transfers'");
}

}  // namespace

Task<std::array<BaseKeys, 2>> send_base_keys(Session& session, Seat receiver) {
  session.enter("base transfers");
  session.charge(costs::ristretto_product * (base_transfers + 2));
  Prg prg{draw_prg_key(session.node().random())};
  Scalar y;
  draw(prg, y);
  Point s{};
  Point y_s{};
  bool is_good = crypto_scalarmult_ristretto255_base(s.data(), y.data()) == 0;
  disclose(s);
  is_good &= crypto_scalarmult_ristretto255(y_s.data(), y.data(), s.data()) == 0;
  EVENKEEL_CHECK(disclosed(is_good), "a multiple of the generator is no point");
  session.send_bytes(receiver, std::as_bytes(std::span{s}));
  std::array<Point, base_transfers> answers;
  co_await session.receive_bytes(receiver, std::as_writable_bytes(std::span{answers}));
  std::array<BaseKeys, 2> keys;
  for (std::size_t i = 0; i < base_transfers; ++i) {
    Point first{};
    Point second{};
    // The product refuses what is no point, and the neutral element.
    bool is_point = crypto_scalarmult_ristretto255(first.data(), y.data(), answers[i].data()) == 0;
    is_point &= crypto_core_ristretto255_sub(second.data(), first.data(), y_s.data()) == 0;
    if (!disclosed(is_point)) {
      const Session::Forever forever = refuse(session, receiver);
      co_await forever;
    }
    keys[0][i] = key_of(session.id(), i, s, answers[i], first);
    keys[1][i] = key_of(session.id(), i, s, answers[i], second);
  }
  co_return keys;
}

Task<BaseKeys> receive_base_keys(Session& session, Seat sender, Block choices) {
  session.enter("base transfers");
  session.charge(costs::ristretto_product * 1.5 * base_transfers);
  Prg prg{draw_prg_key(session.node().random())};
  Point s;
  co_await session.receive_bytes(sender, std::as_writable_bytes(std::span{s}));
  std::array<Point, base_transfers> answers;
  BaseKeys keys;
  for (std::size_t i = 0; i < base_transfers; ++i) {
    Scalar x;
    draw(prg, x);
    Point& answer = answers[i];
    Point other{};
    Point shared{};
    bool is_good = crypto_scalarmult_ristretto255(shared.data(), x.data(), s.data()) == 0;
    is_good &= crypto_scalarmult_ristretto255_base(answer.data(), x.data()) == 0;
    is_good &= crypto_core_ristretto255_add(other.data(), answer.data(), s.data()) == 0;
    if (!disclosed(is_good)) {
      const Session::Forever forever = refuse(session, sender);
      co_await forever;
    }
    choose(answer, other, bit_of(choices, i));
    keys[i] = key_of(session.id(), i, s, answer, shared);
  }
  disclose(answers);
  session.send_bytes(sender, std::as_bytes(std::span{answers}));
  co_return keys;
}

}  // namespace evenkeel
