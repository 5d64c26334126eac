// Authenticated shares from a dealer (dealt.h), which knows all of them and takes no part online.
// It sends seat 0 what does not come from streams:
//
//   keys         16 B to each                                       1 round
//   known_to     2 elements; to a client one more
//   uniform      1 element; two by two for products, and 2 elements a sum
//   comparison   2 elements and 41 bits a plane and product of planes for a mask; 121 bits an AND;
//                41 bits and 2 elements for a bit in both domains
//   secret       2 elements for each that computes, which tells the others one: 1 round
//
// Right and hidden if the dealer neither deviates nor colludes.
#pragma once

#include "models/mpc/tools/dealt.h"
#include "models/mpc/tools/preprocessing.h"

namespace evenkeel {

class DealtPreprocessing final : public Preprocessing {
 public:
  explicit DealtPreprocessing(AuthenticatedSeat& seat)
      : Preprocessing(seat), dealt_(seat.session(), seat.plan().way) {}

  Task<> set_up() override;
  Task<KnownMask> known_to(Seat seat, std::size_t elements) override;
  Task<Words> uniform(std::size_t elements) override;
  Task<Words> secret(std::size_t elements) override;
  Task<Triples> triples(std::size_t products, std::size_t length) override;
  Task<ComparisonMask> comparison_masks(const ComparisonShape& shape, std::size_t count) override;
  Task<Triples> bit_triples(std::size_t words) override;
  Task<BothDomains> bits_in_both(std::size_t count) override;
  void pay(Cost& cost, const Material& material) const override;

  /// What the dealer enters itself: online.
  Task<Words> share_out(Words values);

 private:
  Session& session() const { return seat().session(); }
  /// Appends shares of the products of the values, which the dealer knows.
  Task<Words> with_products(const Authenticated& domain, Words shares, const Words& values,
                            Phase phase);
  Task<Words> deal(const Authenticated& domain, Words values);
  Task<Words> uniform_in(const Authenticated& domain, std::size_t elements);
  Task<Triples> triples_in(const Authenticated& domain, std::size_t products, std::size_t length);

  DealtSeat dealt_;
};

}  // namespace evenkeel
