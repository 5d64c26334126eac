// Additive shares of Z_2^64 with a dealer: see additive.cpp, additive_comparison.cpp for how it
// compares, and additive_fss.cpp for what compares in another way.
#pragma once

#include "models/mpc/protocol.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/carry.h"
#include "models/mpc/tools/dealt.h"

namespace evenkeel {

class Additive : public Protocol, private BitSharing {
 public:
  Additive(Session& session, const OpeningSettings& settings)
      : Protocol(session, ring64(), 1), seat_(session, settings.openings) {}

  Cost cost(const SecureOperation& operation) const override;
  Task<> set_up() override {
    if (session().is_party()) co_await seat_.agree_on_keys();
  }
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;
  Secrets constants(std::span<const std::int64_t> values) const override;

 protected:
  DealtSeat& seat() { return seat_; }
  const DealtSeat& seat() const { return seat_; }
  /// Adds what each that computes sends for an opening of so many bytes.
  void pay_opening(Cost& cost, std::uint64_t bytes, std::uint32_t times = 1) const;

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override {
    return seat_.multiply(domain(), a.words, b.words, length);
  }
  std::size_t bit_components() const override { return 1; }
  Task<Words> multiply_bits(const Words& a, const Words& b) override {
    return seat_.multiply(bit_domain(), a, b);
  }
  void enter_as_client(const Words& mine);
  Task<Words> entered_by(Seat owner, Words elements);
  Task<Secrets> arithmetic(Words bits, std::size_t count);
  Cost cost_of_comparison(std::size_t count, int bits) const;

  DealtSeat seat_;
  std::optional<Prg> own_;
};

}  // namespace evenkeel
