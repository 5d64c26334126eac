#include "models/mpc/tools/robust_decoding.h"

#include <algorithm>
#include <numeric>

#include "models/mpc/disclosure.h"

namespace evenkeel {
namespace {

using Polynomial = shamir::Elements;  // no zeros at the top; empty: zero

void trim(Polynomial& a) {
  while (!a.empty() && a.back() == 0) a.pop_back();
}

Polynomial product(const Polynomial& a, const Polynomial& b) {
  if (a.empty() || b.empty()) return {};
  Polynomial c(a.size() + b.size() - 1, 0);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j)
      c[i + j] = field61::add(c[i + j], field61::multiply(a[i], b[j]));
  return c;
}

Polynomial difference(Polynomial a, const Polynomial& b) {
  a.resize(std::max(a.size(), b.size()), 0);
  for (std::size_t i = 0; i < b.size(); ++i) a[i] = field61::subtract(a[i], b[i]);
  trim(a);
  return a;
}

// The quotient; `a` becomes the remainder.
Polynomial divide(Polynomial& a, const Polynomial& b) {
  if (a.size() < b.size()) return {};
  Polynomial quotient(a.size() - b.size() + 1, 0);
  const Word inverse = field61::inverse(b.back());
  for (std::size_t shift = quotient.size(); shift-- > 0;) {
    const Word factor = field61::multiply(a[shift + b.size() - 1], inverse);
    quotient[shift] = factor;
    for (std::size_t i = 0; i < b.size(); ++i)
      a[shift + i] = field61::subtract(a[shift + i], field61::multiply(factor, b[i]));
  }
  trim(a);
  return quotient;
}

Word value_at(const Polynomial& a, Word x) {
  Word value = 0;
  for (std::size_t i = a.size(); i-- > 0;) value = field61::add(field61::multiply(value, x), a[i]);
  return value;
}

// Through all the points, by Newton's divided differences.
Polynomial through(std::span<const Word> points, std::span<const Word> values) {
  Polynomial divided(values.begin(), values.end());
  for (std::size_t level = 1; level < points.size(); ++level)
    for (std::size_t i = points.size() - 1; i >= level; --i)
      divided[i] =
          field61::multiply(field61::subtract(divided[i], divided[i - 1]),
                            field61::inverse(field61::subtract(points[i], points[i - level])));
  Polynomial sum;
  for (std::size_t i = points.size(); i-- > 0;) {  // sum (x - points[i]) + divided[i]
    const Polynomial factor{field61::negate(points[i]), 1};
    sum = product(sum, factor);
    if (sum.empty()) sum.push_back(0);
    sum[0] = field61::add(sum[0], divided[i]);
    trim(sum);
  }
  return sum;
}

// Whether element k of all vectors is on one polynomial; `checks` gives, for each point after the
// first degree + 1, its value from theirs.
struct Consistency {
  Consistency(std::span<const Word> points, std::size_t degree) : first(degree + 1) {
    for (const Word point : points.subspan(first))
      checks.push_back(shamir::lagrange(points.first(first), point));
  }
  bool holds(std::span<const Word> column) const {
    for (std::size_t i = 0; i < checks.size(); ++i)
      if (disclosed(from_first(checks[i], column) != column[first + i])) return false;
    return true;
  }
  static Word from_first(const shamir::Elements& coefficients, std::span<const Word> column) {
    field61::Wide sum = 0;
    for (std::size_t i = 0; i < coefficients.size(); ++i)
      sum += field61::Wide{coefficients[i]} * column[i];
    return field61::reduce(sum);
  }

  std::size_t first;
  std::vector<shamir::Elements> checks = {};
};

constexpr std::size_t most_points = 63;  // products added without a reduction

}  // namespace

std::optional<DecodedPolynomial> decode_polynomial(std::span<const Word> points,
                                                   std::span<const Word> values,
                                                   std::size_t degree) {
  const std::size_t n = points.size();
  if (n <= degree) return std::nullopt;
  // The extended Euclidean algorithm on prod (x - x_i) and the interpolation, until the remainder
  // has a degree below (n + degree + 1) / 2; f = remainder / cofactor.
  Polynomial above{1};
  for (const Word point : points) {
    const Polynomial factor{field61::negate(point), 1};
    above = product(above, factor);
  }
  Polynomial remainder = through(points, values);
  Polynomial cofactor_above;
  Polynomial cofactor{1};
  while (!remainder.empty() && 2 * (remainder.size() - 1) >= n + degree + 1) {
    const Polynomial quotient = divide(above, remainder);
    std::swap(above, remainder);
    Polynomial next = difference(std::move(cofactor_above), product(quotient, cofactor));
    cofactor_above = std::exchange(cofactor, std::move(next));
  }
  DecodedPolynomial decoded{.coefficients = divide(remainder, cofactor)};
  if (!remainder.empty() || decoded.coefficients.size() > degree + 1) return std::nullopt;
  decoded.coefficients.resize(degree + 1, 0);
  for (std::size_t i = 0; i < n; ++i)
    if (value_at(decoded.coefficients, points[i]) != values[i]) decoded.wrong.push_back(i);
  if (2 * decoded.wrong.size() > n - 1 - degree) return std::nullopt;
  return decoded;
}

std::optional<DecodedShares> decode_shares(std::span<const Word> points,
                                           std::span<const Words> vectors, std::size_t degree,
                                           std::span<const Word> targets) {
  EVENKEEL_CHECK(points.size() <= most_points, "more points than are added at once");
  const std::size_t count = vectors.empty() ? 0 : vectors[0].size();
  DecodedShares decoded{.values = std::vector<Words>(targets.size(), Words(count, 0))};
  std::vector<std::size_t> trusted(points.size());
  std::iota(trusted.begin(), trusted.end(), 0);
  for (std::size_t k = 0;;) {  // once round for each set of points that are still trusted
    shamir::Elements left;
    for (const std::size_t i : trusted) left.push_back(points[i]);
    if (left.size() <= degree) return std::nullopt;
    const Consistency consistency{left, degree};
    std::vector<shamir::Elements> at_targets;
    for (const Word target : targets)
      at_targets.push_back(shamir::lagrange(std::span{left}.first(degree + 1), target));
    shamir::Elements column(left.size());
    for (; k < count; ++k) {
      for (std::size_t i = 0; i < column.size(); ++i) column[i] = vectors[trusted[i]][k];
      if (!consistency.holds(column)) break;
      for (std::size_t i = 0; i < targets.size(); ++i)
        decoded.values[i][k] = Consistency::from_first(at_targets[i], column);
    }
    if (k == count) break;
    const auto one = decode_polynomial(left, column, degree);
    if (!one) return std::nullopt;
    for (const std::size_t i : one->wrong) decoded.wrong.push_back(trusted[i]);
    std::erase_if(trusted, [&](std::size_t i) {
      return std::ranges::find(decoded.wrong, i) != decoded.wrong.end();
    });
  }
  std::ranges::sort(decoded.wrong);
  return decoded;
}

std::vector<std::size_t> inconsistent_places(std::span<const Word> points,
                                             std::span<const Words> vectors, std::size_t degree) {
  const Consistency consistency{points, degree};
  std::vector<std::size_t> places;
  shamir::Elements column(points.size());
  for (std::size_t k = 0; k < vectors[0].size(); ++k) {
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = vectors[i][k];
    if (!consistency.holds(column)) places.push_back(k);
  }
  return places;
}

}  // namespace evenkeel
