#include "models/mpc/tools/threshold_sharing.h"

#include <algorithm>
#include <cstring>

#include "models/mpc/tools/robust_decoding.h"

namespace evenkeel {
namespace {

constexpr std::size_t element_bytes = 7;
constexpr std::size_t digest_bytes = 16;

SecretBytes with_digest(std::span<const std::byte> secret) {
  SecretBytes bytes(secret.begin(), secret.end());
  const Digest digest = sha256(secret);
  bytes.insert(bytes.end(), digest.begin(), digest.begin() + digest_bytes);
  return bytes;
}

Error invalid(std::string why) { return {ErrorCode::invalid, std::move(why)}; }

std::optional<Error> why_not(std::span<const ThresholdShare> shares, std::uint32_t t) {
  if (shares.size() <= t) return invalid("too few shares");
  std::vector<std::uint32_t> places;
  for (const ThresholdShare& share : shares) {
    if (share.period != shares[0].period) return invalid("shares of several periods");
    if (share.bytes != shares[0].bytes || share.values.size() != share_elements(share.bytes) ||
        !shamir::are_elements(share.values))
      return invalid("shares of several secrets");
    places.push_back(share.place);
  }
  std::ranges::sort(places);
  if (std::ranges::adjacent_find(places) != places.end()) return invalid("a share twice");
  return std::nullopt;
}

// Factors for all polynomials, in all mixtures, from all digests.
Prg factors_from(std::span<const Digest> digests) {
  const Digest digest = sha256(std::as_bytes(digests));
  PrgKey key;
  std::memcpy(key.data(), digest.data(), key.size());
  return Prg{key};
}

// sum of factors[k] values[k], and the hiding polynomial's.
Word mixed(std::span<const Word> factors, std::span<const Word> values, Word hiding) {
  Word sum = hiding;
  for (std::size_t k = 0; k < factors.size(); ++k)
    sum = field61::add(sum, field61::multiply(factors[k], values[k]));
  return sum;
}

}  // namespace

std::size_t share_elements(std::uint64_t bytes) {
  return (bytes + digest_bytes + element_bytes - 1) / element_bytes;
}

Digest part_digest(const Refreshment::Part& part, std::uint32_t place) {
  SecretBytes bytes(part.salt.begin(), part.salt.end());
  const Word number = place;
  for (const std::span<const Word> words : {std::span{&number, 1}, std::span{part.values}}) {
    const std::span<const std::byte> raw = std::as_bytes(words);
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  }
  return sha256(bytes);
}

std::vector<ThresholdShare> share_secret(std::span<const std::byte> secret, std::uint32_t n,
                                         std::uint32_t t, Prg& prg) {
  EVENKEEL_CHECK(t < n, "a threshold that cannot be reached");
  const SecretBytes bytes = with_digest(secret);
  Words elements(share_elements(secret.size()), 0);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    elements[i / element_bytes] |= std::to_integer<Word>(bytes[i]) << 8 * (i % element_bytes);
  std::vector<Words> values = shamir::shares_of(elements, shamir::first_points(n), t, prg);
  std::vector<ThresholdShare> shares;
  for (std::uint32_t place = 0; place < n; ++place)
    shares.push_back({.place = place, .bytes = secret.size(), .values = std::move(values[place])});
  return shares;
}

Result<SecretBytes> recover_secret(std::span<const ThresholdShare> shares, std::uint32_t t) {
  if (std::optional<Error> error = why_not(shares, t)) return std::move(*error);
  shamir::Elements points;
  std::vector<Words> values;
  for (const ThresholdShare& share : shares) {
    points.push_back(shamir::point_of(share.place));
    values.push_back(share.values);
  }
  const shamir::Elements zero(1, 0);
  const std::optional<DecodedShares> decoded = decode_shares(points, values, t, zero);
  if (!decoded) return invalid("too many shares are wrong");
  SecretBytes bytes(shares[0].bytes + digest_bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(
        decoded->values[0][i / element_bytes] >> 8 * (i % element_bytes) & 0xff);
  const auto size = static_cast<std::ptrdiff_t>(shares[0].bytes);
  SecretBytes secret(bytes.begin(), bytes.begin() + size);
  if (with_digest(secret) != bytes) return invalid("too many shares are wrong");
  return secret;
}

Refreshment deal_refreshment(std::size_t values, std::uint32_t n, std::uint32_t t, Prg& prg,
                             Word zero_at) {
  const std::size_t all = values + Refreshment::proofs;
  std::vector<Words> coefficients;  // of x^1 .. x^t, x the way from zero_at, of all polynomials
  for (std::uint32_t i = 0; i < t; ++i) coefficients.push_back(shamir::random_elements(prg, all));
  Refreshment dealt;
  for (std::uint32_t place = 0; place < n; ++place) {
    const Word point = field61::subtract(shamir::point_of(place), zero_at);
    shamir::Elements powers(t, point);
    for (std::size_t i = 1; i < powers.size(); ++i)
      powers[i] = field61::multiply(powers[i - 1], point);
    Words own(all, 0);
    shamir::combine(powers, coefficients, own);
    dealt.parts.push_back({.salt = prg.key(), .values = std::move(own)});
    dealt.digests.push_back(part_digest(dealt.parts.back(), place));
  }
  Prg factors = factors_from(dealt.digests);
  for (std::size_t proof = 0; proof < Refreshment::proofs; ++proof) {
    const Words drawn = shamir::random_elements(factors, values);
    for (const Words& of_power : coefficients)
      dealt.mixtures[proof].push_back(mixed(drawn, of_power, of_power[values + proof]));
  }
  return dealt;
}

bool is_right(const Refreshment& refreshment, const Refreshment::Part& part, std::uint32_t place,
              std::size_t values, std::uint32_t n, std::uint32_t t, Word zero_at) {
  if (refreshment.digests.size() != n || place >= n) return false;
  if (part.values.size() != values + Refreshment::proofs || !shamir::are_elements(part.values))
    return false;
  if (part_digest(part, place) != refreshment.digests[place]) return false;
  Prg factors = factors_from(refreshment.digests);
  const Word point = field61::subtract(shamir::point_of(place), zero_at);
  for (std::size_t proof = 0; proof < Refreshment::proofs; ++proof) {
    const shamir::Elements& mixture = refreshment.mixtures[proof];
    if (mixture.size() != t || !shamir::are_elements(mixture)) return false;
    Word shown = 0;  // there is no x^0
    for (std::size_t i = t; i-- > 0;)
      shown = field61::multiply(field61::add(shown, mixture[i]), point);
    const Words drawn = shamir::random_elements(factors, values);
    if (mixed(drawn, part.values, part.values[values + proof]) != shown) return false;
  }
  return true;
}

ThresholdShare refreshed(ThresholdShare share, std::span<const Refreshment::Part> parts) {
  for (const Refreshment::Part& part : parts)
    for (std::size_t k = 0; k < share.values.size(); ++k)
      share.values[k] = field61::add(share.values[k], part.values[k]);
  ++share.period;
  return share;
}

}  // namespace evenkeel
