// The line, or plane, that fits all rows of all owners best: least squares, with a ridge penalty if
// wanted. An owner's row is its features and, last, what they explain.
//
// A sum: each owner enters X'X and X'y of its own rows, and their column sums if there is an
// intercept, in whole numbers, so that nothing is lost before the equations are solved, in the
// clear. Revealed are these sums over all owners, from which the answer follows, and not y'y.
#include <cmath>
#include <limits>
#include <numeric>

#include "models/mpc/functions/linear_system.h"
#include "models/mpc/functions/rows.h"

namespace evenkeel {
namespace {

__extension__ using Wide = __int128;

class LinearRegression final : public Function {
 public:
  struct Settings {
    std::int64_t features = 1;
    bool intercept = true;
    double ridge = 0;
    void describe(Fields& fields) {
      fields.integer("features", features, {"numbers in a row, before what they explain", 1, 1000});
      fields.boolean("intercept", intercept,
                     {"the line need not go through the origin; where it meets the axis is the "
                      "last number of the answer"});
      fields.number("ridge", ridge, Unit::none,
                    {"penalty on the sum of squared coefficients, without the intercept: keeps "
                     "them small, and makes features that explain one another no problem",
                     0});
    }
  };
  explicit LinearRegression(const Settings& settings)
      : features_(static_cast<std::size_t>(settings.features)), settings_(settings) {}

  std::optional<std::string> objection(const Problem& problem) const override {
    return uneven_rows(problem, columns(), "the features and what they explain");
  }
  Needs needs(const Problem& problem) const override {
    const std::size_t sums =
        features_ * (features_ + 3) / 2 + (settings_.intercept ? columns() : 0);
    return {.entered = sums,
            .opened = sums,
            .value_bits = 2 * (problem.bits + problem.fraction) +
                          bits_of(problem.size / columns()) + bits_of(problem.owners)};
  }
  // Products of two columns, row by row of the upper triangle, without y'y; then the column sums.
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<std::int64_t> sums(needs(problem).entered, 0);
    const OwnerRows rows{own, columns()};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::vector<std::int64_t> row = fixed_point(rows[r], problem.fraction);
      std::size_t place = 0;
      for (std::size_t i = 0; i < features_; ++i)
        for (std::size_t j = i; j < columns(); ++j) sums[place++] += row[i] * row[j];
      if (settings_.intercept)
        for (const std::int64_t number : row) sums[place++] += number;
    }
    return sums;
  }
  bool is_sum() const override { return true; }

