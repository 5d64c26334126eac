#include "models/storage/secrets/secret_opening.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr int most_tries = 20'000;

std::vector<ThresholdShare> chosen(std::span<const ThresholdShare> shares,
                                   const std::vector<int>& is_taken) {
  std::vector<ThresholdShare> some;
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (is_taken[i] != 0) some.push_back(shares[i]);
  return some;
}

// Those that do not lie on the polynomials of the right ones.
std::vector<std::uint32_t> unlike(std::span<const ThresholdShare> shares,
                                  const std::vector<ThresholdShare>& right) {
  shamir::Elements points;
  std::vector<Words> values;
  for (const ThresholdShare& share : right) {
    points.push_back(shamir::point_of(share.place));
    values.push_back(share.values);
  }
  std::vector<std::uint32_t> wrong;
  for (const ThresholdShare& share : shares)
    if (shamir::interpolated(points, values, shamir::point_of(share.place)) != share.values)
      wrong.push_back(share.place);
  std::ranges::sort(wrong);
  return wrong;
}

}  // namespace

Result<OpenedSecret> open_secret(std::span<const ThresholdShare> shares, std::uint32_t threshold) {
  const std::size_t needed = std::size_t{threshold} + 1;
  if (shares.size() < needed) return Error{ErrorCode::invalid, "too few shares"};
  std::vector<int> is_taken(shares.size(), 0);
  std::fill_n(is_taken.begin(), needed, 1);
  std::optional<Error> error;
  for (int tries = 0; tries < most_tries; ++tries) {
    const std::vector<ThresholdShare> some = chosen(shares, is_taken);
    Result<SecretBytes> secret = recover_secret(some, threshold);
    if (secret) return OpenedSecret{std::move(*secret), unlike(shares, some)};
    error = secret.error();
    if (!std::ranges::prev_permutation(is_taken).found) break;  // the next choice of so many
  }
  return *error;
}

}  // namespace evenkeel
