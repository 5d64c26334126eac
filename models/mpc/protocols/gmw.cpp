// gmw: two parties, of whom either may be curious; comparisons bit by bit, a round for each halving
// of the bits. What yao.cpp sends one way or the other goes nearly all from seat 0 to seat 1 here.
//
// Goldreich, Micali and Wigderson, "How to play any mental game", STOC 1987, with the bit triples
// of Asharov, Lindell, Schneider and Zohner, "More efficient oblivious transfer and extensions for
// faster secure computation", CCS 2013; all else by additive shares of Z_2^64 and oblivious
// transfer (protocols/two_party.h).
//
//   compare    the sign of the sum of both seats' shares of a - b, of w = bits + 1 bits, n at once,
//   L = ceil(n / 64) lanes, P = 2 (bits-1) - log2(bits) conjunctions in the tree of carries:
//     round 1  seat 0 -> 1: the rows of (bits + 2 P + 1) n transfers, of 16 B each and rounded up
//              to 1024 B: `bits` for the carries that arise in each place, where seat 1 knows one
//              bit and seat 0 the other; two for a triple, for which nothing comes back; one for
//              a bit that is shared in both domains
//     round 2  seat 1 -> 0: `bits` bits for each of those carries, rounded up to 8 B, 8 n B for the
//              bit in both domains
//     log2(bits) rounds: the tree of carries, 2 P L words each
//     last     the sign, masked by that bit, L words each
//     at 64 bits: 9 rounds; 4.8 kB a comparison by 0, 46 B by 1
//   Where log2(bits) is even, seat 0 begins what comes next while the last message to it travels: a
//   round less for what it begins.
//
// Guarantees privacy against either of the two, semi-honest; nothing against one that deviates.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/protocols/two_party.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/carry.h"

namespace evenkeel {
namespace {

// What a comparison takes transfers for.
struct Transfers {
  std::size_t count = 0;   // comparisons
  std::size_t places = 0;  // under the sign

  std::size_t triples() const { return carry_products(places, 1); }
  std::size_t planes() const { return places + 2 * triples() + 1; }
  std::size_t all() const { return 64 * lanes_of(planes() * count); }
};

// The lowest bits, from the one of place `first` on.
Words lowest_bits(const Blocks& blocks, std::size_t first, std::size_t count) {
  Words bits(lanes_of(count), 0);
  for (std::size_t i = 0; i < count; ++i) bits[i / 64] |= (blocks[first + i].low & 1) << (i % 64);
  return bits;
}

class Gmw final : public TwoParty, private BitSharing {
 public:
  explicit Gmw(Session& session) : TwoParty(session) {}

  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;

 private:
  // Shared bits a, b and c = a & b; all planes, the next that nobody has used at `used`.
  struct Triples {
    Words a;
    Words b;
    Words c;
    std::size_t used = 0;
  };
  // A bit in both domains.
  struct DoubleBits {
    Words bits;
    Words numbers;
  };

  std::size_t bit_components() const override { return 1; }
  Task<Words> multiply_bits(const Words& a, const Words& b) override;
  Cost cost_of_comparison(std::size_t count, int bits) const override;
  Task<Words> prepare_as_sender(const Transfers& transfers, const Words& known);
  Task<Words> prepare_as_receiver(const Transfers& transfers, const Words& known);
  void keep_triples(const Transfers& transfers, Words a, Words b, std::span<const Word> crossing);

