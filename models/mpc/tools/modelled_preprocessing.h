// Authenticated shares from a dealer (dealt_preprocessing.h), at the cost of making them by
// transfers (transfer_preprocessing.h) where that would take too long to run: seats send each other
// as many bytes that say nothing, in as many rounds, openings being direct, and are charged for as
// much local computation. What the dealer sends comes on top; it waits for nothing.
//
// Guarantees what a dealer does. In virtual time only: real time would lack the computation.
#pragma once

#include "models/mpc/tools/dealt_preprocessing.h"
#include "models/mpc/tools/transfer_cost.h"

namespace evenkeel {

class ModelledPreprocessing final : public Preprocessing {
 public:
  explicit ModelledPreprocessing(AuthenticatedSeat& seat) : Preprocessing(seat), dealt_(seat) {}

  DealtPreprocessing& dealt() { return dealt_; }

  Task<> set_up() override;
  Task<KnownMask> known_to(Seat seat, std::size_t elements) override;
  Task<Words> uniform(std::size_t elements) override;
  Task<Words> secret(std::size_t elements) override;
  Task<Triples> triples(std::size_t products, std::size_t length) override;
  Task<ComparisonMask> comparison_masks(const ComparisonShape& shape, std::size_t count) override;
  Task<Triples> bit_triples(std::size_t words) override;
  Task<BothDomains> bits_in_both(std::size_t count) override;
  void pay(Cost& cost, const Material& material) const override;

 private:
  /// What transfers would cost this seat.
  Task<> spend(Material material);

  DealtPreprocessing dealt_;
};

}  // namespace evenkeel
