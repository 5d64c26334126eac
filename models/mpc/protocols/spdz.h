// Authenticated shares from a dealer: see spdz.cpp, and spdz2k.cpp for the same over Z_2^128.
#pragma once

#include "models/mpc/protocol.h"
#include "models/mpc/tools/authenticated.h"
#include "models/mpc/tools/carry.h"

namespace evenkeel {

class Spdz : public Protocol, private BitSharing {
 public:
  /// Of bits: a cheat among them goes unnoticed with probability 2^-bit_keys.
  static constexpr std::size_t bit_keys = 40;

  Spdz(Session& session, const Domain& domain);

  Cost cost(const SecureOperation& operation) const override;
  Task<> set_up() override;
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;
  Secrets constants(std::span<const std::int64_t> values) const override;

 protected:
  Authenticated& numbers() { return numbers_; }
  Authenticated& bits() { return bits_; }
  DealtSeat& seat() { return seat_; }
  const DealtSeat& seat() const { return seat_; }

  /// A number in the open, hidden by a mask whose bits are shared.
  struct Masked {
    Words opened;
    Words mask;      // shares of its planes
    Words products;  // and of those in groups of them (tools/grouped_bits.h)
  };
  Task<Masked> mask(Words shares, std::size_t count, int bits);
  /// Of each number, given by its planes: is it below the mask? Shares of one plane a number.
  Task<Words> below_mask(const std::vector<Words>& numbers, const Masked& masked, int bits);

  // Where the domains differ.

  struct Comparison {
    std::size_t planes;   // bits of a mask that are shared
    std::size_t places;   // and compared
    std::size_t numbers;  // that are compared with one mask
  };
  virtual Comparison comparison_of(int bits) const;
  /// At the dealer: uniform elements.
  virtual Words masks(std::size_t count, int bits);
  /// Shares of a plane: is the difference below 0?
  virtual Task<Words> sign(Words difference, std::size_t count, int bits);
  /// The same result, such that its shares give nothing else away.
  virtual Task<Words> blinded(Words shares, std::size_t count);
  virtual std::size_t elements_to_blind() const { return 0; }

  Prg& own_stream();

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override {
    return numbers_.multiply(a.words, b.words, length);
  }
  std::size_t bit_components() const override { return bits_.components(); }
  Task<Words> multiply_bits(const Words& a, const Words& b) override;
  // What an owner enters: a mask is dealt, of which it alone tells by how much it misses.
  struct Entering {
    Seat owner;
    Words shares;
    Words known;
  };
  Task<Entering> announce(Seat owner, Words elements);
  Task<Words> take_in(Entering entering);
  /// Shares of the elements of each owner; `elements` are this seat's own.
  Task<std::vector<Words>> enter(std::span<const Seat> owners, Words elements);
  /// Ends the session if what was opened does not fit what authenticates it.
  Task<> prove();
  Task<Words> arithmetic(const Words& bits, std::size_t count);
  /// To a seat that does not compute, what the others know: it believes that if all say the same.
  Task<Words> told(Seat receiver, Words known);
  Cost cost_of_comparison(const SecureOperation& operation) const;

  DealtSeat seat_;
  Authenticated numbers_;
  Authenticated bits_;
  std::optional<Prg> own_;
};

/// What each that computes would have to send to make the same without a dealer, by oblivious
/// transfer among `computing` (MASCOT, 2016, over a prime of 61 bits; SPDZ2k, 2018): as measured
/// with MP-SPDZ among two and three, it grows with the number of the others. For products, and for
/// comparisons of 64 bits with edaBits. A model: nothing here sends it.
double modelled_offline_bytes(std::string_view protocol, const SecureOperation& operation,
                              std::uint32_t computing);

}  // namespace evenkeel
