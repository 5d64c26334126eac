// Products of replicated shares among three (replicated.h) that are checked later, all at once: of
// numbers modulo 2^104 and of bits. Until a check has passed nothing that depends on a product may
// be opened; afterwards all products are right but with chance 2^-40, whatever one party did.
//
//   a product, or a sum of them    i -> i-1: a masked summand, 13 B; an AND 1 bit
//   check, of p sums of t products in all and N words of ANDs:
//     round 1  i -> i-1: for each sum of a_j b_j that of a'_j b_j with random a', 13 B; of
//              random bit triples (a, b, c = ab) the c, B N + 1 words
//     round 2  a coin: i -> i+1: 16 B; i -> i-1: a hash, 32 B
//     round 3  i -> i+1: shares of r a - a' for a factor r < 2^40 of the coin, 13 B a product; the
//              triples, shuffled by the coin, 64 of which are opened, and of which B mask each
//              AND's factors: 2 B N + 3 words
//     round 4  both ways a hash of all that was opened, and of shares of what must be zero: 64 B
//     in all 26 B a product, 3 B bits an AND and 144 B
//
// Numbers: Eerikson, Keller, Orlandi, Pullonen, Puura and Simkin, "Use your brain! Arithmetic 3PC
// for any modulus with active security", ITC 2020, with the check after the product. If a product
// is off by d, not 0 modulo 2^64, and its companion by d', then r d = d' holds for at most one
// r < 2^40. Modulo 2^64 alone, d = 2^63 would pass for every other r.
//
// Bits: Furukawa, Lindell, Nof and Weinstein, "High-throughput secure three-party computation for
// malicious adversaries and an honest majority", EUROCRYPT 2017, with the ANDs as first of each
// bucket. A wrong AND passes if just the B triples that fall to it are wrong, and no other. Of
// n = 64 (B N + 1) triples k B are, the shuffle makes it so with chance 1 / C(n, k B), and all of
// them cannot be since 64 are opened: B is such that C(n, B) > 2^40.
#pragma once

#include "models/crypto/crypto.h"
#include "models/mpc/tools/replicated.h"

namespace evenkeel {

/// Vectors of replicated shares: all own ones, then all of the next. Numbers are elements of
/// ring104, bits are words of 64.
class Sacrifice {
 public:
  /// Words kept of products that were not checked yet, before there is a check: 64 MiB.
  static constexpr std::size_t most_pending_words = std::size_t{1} << 23;

  explicit Sacrifice(ReplicatedSeat& seat, std::size_t most_pending = most_pending_words)
      : seat_(seat), most_pending_(most_pending) {}

  /// Sums of `length` products each. One round.
  Task<Words> dot(const Words& a, const Words& b, std::size_t length);
  /// ANDs. One round.
  Task<Words> multiply_bits(const Words& a, const Words& b);

  bool is_pending() const { return !runs_.empty() || !bits_.c[0].empty(); }
  /// So much is pending that there is a check before anything is multiplied next.
  bool is_full() const;
  /// Checks if it is full; before an operation, so that what is pending stays below the limit but
  /// for one operation.
  Task<> make_room();
  /// Of all since the last check. Four rounds; the session ends if anything is wrong.
  Task<> check();
  /// What a check would cost each seat now.
  std::uint64_t check_bytes() const;
  std::uint32_t check_rounds() const { return is_pending() ? 4 : 0; }

  /// Triples that each AND of `words` words is checked with: B.
  static std::size_t bucket(std::size_t words);

 private:
  using Shares = std::array<Words, 2>;  // own, next
  using SharesView = std::array<std::span<const Word>, 2>;
  struct Triples {
    Shares a = {};
    Shares b = {};
    Shares c = {};  // for each run of factors their sum of products
  };
  struct Run {
    std::size_t sums = 0;
    std::size_t length = 0;
  };
  // What the pending products are checked against.
  struct Companions {
    Shares a = {};
    Shares c = {};
    Triples bits = {};
  };

  std::size_t products() const { return numbers_.a[0].size() / 2; }
  std::size_t sums() const { return numbers_.c[0].size() / 2; }
  std::size_t and_words() const { return bits_.c[0].size(); }
  std::size_t triple_words() const;
  void sum_products(const SharesView& a, const SharesView& b, std::span<const Run> runs,
                    std::span<Word> sums);
  Task<Companions> companions();
  Task<Words> agree_on_coin();
  static void shuffle(Triples& triples, Prg& coin);
  Words mask_numbers(const Companions& companions, Word factor, std::span<std::byte> told) const;
  Words masked_bits(const Triples& triples, std::size_t part) const;
  Words zero_numbers(const Companions& companions, Word factor, std::span<const Word> opened,
                     std::span<std::byte> own) const;
  Words zero_bits(const Triples& triples, std::span<const Word> opened, std::size_t part) const;
  Task<> settle(const Companions& companions, Word factor);

  ReplicatedSeat& seat_;
  std::size_t most_pending_;
  Triples numbers_;
  std::vector<Run> runs_;
  Triples bits_;
};

}  // namespace evenkeel
