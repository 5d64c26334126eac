#include "models/mpc/tools/sacrifice.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/sacrifice_wire.h"

namespace evenkeel {
namespace {

using ring104::at;
using ring104::Wide;
using sacrifice::get_last;
using sacrifice::hash_bytes;
using sacrifice::opened_triple_words;
using sacrifice::put_last;
using sacrifice::step;
using sacrifice::wire_bytes;

void append(Words& to, std::span<const Word> words) {
  const std::size_t start = to.size();
  to.resize(start + words.size());
  std::ranges::copy(words, to.begin() + static_cast<std::ptrdiff_t>(start));
}

std::array<std::span<const Word>, 2> halves(const Words& shares) {
  const std::span all{shares};
  return {all.first(all.size() / 2), all.last(all.size() / 2)};
}

void append(std::array<Words, 2>& to, const Words& shares) {
  for (const std::size_t part : {0U, 1U}) append(to[part], halves(shares)[part]);
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

// The summands that this seat has of each run's sums, masked by a share of zero.
void Sacrifice::sum_products(const SharesView& a, const SharesView& b, std::span<const Run> runs,
                             std::span<Word> sums) {
  std::size_t sum = 0;
  std::size_t i = 0;
  for (const Run& run : runs)
    for (const std::size_t end = sum + run.sums; sum < end; ++sum) {
      Wide value = 0;
      for (const std::size_t last = i + run.length; i < last; ++i)
        value += at(a[0], i) * (at(b[0], i) + at(b[1], i)) + at(a[1], i) * at(b[0], i);
      ring104::set(sums, sum, value);
    }
  constexpr std::size_t block = 2048;  // words that stay in the cache
  for (std::size_t start = 0; start < sums.size(); start += block) {
    const auto part = sums.subspan(start, std::min(block, sums.size() - start));
    const Words plus = seat_.own_stream().words(part.size());
    const Words minus = seat_.next_stream().words(part.size());
    for (std::size_t k = 0; k < part.size() / 2; ++k)
      ring104::set(part, k, at(part, k) + at(plus, k) - at(minus, k));
  }
  seat_.session().charge(2 * costs::ring104_product * static_cast<double>(i) +
                         4 * costs::prg_word * static_cast<double>(sum));
}

Task<Words> Sacrifice::dot(const Words& a, const Words& b, std::size_t length) {
  const Run run{a.size() / 4 / length, length};
  Words product(4 * run.sums);
  const std::span<Word> own = std::span{product}.first(2 * run.sums);
  const std::span<Word> next = std::span{product}.last(2 * run.sums);
  sum_products(halves(a), halves(b), {&run, 1}, own);
  SecretBytes wire;
  ring104::pack(own, wire);
  seat_.session().send_bytes(seat_.before(), wire);
  co_await seat_.session().receive_bytes(seat_.after(), wire);
  ring104::unpack(wire, next);
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

bool Sacrifice::is_full() const {
  const std::size_t words = 2 * (numbers_.a[0].size() + numbers_.b[0].size()) +
                            2 * numbers_.c[0].size() + 6 * bits_.c[0].size();
  return words >= most_pending_;
}

Task<> Sacrifice::make_room() {
  if (is_full()) co_await check();
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
  made.c[0].resize(2 * sums());
  sum_products({made.a[0], made.a[1]}, {numbers_.b[0], numbers_.b[1]}, runs_, made.c[0]);
  made.bits.c[0].resize(triples);
  for (std::size_t i = 0; i < triples; ++i)
    made.bits.c[0][i] = (made.bits.a[0][i] & (made.bits.b[0][i] ^ made.bits.b[1][i])) ^
                        (made.bits.a[1][i] & made.bits.b[0][i]);
  seat_.add_zero<BitRing>(made.bits.c[0]);
  session.charge(costs::prg_word * static_cast<double>(4 * products() + 4 * triples) +
                 costs::replicated_product * static_cast<double>(triples));
  SecretBytes wire;
  ring104::pack(made.c[0], wire);
  wire.resize(wire_bytes(sums(), triples));
  put_last(made.bits.c[0], wire);
  session.send_bytes(seat_.before(), wire);
  co_await session.receive_bytes(seat_.after(), wire);
  made.c[1].resize(made.c[0].size());
  made.bits.c[1].resize(triples);
  ring104::unpack(wire, made.c[1]);
  get_last(wire, made.bits.c[1]);
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
  disclose(coin);
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

}  // namespace evenkeel
