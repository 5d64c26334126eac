// A secret at rest on n nodes: any t+1 give it back, t know nothing; and it is refreshed, so that
// whoever sees t nodes in one period and t others in the next still knows nothing (Herzberg,
// Jarecki, Krawczyk and Yung, "Proactive secret sharing", CRYPTO 1995).
//
// To refresh, nodes deal shares of zero, and each adds to its share what it is dealt; the shares
// before and after do not fit together, and the old ones are to be wiped. One honest dealer is
// enough for the new shares to be new, one false dealing would destroy the secret: so each comes
// with a proof that its shares are of zero and of degree t. The dealer commits to every node's part
// by its digest, draws factors from all digests, and shows the mixture of its polynomials with
// these factors, hidden by one that serves nothing else; each node compares its part with it. Two
// such mixtures leave a false dealing 2^-122. (Herzberg et al. prove it with discrete logarithms,
// which need another field.)
#pragma once

#include "models/crypto/crypto.h"
#include "models/mpc/tools/shamir.h"
#include "models/runtime/result.h"

namespace evenkeel {

struct ThresholdShare {
  std::uint32_t place = 0;   // of n, from 0
  std::uint64_t period = 0;  // refreshed so many times
  std::uint64_t bytes = 0;   // of the secret
  Words values = {};
};

/// Beside the secret a digest of it is shared, so that a wrong result shows.
std::vector<ThresholdShare> share_secret(std::span<const std::byte> secret, std::uint32_t n,
                                         std::uint32_t t, Prg& prg);

/// Of m shares up to (m-1-t)/2 may be wrong. ErrorCode::invalid if they are too few, of several
/// periods or secrets, or if more are wrong.
Result<SecretBytes> recover_secret(std::span<const ThresholdShare> shares, std::uint32_t t);

/// What one node deals to refresh; `parts[i]` is for place i alone, the rest for all.
struct Refreshment {
  static constexpr std::size_t proofs = 2;

  struct Part {
    PrgKey salt = {};
    Words values = {};  // to be added; then one value of each hiding polynomial
  };
  std::vector<Digest> digests = {};
  std::array<shamir::Elements, proofs> mixtures = {};  // from x^1 to x^t
  std::vector<Part> parts = {};
};

/// How many elements the shares of a secret of so many bytes have.
std::size_t share_elements(std::uint64_t bytes);

/// For shares of `values` elements. The polynomials are 0 at `zero_at`: at another point than 0
/// they hide what the nodes have from the one that stands there, all but its own share, which it
/// so gets back if it lost it (Herzberg et al., section 4).
Refreshment deal_refreshment(std::size_t values, std::uint32_t n, std::uint32_t t, Prg& prg,
                             Word zero_at = 0);

/// What the dealer commits to a part by.
Digest part_digest(const Refreshment::Part& part, std::uint32_t place);

/// Whether this part, and with it every part that fits, is of polynomials of degree t that are 0 at
/// `zero_at`. One that
/// does not fit can be shown to all: the digest says that it is the dealer's.
bool is_right(const Refreshment& refreshment, const Refreshment::Part& part, std::uint32_t place,
              std::size_t values, std::uint32_t n, std::uint32_t t, Word zero_at = 0);

/// The share of the next period; the parts are right. All nodes take those of the same dealers,
/// more than t.
ThresholdShare refreshed(ThresholdShare share, std::span<const Refreshment::Part> parts);

}  // namespace evenkeel
