// The end of a check: what is opened, and what must be zero.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/sacrifice.h"
#include "models/mpc/tools/sacrifice_wire.h"

namespace evenkeel {
namespace {

using ring104::at;
using ring104::Wide;
using sacrifice::get_last;
using sacrifice::opened_triple_words;
using sacrifice::put_last;
using sacrifice::step;
using sacrifice::wire_bytes;

}  // namespace

// r a - a': this seat's own shares go to `told`; it returns the sums of both it has.
Words Sacrifice::mask_numbers(const Companions& companions, Word factor,
                              std::span<std::byte> told) const {
  Words both(2 * products());
  for (std::size_t i = 0; i < products(); ++i) {
    const Wide own = factor * at(numbers_.a[0], i) - at(companions.a[0], i);
    const Wide next = factor * at(numbers_.a[1], i) - at(companions.a[1], i);
    ring104::put(told, i, own);
    ring104::set(both, i, own + next);
  }
  return both;
}

// The triples that are opened, then the masked factors of each AND with each of its triples.
Words Sacrifice::masked_bits(const Triples& triples, std::size_t part) const {
  Words masked;
  if (and_words() == 0) return masked;
  masked.reserve(2 * triple_words() + opened_triple_words);
  for (const Shares* shares : {&triples.a, &triples.b, &triples.c})
    masked.push_back((*shares)[part][0]);
  const std::size_t size = bucket(and_words());
  for (std::size_t i = opened_triple_words; i < triple_words(); ++i) {
    const std::size_t place = (i - opened_triple_words) / size;
    masked.push_back(bits_.a[part][place] ^ triples.a[part][i]);
    masked.push_back(bits_.b[part][place] ^ triples.b[part][i]);
  }
  return masked;
}

// r c - c' - (r a - a') b: this seat's own shares of zero go to `own`; it returns minus the sums of
// both it has, which are the third seat's.
Words Sacrifice::zero_numbers(const Companions& companions, Word factor,
                              std::span<const Word> opened, std::span<std::byte> own) const {
  Words thirds(2 * sums());
  std::size_t sum = 0;
  std::size_t i = 0;
  for (const Run& run : runs_)
    for (const std::size_t end = sum + run.sums; sum < end; ++sum) {
      std::array<Wide, 2> values;
      for (const std::size_t part : {0U, 1U})
        values[part] = factor * at(numbers_.c[part], sum) - at(companions.c[part], sum);
      for (const std::size_t last = i + run.length; i < last; ++i)
        for (const std::size_t part : {0U, 1U})
          values[part] -= at(opened, i) * at(numbers_.b[part], i);
      ring104::put(own, sum, values[0]);
      ring104::set(thirds, sum, Wide{0} - values[0] - values[1]);
    }
  return thirds;
}

// xy - c - (x - a) b - (y - b) a - (x - a)(y - b)
Words Sacrifice::zero_bits(const Triples& triples, std::span<const Word> opened,
                           std::size_t part) const {
  Words zeros;
  if (and_words() == 0) return zeros;
  const Word takes_constants = (seat_.self() + part) % 3 == 0 ? ~Word{0} : 0;
  const std::size_t size = bucket(and_words());
  zeros.reserve(triple_words());
  for (std::size_t i = opened_triple_words, at = 3; i < triple_words(); ++i, at += 2) {
    const Word x = opened[at];
    const Word y = opened[at + 1];
    zeros.push_back(bits_.c[part][(i - opened_triple_words) / size] ^ triples.c[part][i] ^
                    (x & triples.b[part][i]) ^ (y & triples.a[part][i]) ^
                    (x & y & takes_constants));
  }
  return zeros;
}

// Rounds 3 and 4. Shares of zero: a seat's own one is minus the sum of the two others, which both
// its neighbours can tell it, one by its hash of that sum and one by having its own to compare.
Task<> Sacrifice::settle(const Companions& companions, Word factor) {
  Session& session = seat_.session();
  const std::array<Words, 2> bits{masked_bits(companions.bits, 0), masked_bits(companions.bits, 1)};
  SecretBytes wire(wire_bytes(products(), bits[0].size()));
  Words opened = mask_numbers(companions, factor, wire);
  put_last(bits[0], wire);
  session.send_bytes(seat_.after(), wire);
  co_await session.receive_bytes(seat_.before(), wire);
  Words opened_bits(bits[0].size());
  get_last(wire, opened_bits);
  for (std::size_t i = 0; i < opened_bits.size(); ++i) opened_bits[i] ^= bits[0][i] ^ bits[1][i];

  // What is hashed: shares of zero, then all that was opened.
  const std::size_t zeros_size =
      wire_bytes(sums(), and_words() == 0 ? 0 : triple_words() - opened_triple_words);
  SecretBytes hashed(zeros_size + wire.size());
  const std::span<std::byte> zeros = std::span{hashed}.first(zeros_size);
  const std::span<std::byte> view = std::span{hashed}.subspan(zeros_size);
  for (std::size_t i = 0; i < products(); ++i) {
    const Wide value = at(opened, i) + ring104::get(wire, i);
    ring104::set(opened, i, value);
    ring104::put(view, i, value);
  }
  put_last(opened_bits, view);

  const Words thirds = zero_numbers(companions, factor, opened, zeros);
  Words planes = zero_bits(companions.bits, opened_bits, 0);
  put_last(planes, zeros);
  const Digest own = sha256(hashed);
  for (std::size_t i = 0; i < sums(); ++i) ring104::put(zeros, i, at(thirds, i));
  const Words next_planes = zero_bits(companions.bits, opened_bits, 1);
  for (std::size_t i = 0; i < planes.size(); ++i) planes[i] ^= next_planes[i];
  put_last(planes, zeros);
  const Digest of_before = sha256(hashed);
  session.charge(3 * costs::ring104_product * static_cast<double>(products()) +
                 costs::hashed_word * static_cast<double>(2 * view.size() / sizeof(Word)) +
                 64 * costs::shuffled_bit * static_cast<double>(triple_words()));
  session.send_bytes(seat_.after(), own);
  session.send_bytes(seat_.before(), of_before);
  Digest told_by_before;
  Digest told_by_after;
  co_await session.receive_bytes(seat_.before(), told_by_before);
  co_await session.receive_bytes(seat_.after(), told_by_after);
  const bool triples_are_right =
      opened_bits.empty() || (opened_bits[0] & opened_bits[1]) == opened_bits[2];
  if (are_same(told_by_before, of_before) && are_same(told_by_after, own) &&
      disclosed(triples_are_right))
    co_return;
  const Session::Forever forever = seat_.accuse(step);
  co_await forever;
}

}  // namespace evenkeel