  Triples triples_;
  DoubleBits masks_;
};

// c = a & b of the own, and both crossing products.
void Gmw::keep_triples(const Transfers& transfers, Words a, Words b,
                       std::span<const Word> crossing) {
  triples_ = {std::move(a), std::move(b), {}, 0};
  const std::size_t words = transfers.triples() * lanes_of(transfers.count);
  triples_.c.resize(words);
  for (std::size_t i = 0; i < words; ++i)
    triples_.c[i] = (triples_.a[i] & triples_.b[i]) ^ crossing[i] ^ crossing[words + i];
}

// The planes of transfers: for the carries, for the triples seat 0's b and then its a, for the bits
// in both domains. A random pair m0, m1 is a share m0 of m0 ^ m1 times the choice. Both give the
// carries that arise.
Task<Words> Gmw::prepare_as_sender(const Transfers& transfers, const Words& known) {
  const std::size_t n = transfers.count;
  const std::size_t lanes = lanes_of(n);
  const std::size_t carries = transfers.places * n;
  const std::size_t last = (transfers.planes() - 1) * n;
  const Blocks q = co_await sender().rows(transfers.all());
  const BlockPairs pairs = sender().masks(q);
  Words told = run_of(std::span{known}.first(transfers.places * lanes), n);
  Words kept = lowest_bits(pairs.first, 0, carries);
  const Words others = lowest_bits(pairs.second, 0, carries);
  for (std::size_t i = 0; i < told.size(); ++i) told[i] ^= kept[i] ^ others[i];

  Words first = lowest_bits(pairs.first, carries, last - carries);
  const Words crossing = planes_of_run(first, 2 * transfers.triples(), n);
  const Words second = lowest_bits(pairs.second, carries, last - carries);
  for (std::size_t i = 0; i < first.size(); ++i) first[i] ^= second[i];
  const Words factors = planes_of_run(first, 2 * transfers.triples(), n);
  const auto half = factors.begin() + static_cast<std::ptrdiff_t>(factors.size() / 2);
  keep_triples(transfers, Words(factors.begin(), half), Words(half, factors.end()), crossing);

  // t = t0 + t1 (1 - 2 t0)
  masks_ = {own().words(lanes), Words(n)};
  const Words own_bits = numbers_of(masks_.bits, n);
  Words differences(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Word share = pairs.first[last + i].low;
    differences[i] = share + 1 - 2 * own_bits[i] - pairs.second[last + i].low;
    masks_.numbers[i] = own_bits[i] - share;
  }
  session().send(other(), told);
  session().send(other(), differences);
  co_return planes_of_run(kept, transfers.places, n);
}

Task<Words> Gmw::prepare_as_receiver(const Transfers& transfers, const Words& known) {
  const std::size_t n = transfers.count;
  const std::size_t lanes = lanes_of(n);
  const std::size_t carries = transfers.places * n;
  const std::size_t last = (transfers.planes() - 1) * n;
  Words choices = own().words(transfers.planes() * lanes);
  std::copy_n(known.begin(), transfers.places * lanes, choices.begin());
  const Words run = run_of(choices, n);
  const Blocks got = receiver().random(run);
  const Words clean = planes_of_run(run, transfers.planes(), n);  // zeros behind the last

  const Words first = lowest_bits(got, carries, last - carries);
  const Words crossing = planes_of_run(first, 2 * transfers.triples(), n);
  const auto b = clean.begin() + static_cast<std::ptrdiff_t>(transfers.places * lanes);
  const auto a = b + static_cast<std::ptrdiff_t>(transfers.triples() * lanes);
  const auto t = a + static_cast<std::ptrdiff_t>(transfers.triples() * lanes);
  keep_triples(transfers, Words(a, t), Words(b, a), crossing);

  Words kept = lowest_bits(got, 0, carries);
  const Words told = co_await session().receive(other(), kept.size());
  const Words differences = co_await session().receive(other(), n);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] ^= told[i] & run[i];
  if (carries % 64 != 0) kept.back() &= ~Word{0} >> (64 - carries % 64);
  masks_ = {Words(t, clean.end()), Words(n)};
  const Words own_bits = numbers_of(masks_.bits, n);
  for (std::size_t i = 0; i < n; ++i)
    masks_.numbers[i] = got[last + i].low + (differences[i] & (0 - own_bits[i]));
  co_return planes_of_run(kept, transfers.places, n);
}

Task<Secrets> Gmw::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  // In the tree seat 1 is a round ahead of seat 0 and behind it by turns; then the sign.
  let_first_go_on(carry_rounds(static_cast<std::size_t>(bits)) % 2 == 0);
  const Secrets difference = subtract(a, b);
  const std::size_t count = difference.count;
  const std::size_t lanes = lanes_of(count);
  const Transfers transfers{count, static_cast<std::size_t>(bits)};
  const Words known = planes_of(difference.words, transfers.places + 1);
  session().charge(costs::transposed_word * 3 * static_cast<double>(count) +
                   costs::word_operation * 8 * static_cast<double>(transfers.planes() * lanes));
  Task<Words> preparing =
      offers() ? prepare_as_sender(transfers, known) : prepare_as_receiver(transfers, known);
  Words generate = co_await std::move(preparing);
  // The bits of the two are shares of what passes a carry on.
  Words propagate(known.begin(), known.end() - static_cast<std::ptrdiff_t>(lanes));
  Task<Words> carrying =
      carry_out(*this, std::move(generate), std::move(propagate), transfers.places, lanes);
  Words masked = co_await std::move(carrying);
  for (std::size_t i = 0; i < lanes; ++i)
    masked[i] ^= known[transfers.places * lanes + i] ^ masks_.bits[i];
  session().send(other(), masked);
  const Words others = co_await session().receive(other(), lanes);
  for (std::size_t i = 0; i < lanes; ++i) masked[i] ^= others[i];
  const Words opened = numbers_of(masked, count);  // v = sign ^ t: sign = v + t - 2 v t
  Secrets is_less{count, std::move(masks_.numbers)};
  for (std::size_t i = 0; i < count; ++i)
    is_less.words[i] = is_less.words[i] * (1 - 2 * opened[i]) + (self() == 0 ? opened[i] : Word{0});
  co_return is_less;
}

// With a triple a, b, c and the opened d = x ^ a, e = y ^ b: x y = c ^ d b ^ e a ^ d e.
Task<Words> Gmw::multiply_bits(const Words& x, const Words& y) {
  const std::size_t words = x.size();
  const Word* const a = triples_.a.data() + triples_.used;
  const Word* const b = triples_.b.data() + triples_.used;
  const Word* const c = triples_.c.data() + triples_.used;
  triples_.used += words;
  Words masked(2 * words);
  for (std::size_t i = 0; i < words; ++i) {
    masked[i] = x[i] ^ a[i];
    masked[words + i] = y[i] ^ b[i];
  }
  session().send(other(), masked);
  const Words others = co_await session().receive(other(), 2 * words);
  Words product(words);
  for (std::size_t i = 0; i < words; ++i) {
    const Word d = masked[i] ^ others[i];
    const Word e = masked[words + i] ^ others[words + i];
    product[i] = c[i] ^ (d & b[i]) ^ (e & a[i]) ^ (self() == 0 ? d & e : Word{0});
  }
  co_return product;
}

Cost Gmw::cost_of_comparison(std::size_t count, int bits) const {
  const Transfers transfers{count, static_cast<std::size_t>(bits)};
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), carry_rounds(transfers.places) + 3};
  const std::size_t lanes = lanes_of(count);
  const std::uint64_t opened = 8 * (2 * carry_products(transfers.places, lanes) + lanes);
  cost.sent_bytes[0] = transfer_bytes(transfers.all()) + opened;
  cost.sent_bytes[1] = 8 * (lanes_of(transfers.places * count) + count) + opened;
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry("two parties who compare bit by bit with triples (Goldreich et al. 1987)",
                   {.name = "gmw",
                    .promises = {.corruptions = "1 of 2",
                                 .adversary = Adversary::semi_honest,
                                 .majority_is_honest = false},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Gmw>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