  // With an intercept the columns are taken less their means: n sum(x y) - sum(x) sum(y), exactly.
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const auto rows = static_cast<std::int64_t>(rows_of(problem));
    const auto products = opened.first(features_ * (features_ + 3) / 2);
    const auto sums = opened.subspan(products.size());
    Symmetric a(features_);
    std::vector<double> b(features_);
    std::size_t place = 0;
    for (std::size_t i = 0; i < features_; ++i)
      for (std::size_t j = i; j < columns(); ++j) {
        double product = static_cast<double>(products[place]);
        if (settings_.intercept)
          product = static_cast<double>(Wide{rows} * products[place] - Wide{sums[i]} * sums[j]) /
                    static_cast<double>(rows);
        (j < features_ ? a.at(i, j) : b[i]) = std::ldexp(product, -2 * problem.fraction);
        ++place;
      }
    for (std::size_t i = 0; i < features_; ++i) a.at(i, i) += settings_.ridge;
    std::vector<double> line = solved(a, b);
    if (!settings_.intercept) return line;
    std::vector<double> means = real_numbers(sums, problem.fraction);
    for (double& mean : means) mean /= static_cast<double>(rows);
    line.push_back(means.back() - std::inner_product(line.begin(), line.end(), means.begin(), 0.0));
    return line;
  }

  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override;

  /// What is opened is exact for the rows as they are entered, rounded, of which `plain` starts
  /// too. What remains is the solving in double precision: Cholesky's answer is one to equations
  /// whose entries are off by c = 4 (d + 1)^2 2^-53 of the largest, with their forming (Higham,
  /// Accuracy and Stability of Numerical Algorithms, theorem 10.4). So it is off by c k |w|, where
  /// k <= 1 + d n 4^bits / ridge is the condition, for X'X is below n 4^bits d, or four times that
  /// less its means; and |w| <= |y| / (2 sqrt(ridge)), as s / (s^2 + ridge) is never more than that
  /// factor. The intercept is off by sqrt(d) 2^bits times as much. Without a ridge no bound holds
  /// for all rows.
  double error_bound(const Problem& problem) const override {
    if (settings_.ridge <= 0) return std::numeric_limits<double>::infinity();
    const auto d = static_cast<double>(features_);
    const auto rows = static_cast<double>(rows_of(problem));
    const double size = std::ldexp(1.0, problem.bits);
    const double condition = 1 + d * rows * 4 * size * size / settings_.ridge;
    const double weights = std::sqrt(rows) * size / std::sqrt(settings_.ridge);
    const double bound = 4 * (d + 1) * (d + 1) * 0x1p-53 * condition * weights;
    return settings_.intercept ? bound * (1 + std::sqrt(d) * size) : bound;
  }

 private:
  std::size_t columns() const { return features_ + 1; }
  std::size_t rows_of(const Problem& problem) const {
    return problem.owners * (problem.size / columns());
  }

  std::size_t features_;
  Settings settings_;
};

// By orthogonalisation of the columns (modified Gram-Schmidt, twice) instead of normal equations:
// the rows less their means, and below them sqrt(ridge) times the identity.
std::vector<double> LinearRegression::plain(const std::vector<std::vector<double>>& all,
                                            const Problem& problem) const {
  const double unit = std::ldexp(1.0, -problem.fraction);
  std::vector<std::vector<double>> table(columns());  // column by column
  for (const std::vector<double>& own : all)
    for (std::size_t i = 0; i < own.size(); ++i)
      table[i % columns()].push_back(std::round(own[i] / unit) * unit);
  std::vector<double> means(columns(), 0);
  const auto rows = static_cast<double>(table[0].size());
  for (std::size_t c = 0; c < columns(); ++c) {
    if (settings_.intercept)
      means[c] = std::accumulate(table[c].begin(), table[c].end(), 0.0) / rows;
    for (double& value : table[c]) value -= means[c];
    for (std::size_t i = 0; i < features_; ++i)
      table[c].push_back(i == c ? std::sqrt(settings_.ridge) : 0.0);
  }
  const auto inner = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  std::vector<std::vector<double>> r(columns(), std::vector<double>(columns(), 0));
  for (std::size_t c = 0; c < columns(); ++c) {
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t i = 0; i < c; ++i) {
        const double part = inner(table[i], table[c]);
        r[i][c] += part;
        for (std::size_t k = 0; k < table[c].size(); ++k) table[c][k] -= part * table[i][k];
      }
    if (c == features_) break;  // what is left of y is what remains unexplained
    r[c][c] = std::sqrt(inner(table[c], table[c]));
    for (double& value : table[c]) value /= r[c][c];
  }
  std::vector<double> line(features_);
  for (std::size_t i = features_; i-- > 0;) {
    line[i] = r[i][features_];
    for (std::size_t k = i + 1; k < features_; ++k) line[i] -= r[i][k] * line[k];
    line[i] /= r[i][i];
  }
  if (settings_.intercept)
    line.push_back(means.back() - std::inner_product(line.begin(), line.end(), means.begin(), 0.0));
  return line;
}

const Registered entry{
    functions(), function_entry<LinearRegression>("linear_regression",
                                                  "least squares over all rows of all owners")};

}  // namespace
}  // namespace evenkeel
