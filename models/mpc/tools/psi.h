// What the sets of two parties have in common, and beyond their sizes nothing else about them.
//
// Meadows 1986; Huberman, Franklin and Hogg, "Enhancing privacy and trust in electronic
// communities", EC 1999. Each party hashes its elements to points of ristretto255 and multiplies
// them by a secret scalar; what both have multiplied is equal where the elements are: ab H(x). The
// sum is Ion et al., "On deploying secure computing: private intersection-sum-with-cardinality"
// (eprint 2019/723), figure 2, with ElGamal in the exponent (elgamal.h) in place of Paillier: it
// finds sums below 2^32. Set sizes are n at seat 0 and m at seat 1.
//
//   intersection   1  each -> other   its size, its points, shuffled                 8 + 32 B each
//                  2  each -> other   the other's points multiplied again             32 B each
//   cardinality    the same, but that the second lists are shuffled too
//   sum            1  0 -> 1          its size, its points, shuffled                  8 + 32 n B
//                     1 -> 0          its size, its public key, its points, each with
//                                     its value encrypted, shuffled              8 + 32 + 96 m B
//                  2  1 -> 0          the first's points multiplied again, shuffled   32 n B
//                  3  0 -> 1          how many are in both; the sum of their
//                                     ciphertexts, made fresh                         8 + 64 B
//
// An element costs 48 us to hash and multiply where it is, 37 us where it is multiplied again.
//
// Promises privacy against one semi-honest party of two. One that deviates can lie about its set,
// but no more.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/mpc/session.h"
#include "models/mpc/tools/elgamal.h"

namespace evenkeel {

/// Between seats 0 and 1 of a session, both of which call the same. The same element twice counts
/// once. Its methods abort the session if what comes is no point, or the same point twice.
class PrivateSetIntersection {
 public:
  /// Of one set.
  static constexpr std::uint64_t most_elements = std::uint64_t{1} << 22;
  /// What all values of a sum add up to is below.
  static constexpr Word sums_below = Word{1} << 32;

  enum class Kind { intersection, cardinality, sum };

  explicit PrivateSetIntersection(Session& session);

  /// Both get the places, in their own list, of what is in both.
  Task<std::vector<std::size_t>> intersection(std::span<const std::string> own);
  /// Both get how many elements are in both.
  Task<std::size_t> cardinality(std::span<const std::string> own);
  struct Sum {
    std::size_t cardinality = 0;
    Word sum = 0;  // at seat 1; 0 at seat 0
  };
  /// Seat 1 has a value for each element (those of the same element are added up) and gets their
  /// sum over what is in both; seat 0 gets the cardinality. ErrorCode::invalid if all values
  /// together reach `sums_below`.
  Task<Sum> sum(std::span<const std::string> own, std::span<const Word> values);

  /// By formula: of a seat, for the sizes of the sets without repetitions.
  static std::uint64_t sent_bytes(Kind kind, Seat seat, std::size_t n, std::size_t m) {
    if (kind != Kind::sum) return 8 + 32 * (n + m);
    return seat == 0 ? 8 + 32 * n + 8 + 64 : 8 + 32 + 96 * m + 32 * n;
  }
  static std::uint32_t rounds(Kind kind) { return kind == Kind::sum ? 3 : 2; }

 private:
  using Points = std::vector<RistrettoPoint>;
  struct Exchanged {
    Points own_again = {};    // own points that the other multiplied too, in the order sent
    Points other_again = {};  // the other's
  };

  Seat other() const { return 1 - session_.self(); }
  Points raised(std::span<const std::string* const> elements);
  void tell_set(std::span<const std::string* const> elements);
  Task<Exchanged> exchange(std::span<const std::string* const> elements, bool shuffles);
  Task<std::size_t> receive_size();
  Task<Points> receive_points(std::size_t count);
  /// Multiplied by the secret.
  Task<Points> raised_again(const Points& points);
  Task<Sum> sum_as_asker(std::span<const std::string* const> elements);
  Task<Sum> sum_as_owner(std::span<const std::string* const> elements, const Words& values);
  void send(std::span<const RistrettoPoint> points) {
    session_.send_bytes(other(), std::as_bytes(points));
  }
  template <class T>
  void shuffle(std::vector<T>& list);
  Session::Forever refuse(ErrorCode code, std::string_view what);

  Session& session_;
  Prg random_;
  RistrettoScalar secret_;
};

}  // namespace evenkeel
