#include "models/mpc/tools/replicated.h"

#include <fmt/format.h>

#include "models/mpc/costs.h"
#include "models/mpc/tools/joint_message.h"

namespace evenkeel {
namespace {

constexpr std::size_t block = 2048;  // words that stay in the cache

}  // namespace

Task<> ReplicatedSeat::agree_on_keys() {
  const OfflinePhase offline{session_};
  session_.enter("agree on keys");
  Prg fresh{draw_prg_key(session_.node().random())};
  const PrgKey key = fresh.key();
  session_.send_bytes(before(), key);
  PrgKey of_next;
  co_await session_.receive_bytes(after(), of_next);
  own_.emplace(key);
  next_.emplace(of_next);
}

template <class Ring>
void ReplicatedSeat::mask(std::span<Word> words) {
  const Words plus = own_->words(words.size());
  const Words minus = next_->words(words.size());
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = Ring::subtract(Ring::add(words[i], plus[i]), minus[i]);
}

template <class Ring>
void ReplicatedSeat::add_zero(std::span<Word> words) {
  session_.charge(costs::prg_word * 2 * static_cast<double>(words.size()));
  for (std::size_t start = 0; start < words.size(); start += block)
    mask<Ring>(words.subspan(start, std::min(block, words.size() - start)));
}

Task<> ReplicatedSeat::reshare(Replicated& summands) {
  session_.send(before(), summands.own());
  co_await session_.receive_bytes(after(), std::as_writable_bytes(summands.next()));
}

template <class Ring>
Task<Replicated> ReplicatedSeat::multiply(std::span<const Word> a_own, std::span<const Word> a_next,
                                          std::span<const Word> b_own,
                                          std::span<const Word> b_next) {
  Replicated product(a_own.size());
  const std::span<Word> summands = product.own();
  for (std::size_t start = 0; start < summands.size(); start += block) {
    const std::size_t end = std::min(start + block, summands.size());
    for (std::size_t i = start; i < end; ++i)
      summands[i] = Ring::add(Ring::multiply(a_own[i], Ring::add(b_own[i], b_next[i])),
                              Ring::multiply(a_next[i], b_own[i]));
    mask<Ring>(summands.subspan(start, end - start));
  }
  session_.charge(costs::replicated_product * static_cast<double>(summands.size()));
  session_.charge(costs::prg_word * 2 * static_cast<double>(summands.size()));
  co_await reshare(product);
  co_return product;
}

Task<Words> ReplicatedSeat::lacking(std::span<const Word> own, std::span<const Word> next,
                                    std::string_view step) {
  tell(session_, JointMessage{self(), before(), after()}, own);
  tell(session_, JointMessage{after(), self(), before()}, next);
  Words third = co_await hear(session_, {before(), after(), self()}, own.size(), step);
  co_return third;
}

Session::Forever ReplicatedSeat::accuse(std::string_view step) {
  return session_.abort(ErrorCode::cheating,
                        fmt::format("{} or {} deviated: '{}' does not come out",
                                    session_.name_of(before()), session_.name_of(after()), step));
}

// The knower A holds the shares s (with the one before, C) and t (with the one after, B); v = s + t
// + d for a d that A tells both: to B, s masks v, to C, t does. Then v w = s w + t w + d w, where C
// tells B its s w less a mask known to A and C, and B tells C its t w less a mask known to A and B.
template <class Ring>
Task<ReplicatedSeat::Product> ReplicatedSeat::known_product(Seat knower, std::size_t values,
                                                            std::size_t products,
                                                            std::span<const Word> known) {
  Product made{Replicated(values), Replicated(products)};
  session_.charge(costs::prg_word * static_cast<double>(values + products) +
                  costs::replicated_product * static_cast<double>(products));
  if (self() == knower) {
    own_->fill(made.v.own());
    next_->fill(made.v.next());
    own_->fill(made.vw.own());
    next_->fill(made.vw.next());
    Words told(values);
    for (std::size_t i = 0; i < values; ++i)
      told[i] = Ring::subtract(Ring::subtract(known[i], made.v.own()[i]), made.v.next()[i]);
    session_.send(after(), told);
    session_.send(before(), told);
    co_return made;
  }
  const bool follows = before() == knower;  // B
  const Seat other = follows ? after() : before();
  Prg& stream = follows ? *own_ : *next_;
  const std::span<Word> v_share = follows ? made.v.own() : made.v.next();
  const std::span<Word> v_told = follows ? made.v.next() : made.v.own();
  const std::span<Word> mask = follows ? made.vw.own() : made.vw.next();
  const std::span<Word> rest = follows ? made.vw.next() : made.vw.own();
  stream.fill(v_share);
  stream.fill(mask);
  for (std::size_t i = 0; i < products; ++i)
    rest[i] = Ring::subtract(Ring::multiply(v_share[i], known[i]), mask[i]);
  session_.send(other, rest);
  co_await session_.receive_bytes(knower, std::as_writable_bytes(v_told));
  const Words of_other = co_await session_.receive(other, products);
  for (std::size_t i = 0; i < products; ++i)
    rest[i] = Ring::add(Ring::add(rest[i], of_other[i]), Ring::multiply(v_told[i], known[i]));
  co_return made;
}

template void ReplicatedSeat::add_zero<WordRing>(std::span<Word>);
template void ReplicatedSeat::add_zero<BitRing>(std::span<Word>);

template Task<Replicated> ReplicatedSeat::multiply<WordRing>(std::span<const Word>,
                                                             std::span<const Word>,
                                                             std::span<const Word>,
                                                             std::span<const Word>);
template Task<ReplicatedSeat::Product> ReplicatedSeat::known_product<WordRing>(
    Seat, std::size_t, std::size_t, std::span<const Word>);

template Task<Replicated> ReplicatedSeat::multiply<BitRing>(std::span<const Word>,
                                                            std::span<const Word>,
                                                            std::span<const Word>,
                                                            std::span<const Word>);
template Task<ReplicatedSeat::Product> ReplicatedSeat::known_product<BitRing>(
    Seat, std::size_t, std::size_t, std::span<const Word>);

}  // namespace evenkeel
