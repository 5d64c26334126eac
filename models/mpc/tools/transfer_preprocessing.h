// Authenticated shares that those that compute make among themselves, by oblivious transfer, each
// of them trusting nobody else. What each kind is made of:
//
//   keys         each draws its part                      pairwise_transfers.h       5 rounds
//   known_to     a seat that computes enters what it drew                            8
//                for a client, the first factor of triples, of which it gets all shares and checks
//                that the product is one (Damgard, Damgard, Nielsen, Nordholt and Toft,
//                "Confidential benchmarking", FC 2016)                              15
//   uniform      each enters what it drew                 authentication.h           8
//   triples      number_triples.h                                                   14
//   comparison   masks from their bits, and one bit more: dual_bits.h               26 + n - 1
//                (over Z_2^128 what is above: uniform                                8)
//                triples of bits: bit_triples.h                                     12
//                products of bits in groups: two levels of those                     2
//
// Guarantees what spdz does against all but one that deviate: privacy and right shares, or an end.
#pragma once

#include "models/mpc/tools/bit_triples.h"
#include "models/mpc/tools/dual_bits.h"

namespace evenkeel {

class TransferPreprocessing final : public Preprocessing {
 public:
  explicit TransferPreprocessing(AuthenticatedSeat& seat);

  Task<> set_up() override;
  Task<KnownMask> known_to(Seat seat, std::size_t elements) override;
  Task<Words> uniform(std::size_t elements) override;
  Task<Words> secret(std::size_t elements) override { return uniform(elements); }
  Task<Triples> triples(std::size_t products, std::size_t length) override;
  Task<ComparisonMask> comparison_masks(const ComparisonShape& shape, std::size_t count) override;
  Task<Triples> bit_triples(std::size_t words) override;
  Task<BothDomains> bits_in_both(std::size_t count) override;
  void pay(Cost& cost, const Material& material) const override;

  // The same for seats that need not run it.
  static TransferCost cost_of(const AuthenticatedSeat& seat, const Material& material);
  static void pay_transfers(Cost& cost, const AuthenticatedSeat& seat, const OpeningPlan& plan,
                            const Material& material);
  /// By each that computes to a client; and what a seat that enters nothing need not send to each.
  static std::uint64_t client_bytes(const AuthenticatedSeat& seat, const Material& material);
  static std::uint64_t spared_bytes(const AuthenticatedSeat& seat, Seat self,
                                    const Material& material);

 private:
  Session& session() const { return seat().session(); }
  Task<Words> entered(std::vector<Seat> owners, Words mine);
  Task<KnownMask> known_to_client(Seat client, std::size_t elements);
  Task<Words> masks_of(const Words& bits, std::size_t planes, std::size_t count);
  Task<Words> group_products_of(const Words& planes, std::size_t places, std::size_t lanes);

  PairwiseTransfers transfers_;
  Authentication authentication_;
  NumberTriples number_triples_;
  BitTriples bit_triples_;
  DualBits dual_bits_;
  // For the rest of a comparison.
  Triples prepared_ = {};
  std::size_t used_words_ = 0;
  BothDomains last_bit_ = {};
};

}  // namespace evenkeel
