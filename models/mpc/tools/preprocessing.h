// Where authenticated shares come from, keys included: of what depends on no input, before or when
// it is needed. Every seat that takes part, a dealer too, calls the same in the same order; all of
// it is offline.
#pragma once

#include "models/mpc/cost.h"
#include "models/mpc/tools/authenticated_seat.h"

namespace evenkeel {

/// Shares of uniform elements that one seat knows.
struct KnownMask {
  Words shares;  // nothing at a seat that does not compute
  Words known;   // elsewhere anything
};

/// Bits, once as planes of GF(2) and once as numbers.
struct BothDomains {
  Words planes;
  Words numbers;
};

/// What masks a number that is compared.
struct ComparisonShape {
  std::size_t planes;   // bits of a mask that are shared
  std::size_t places;   // and compared
  std::size_t numbers;  // that are compared with one mask
};

struct ComparisonMask {
  Words numbers;   // the masks,
  Words planes;    // their lowest bits,
  Words products;  // and products of those in groups (grouped_bits.h)
};

/// A kind of what is made, for its cost.
struct Material {
  enum class Kind { keys, known_to, uniform, secret, triples, comparison };
  Kind kind = Kind::keys;
  std::size_t count = 1;       // elements, products or comparisons
  std::size_t sums = 1;        // triples: of products
  ComparisonShape shape = {};  // comparison
  Seat who = 0;                // known_to
};

class Preprocessing {
 public:
  explicit Preprocessing(AuthenticatedSeat& seat) : seat_(seat) {}
  virtual ~Preprocessing() = default;

  /// Keys, first of all.
  virtual Task<> set_up() = 0;
  /// That seat is a client, or computes. Clients call it too, if they are to know.
  virtual Task<KnownMask> known_to(Seat seat, std::size_t elements) = 0;
  /// Uniform elements; a dealer may know them.
  virtual Task<Words> uniform(std::size_t elements) = 0;
  /// Uniform elements that nobody knows; a dealer gets something else.
  virtual Task<Words> secret(std::size_t elements) = 0;
  virtual Task<Triples> triples(std::size_t products, std::size_t length) = 0;
  /// For a whole comparison: then come `bit_triples` for its tree and one `bits_in_both`.
  virtual Task<ComparisonMask> comparison_masks(const ComparisonShape& shape,
                                                std::size_t count) = 0;
  virtual Task<Triples> bit_triples(std::size_t words) = 0;
  virtual Task<BothDomains> bits_in_both(std::size_t count) = 0;

  /// Adds what of it is offline. A comparison's: all three of the above.
  virtual void pay(Cost& cost, const Material& material) const = 0;

 protected:
  AuthenticatedSeat& seat() const { return seat_; }

 private:
  AuthenticatedSeat& seat_;
};

}  // namespace evenkeel
