#include "models/mpc/tools/replicated4.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"

namespace evenkeel {

// Party j+1 makes the key of x_j; j+2 and j+3, which get it, compare.
Task<> Replicated4Seat::agree_on_keys() {
  const OfflinePhase offline{session_};
  constexpr std::string_view step = "agree on keys";
  session_.enter(step);
  Prg fresh{draw_prg_key(session_.node().random())};
  std::array<PrgKey, kept> keys;
  const Seat mine = (self() + 3) % parties;
  keys[component_of(self(), mine)] = fresh.key();
  for (const Seat offset : {1U, 2U})
    session_.send_bytes((self() + offset) % parties, keys[component_of(self(), mine)]);
  // The key of x_{i+2} comes from i+3, that of x_{i+1} from i+2.
  for (const std::size_t c : {0U, 1U})
    co_await session_.receive_bytes(summand_of(self(), c + 1), keys[c]);
  // Who else got it: i-1 that of x_{i+1}, i+1 that of x_{i+2}.
  const std::array<Seat, 2> others{summand_of(self(), 2), summand_of(self(), 0)};
  std::array<Digest, 2> digests;
  for (const std::size_t c : {0U, 1U}) {
    digests[c] = sha256(keys[c]);
    session_.send_bytes(others[c], digests[c]);
  }
  for (const std::size_t c : {0U, 1U}) {
    Digest told;
    co_await session_.receive_bytes(others[c], told);
    if (are_same(told, digests[c])) continue;
    const Session::Forever forever =
        session_.abort(ErrorCode::cheating, fmt::format("{} or {} deviated: keys differ in '{}'",
                                                        session_.name_of(summand_of(self(), c + 1)),
                                                        session_.name_of(others[c]), step));
    co_await forever;
  }
  for (std::size_t c = 0; c < kept; ++c) streams_[c].emplace(keys[c]);
}

template <class Ring>
Task<> Replicated4Seat::share_jointly(std::span<const Joint> among, std::span<const Words> values,
                                      std::span<Words* const> to, std::string_view step) {
  for (std::size_t k = 0; k < among.size(); ++k) {
    const JointMessage& message = among[k].message;
    if (message.receiver == self()) continue;
    const std::span<Word> masked = share(*to[k], component_of(self(), message.receiver));
    const Words mask = stream(message.receiver).words(masked.size());
    session_.charge(costs::prg_word * static_cast<double>(mask.size()));
    for (std::size_t i = 0; i < mask.size(); ++i) masked[i] = Ring::add(masked[i], mask[i]);
    if (!message.is_known_to(self())) continue;
    Words rest = values[k];
    const std::span<Word> added = share(*to[k], component_of(self(), among[k].fourth()));
    for (std::size_t i = 0; i < rest.size(); ++i) {
      rest[i] = Ring::subtract(rest[i], mask[i]);
      added[i] = Ring::add(added[i], rest[i]);
    }
    tell(session_, message, rest);
  }
  for (std::size_t k = 0; k < among.size(); ++k) {
    if (among[k].message.receiver != self()) continue;
    const std::span<Word> added = share(*to[k], component_of(self(), among[k].fourth()));
    const Words told = co_await hear(session_, among[k].message, added.size(), step);
    for (std::size_t i = 0; i < told.size(); ++i) added[i] = Ring::add(added[i], told[i]);
  }
}

// x_s y_s is known to all that hold x_s, x_s y_t + x_t y_s to the two others.
template <class Ring>
Task<Words> Replicated4Seat::dot(const Words& a, const Words& b, std::size_t length,
                                 std::string_view step) {
  const std::size_t count = a.size() / kept / length;
  const auto add_products = [&](std::span<Word> sums, std::size_t p, std::size_t q) {
    const std::span<const Word> left = share(a, p);
    const std::span<const Word> right = share(b, q);
    for (std::size_t i = 0, place = 0; i < count; ++i)
      for (std::size_t k = 0; k < length; ++k, ++place)
        sums[i] = Ring::add(sums[i], Ring::multiply(left[place], right[place]));
  };
  Words product(kept * count, 0);
  for (std::size_t c = 0; c < kept; ++c) add_products(share(product, c), c, c);
  std::array<Words, joints.size()> values;
  for (std::size_t k = 0; k < joints.size(); ++k) {
    const JointMessage& message = joints[k].message;
    if (!message.is_known_to(self())) continue;
    const std::size_t p = component_of(self(), message.receiver);
    const std::size_t q = component_of(self(), joints[k].fourth());
    values[k].assign(count, 0);
    add_products(values[k], p, q);
    add_products(values[k], q, p);
  }
  session_.charge(costs::replicated4_product * static_cast<double>(count * length));
  std::array<Words*, joints.size()> to;
  to.fill(&product);
  co_await share_jointly<Ring>(joints, values, to, step);
  co_return product;
}

template Task<> Replicated4Seat::share_jointly<WordRing>(std::span<const Joint>,
                                                         std::span<const Words>,
                                                         std::span<Words* const>, std::string_view);
template Task<> Replicated4Seat::share_jointly<BitRing>(std::span<const Joint>,
                                                        std::span<const Words>,
                                                        std::span<Words* const>, std::string_view);
template Task<Words> Replicated4Seat::dot<WordRing>(const Words&, const Words&, std::size_t,
                                                    std::string_view);
template Task<Words> Replicated4Seat::dot<BitRing>(const Words&, const Words&, std::size_t,
                                                   std::string_view);

}  // namespace evenkeel
