#include "models/mpc/tools/sacrifice.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/ring104.h"

namespace evenkeel {
namespace {

using ring104::at;
using ring104::Wide;

constexpr std::string_view step = "check of products";
constexpr std::size_t opened_triple_words = 1;
constexpr std::size_t hash_bytes = sizeof(Digest);

void append(std::array<Words, 2>& to, const Words& shares) {
  const auto half = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
  to[0].insert(to[0].end(), shares.begin(), half);
  to[1].insert(to[1].end(), half, shares.end());
}

std::array<Words, 2> halves(const Words& shares) {
  std::array<Words, 2> both;
  append(both, shares);
  return both;
}

Words joined(Words a, std::span<const Word> b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

void append(SecretBytes& to, std::span<const Word> words) {
  const auto bytes = std::as_bytes(words);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

SecretBytes wire(std::span<const Word> numbers, std::span<const Word> bits) {
  SecretBytes bytes;
  ring104::pack(numbers, bytes);
  append(bytes, bits);
  return bytes;
}

void from_wire(const SecretBytes& bytes, std::span<Word> numbers, std::span<Word> bits) {
  const std::size_t size = numbers.size() / 2 * ring104::element_bytes;
  ring104::unpack(std::span{bytes}.first(size), numbers);
  std::ranges::copy(std::span{bytes}.subspan(size), std::as_writable_bytes(bits).begin());
}

}  // namespace

std::size_t Sacrifice::bucket(std::size_t words) {
  constexpr double wanted = 0x1p40;
  std::size_t size = 1;
  for (double ways = 0; ways < wanted && words > 0;) {
    const auto all = static_cast<double>(64 * (++size * words + opened_triple_words));
    ways = 1;  // to choose that many of all
    for (std::size_t i = 0; i < size; ++i)
      ways *= (all - static_cast<double>(i)) / static_cast<double>(i + 1);
  }
  return size;
}

std::size_t Sacrifice::triple_words() const {
  return and_words() == 0 ? 0 : bucket(and_words()) * and_words() + opened_triple_words;
}

std::uint64_t Sacrifice::check_bytes() const {
  if (!is_pending()) return 0;
  const std::size_t opened = and_words() == 0 ? 0 : 2 * triple_words() + opened_triple_words;
  return ring104::element_bytes * (sums() + products()) + sizeof(Word) * (triple_words() + opened) +
         sizeof(PrgKey) + 3 * hash_bytes;
}

Words Sacrifice::summands(const Shares& a, const Shares& b, std::span<const Run> runs) {
  std::size_t count = 0;
  for (const Run& run : runs) count += run.sums;
  Words sums(2 * count);
  std::size_t sum = 0;
  std::size_t i = 0;
  for (const Run& run : runs)
    for (std::size_t end = sum + run.sums; sum < end; ++sum) {
      Wide value = 0;
      for (const std::size_t last = i + run.length; i < last; ++i)
        value += at(a[0], i) * (at(b[0], i) + at(b[1], i)) + at(a[1], i) * at(b[0], i);
      ring104::set(sums, sum, value);
    }
  const Words plus = seat_.own_stream().words(sums.size());
  const Words minus = seat_.next_stream().words(sums.size());
  for (std::size_t k = 0; k < count; ++k)
    ring104::set(sums, k, at(sums, k) + at(plus, k) - at(minus, k));
  seat_.session().charge(2 * costs::ring104_product * static_cast<double>(i) +
                         4 * costs::prg_word * static_cast<double>(count));
  return sums;
}

Task<Words> Sacrifice::dot(const Words& a, const Words& b, std::size_t length) {
  const Run run{a.size() / 4 / length, length};
  const Shares left = halves(a);
  const Shares right = halves(b);
  const Words own = summands(left, right, {&run, 1});
  const SecretBytes told = wire(own, {});
  seat_.session().send_bytes(seat_.before(), told);
  SecretBytes bytes(told.size());
  co_await seat_.session().receive_bytes(seat_.after(), bytes);
  Words next(own.size());
  from_wire(bytes, next, {});
  Words product = joined(own, next);
  append(numbers_.a, a);
  append(numbers_.b, b);
  append(numbers_.c, product);
  runs_.push_back(run);
  co_return product;
}

Task<Words> Sacrifice::multiply_bits(const Words& a, const Words& b) {
  const std::size_t half = a.size() / 2;
  const std::span as{a};
  const std::span bs{b};
  Replicated product = co_await seat_.multiply<BitRing>(as.first(half), as.last(half),
                                                        bs.first(half), bs.last(half));
  append(bits_.a, a);
  append(bits_.b, b);
  append(bits_.c, product.words);
  co_return std::move(product.words);
}

Task<> Sacrifice::check() {
  if (!is_pending()) co_return;
  seat_.session().enter(step);
  Companions made = co_await companions();
  const Words drawn = co_await agree_on_coin();
  PrgKey key;
  std::ranges::copy(std::as_bytes(std::span{drawn}), key.begin());
  Prg coin{key};
  const Word factor = coin.word() & ((Word{1} << ring104::check_bits) - 1);
  shuffle(made.bits, coin);
  co_await settle(made, factor);
  numbers_ = {};
  bits_ = {};
  runs_.clear();
}

// Round 1.
Task<Sacrifice::Companions> Sacrifice::companions() {
  Session& session = seat_.session();
  const std::size_t triples = triple_words();
  Companions made;
  const std::array<Prg*, 2> streams{&seat_.own_stream(), &seat_.next_stream()};
  for (const std::size_t part : {0U, 1U}) {
    made.a[part] = streams[part]->words(2 * products());
    made.bits.a[part] = streams[part]->words(triples);
    made.bits.b[part] = streams[part]->words(triples);
  }
  made.c[0] = summands(made.a, numbers_.b, runs_);
  made.bits.c[0].resize(triples);
  for (std::size_t i = 0; i < triples; ++i)
    made.bits.c[0][i] = (made.bits.a[0][i] & (made.bits.b[0][i] ^ made.bits.b[1][i])) ^
                        (made.bits.a[1][i] & made.bits.b[0][i]);
  seat_.add_zero<BitRing>(made.bits.c[0]);
  session.charge(costs::prg_word * static_cast<double>(4 * products() + 4 * triples) +
                 costs::replicated_product * static_cast<double>(triples));
  const SecretBytes told = wire(made.c[0], made.bits.c[0]);
  session.send_bytes(seat_.before(), told);
  SecretBytes bytes(told.size());
  co_await session.receive_bytes(seat_.after(), bytes);
  made.c[1].resize(made.c[0].size());
  made.bits.c[1].resize(triples);
  from_wire(bytes, made.c[1], made.bits.c[1]);
  co_return made;
}

// Round 2. A seat tells its share of the coin to the one of which it has just got companions; the
// other one gets a hash only, since it may not have sent its own yet.
Task<Words> Sacrifice::agree_on_coin() {
  constexpr std::size_t size = sizeof(PrgKey) / sizeof(Word);
  const Words own = seat_.own_stream().words(size);
  const Words next = seat_.next_stream().words(size);
  Words coin = co_await seat_.lacking(own, next, step);
  for (std::size_t i = 0; i < size; ++i) coin[i] ^= own[i] ^ next[i];
  co_return coin;
}

// All bits of a triple travel together, in one byte (Fisher and Yates). Which goes where is public.
void Sacrifice::shuffle(Triples& triples, Prg& coin) {
  const std::array<Words*, 6> planes{&triples.a[0], &triples.a[1], &triples.b[0],
                                     &triples.b[1], &triples.c[0], &triples.c[1]};
  const std::size_t count = 64 * planes[0]->size();
  std::vector<std::uint8_t, WipingAllocator<std::uint8_t>> bits(count, 0);
  for (std::size_t p = 0; p < planes.size(); ++p)
    for (std::size_t i = 0; i < count; ++i)
      bits[i] |= static_cast<std::uint8_t>(((*planes[p])[i / 64] >> (i % 64) & 1) << p);
  constexpr std::size_t block = 4096;
  Words drawn;
  for (std::size_t left = count; left > 1; --left) {
    if (drawn.empty()) drawn = coin.words(block);
    const auto chosen = static_cast<std::size_t>((Wide{drawn.back()} * left) >> 64);
    drawn.pop_back();
    std::swap(bits[left - 1], bits[chosen]);
  }
  for (std::size_t p = 0; p < planes.size(); ++p) {
    std::ranges::fill(*planes[p], 0);
    for (std::size_t i = 0; i < count; ++i)
      (*planes[p])[i / 64] |= Word{bits[i] >> p & 1U} << (i % 64);
  }
}

Words Sacrifice::masked_numbers(const Companions& companions, Word factor, std::size_t part) const {
  Words masked(2 * products());
  for (std::size_t i = 0; i < products(); ++i)
    ring104::set(masked, i, factor * at(numbers_.a[part], i) - at(companions.a[part], i));
  return masked;
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

// r c - c' - (r a - a') b
Words Sacrifice::zero_numbers(const Companions& companions, Word factor,
                              std::span<const Word> opened, std::size_t part) const {
  Words zeros(2 * sums());
  std::size_t sum = 0;
  std::size_t i = 0;
  for (const Run& run : runs_)
    for (std::size_t end = sum + run.sums; sum < end; ++sum) {
      Wide value = factor * at(numbers_.c[part], sum) - at(companions.c[part], sum);
      for (const std::size_t last = i + run.length; i < last; ++i)
        value -= at(opened, i) * at(numbers_.b[part], i);
      ring104::set(zeros, sum, value);
    }
  return zeros;
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
  std::array<Words, 2> numbers;
  std::array<Words, 2> bits;
  for (const std::size_t part : {0U, 1U}) {
    numbers[part] = masked_numbers(companions, factor, part);
    bits[part] = masked_bits(companions.bits, part);
  }
  const SecretBytes told = wire(numbers[0], bits[0]);
  session.send_bytes(seat_.after(), told);
  SecretBytes bytes(told.size());
  co_await session.receive_bytes(seat_.before(), bytes);
  Words opened(numbers[0].size());
  Words opened_bits(bits[0].size());
  from_wire(bytes, opened, opened_bits);
  for (const std::size_t part : {0U, 1U}) {
    for (std::size_t i = 0; i < products(); ++i)
      ring104::set(opened, i, at(opened, i) + at(numbers[part], i));
    for (std::size_t i = 0; i < bits[part].size(); ++i) opened_bits[i] ^= bits[part][i];
  }

  const SecretBytes view = wire(opened, opened_bits);
  std::array<Words, 2> zeros;
  std::array<Words, 2> zero_planes;
  for (const std::size_t part : {0U, 1U}) {
    zeros[part] = zero_numbers(companions, factor, opened, part);
    zero_planes[part] = zero_bits(companions.bits, opened_bits, part);
  }
  const auto hash = [&view](const Words& of_numbers, const Words& of_bits) {
    SecretBytes all = wire(of_numbers, of_bits);
    all.insert(all.end(), view.begin(), view.end());
    return sha256(all);
  };
  const Digest own = hash(zeros[0], zero_planes[0]);
  for (std::size_t i = 0; i < sums(); ++i)
    ring104::set(zeros[0], i, Wide{0} - at(zeros[0], i) - at(zeros[1], i));
  for (std::size_t i = 0; i < zero_planes[0].size(); ++i) zero_planes[0][i] ^= zero_planes[1][i];
  const Digest of_before = hash(zeros[0], zero_planes[0]);
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
  if (told_by_before == of_before && told_by_after == own && triples_are_right) co_return;
  const Session::Forever forever = seat_.accuse(step);
  co_await forever;
}

}  // namespace evenkeel
