// Authenticated shares with an offline phase: see spdz.cpp, and spdz2k.cpp for the same over
// Z_2^128.
#pragma once

#include "models/mpc/protocol.h"
#include "models/mpc/tools/carry.h"
#include "models/mpc/tools/preprocessing.h"

namespace evenkeel {

class DealtPreprocessing;

/// Who makes what depends on no input.
enum class Offline { dealer, transfers, modelled };
inline constexpr std::array<std::string_view, 3> offline_sources{"dealer", "transfers", "modelled"};

class Spdz : public Protocol, private BitSharing {
 public:
  struct Settings {
    Offline offline = Offline::dealer;
    Openings openings = Openings::direct;
    void describe(Fields& fields);
  };

  Spdz(Session& session, const Domain& domain, const Settings& settings);
  ~Spdz() override;

  Cost cost(const SecureOperation& operation) const override;
  Cost cost_of_inputs(std::span<const Seat> owners, std::size_t count) const override;
  Task<> set_up() override;
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;
  Secrets constants(std::span<const std::int64_t> values) const override;

 protected:
  AuthenticatedSeat& seat() { return seat_; }
  Preprocessing& preprocessing() { return *preprocessing_; }

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

  virtual ComparisonShape comparison_of(int bits) const;
  /// Shares of a plane: is the difference below 0?
  virtual Task<Words> sign(Words difference, std::size_t count, int bits);
  /// The same result, such that its shares give nothing else away.
  virtual Task<Words> blinded(Words shares, std::size_t count);
  virtual std::size_t elements_to_blind() const { return 0; }

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;
  Authenticated& numbers() { return seat_.numbers(); }
  const Authenticated& numbers() const { return seat_.numbers(); }
  std::size_t bit_components() const override { return seat_.bits().components(); }
  Task<Words> multiply_bits(const Words& a, const Words& b) override;
  bool has_dealer() const { return seat_.computing() < session().parties(); }
  bool is_dealer(Seat seat) const { return has_dealer() && seat == seat_.computing(); }

  // What an owner enters: a mask is made, of which it alone tells by how much it misses.
  struct Entering {
    Seat owner;
    Words shares;
    Words known;
  };
  Task<Entering> masked_for(Seat owner, Words elements);
  Task<> take_in(Entering& entering);
  Task<Words> arithmetic(const Words& bits, std::size_t count);
  /// Results, proven before and after.
  Task<Words> opened(const Words& shares);
  /// To a seat that does not compute, what the others know: it believes that if all say the same.
  Task<Words> told(Seat receiver, Words known);

  /// Adds openings of so many bytes, one after another, of what is opened among those that compute.
  void pay_openings(Cost& cost, std::uint64_t bytes, std::uint32_t times) const;
  void pay_opened(Cost& cost, std::uint64_t bytes) const;
  void pay_result(Cost& cost, std::uint64_t bytes) const;
  void pay_input(Cost& cost, const SecureOperation& operation) const;
  void pay_comparison(Cost& cost, const SecureOperation& operation) const;

  AuthenticatedSeat seat_;
  bool is_modelled_;
  DealtPreprocessing* dealt_ = nullptr;  // of it, if there is a dealer
  std::unique_ptr<Preprocessing> preprocessing_;
};

/// An entry for a protocol whose promises depend on its settings; `make` has them.
Entry spdz_entry(std::string name, const std::string& summary, int value_bits,
                 std::unique_ptr<Protocol> (*make)(Session&, const Spdz::Settings&));

}  // namespace evenkeel
