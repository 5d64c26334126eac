// One step of logistic regression, from public weights to better ones. An owner's row is its
// features and, last, its label: 1 if it is at least 1/2, else 0.
//
// A sum: each owner computes the gradient of its own rows in the clear, with the true sigmoid, and
// for Newton's step the Hessian; only their sums are opened (McMahan et al., "Communication-
// efficient learning of deep networks from decentralized data", AISTATS 2017, FedSGD; Wu et al.,
// "Grid binary logistic regression (GLORE)", JAMIA 19(5), 2012). Revealed are the sums and weights
// of every step, not only the last weights: that is the price of no approximated sigmoid and no
// fixed-point product that would have to be truncated in secret. Several steps are several
// computations, each with the weights of the one before.
#include <cmath>
#include <limits>

#include "models/mpc/functions/linear_system.h"
#include "models/mpc/functions/rows.h"
#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

class LogisticRegression final : public Function {
 public:
  enum class Step { gradient, newton };

  struct Settings {
    std::int64_t features = 1;
    bool intercept = true;
    std::vector<double> weights = {};
    Step step = Step::gradient;
    double rate = 0.1;
    double ridge = 0;
    void describe(Fields& fields) {
      static constexpr std::string_view steps[] = {"gradient", "newton"};
      fields.integer("features", features, {"numbers in a row, before the label", 1, 1000});
      fields.boolean("intercept", intercept, {"one more weight, the last, that stands alone"});
      fields.numbers("weights", weights, Unit::none, {"from which the step goes out; none: all 0"});
      if (!weights.empty() && weights.size() != count())
        fields.refuse(
            "weights",
            fmt::format("give {}: one a feature, and one more with an intercept", count()));
      option(fields, "step", step, steps,
             {"along the gradient, or Newton's, which takes few steps and opens a matrix"});
      fields.number("rate", rate, Unit::none,
                    {"how far to go along the mean gradient; used with step: gradient", 0});
      fields.number("ridge", ridge, Unit::none,
                    {"penalty on half the sum of squared weights, without the intercept, beside "
                     "the mean loss of a row",
                     0});
    }
    std::size_t count() const { return static_cast<std::size_t>(features) + (intercept ? 1U : 0U); }
  };
  explicit LogisticRegression(const Settings& settings)
      : features_(static_cast<std::size_t>(settings.features)), settings_(settings) {
    settings_.weights.resize(settings_.count(), 0);
  }

  std::optional<std::string> objection(const Problem& problem) const override {
    return uneven_rows(problem, features_ + 1, "the features and the label");
  }
  // A row's gradient is below its features; of its Hessian, a quarter of their products.
  Needs needs(const Problem& problem) const override {
    const std::size_t n = settings_.count();
    const bool is_newton = settings_.step == Step::newton;
    const std::size_t sums = n + (is_newton ? Symmetric::entries(n) : 0);
    const int of_row = is_newton ? std::max(problem.bits, 2 * problem.bits - 2) : problem.bits;
    return {.entered = sums,
            .opened = sums,
            .value_bits = of_row + problem.fraction + bits_of(problem.size / (features_ + 1)) +
                          bits_of(problem.owners)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    const std::size_t n = settings_.count();
    std::vector<double> gradient(n, 0);
    std::vector<double> hessian(Symmetric::entries(n), 0);
    const OwnerRows rows{own, features_ + 1};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::vector<double> x(rows[r].begin(), rows[r].end() - 1);
      if (settings_.intercept) x.push_back(1);
      double score = 0;
      for (std::size_t i = 0; i < n; ++i) score += settings_.weights[i] * x[i];
      const double likely = 1 / (1 + portable::exp(-score));
      const double off = likely - (rows[r].back() >= 0.5 ? 1 : 0);
      std::size_t place = 0;
      for (std::size_t i = 0; i < n; ++i) {
        gradient[i] += off * x[i];
        for (std::size_t j = i; j < n; ++j) hessian[place++] += likely * (1 - likely) * x[i] * x[j];
      }
    }
    if (settings_.step == Step::newton)
      gradient.insert(gradient.end(), hessian.begin(), hessian.end());
    return fixed_point(gradient, problem.fraction);
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    std::vector<double> sums = real_numbers(opened, problem.fraction);
    for (double& sum : sums) sum /= static_cast<double>(rows_of(problem));
    return stepped(sums);
  }

  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    const std::size_t n = settings_.count();
    std::vector<double> means(n + Symmetric::entries(n), 0);
    for (const std::vector<double>& own : all)
      for (std::size_t start = 0; start < own.size(); start += features_ + 1) {
        const auto x = [&](std::size_t i) { return i < features_ ? own[start + i] : 1.0; };
        double score = 0;
        for (std::size_t i = 0; i < n; ++i) score += settings_.weights[i] * x(i);
        const double label = own[start + features_] >= 0.5 ? 1 : 0;
        const double steepness = 0.25 / std::pow(std::cosh(score / 2), 2);
        std::size_t place = n;
        for (std::size_t i = 0; i < n; ++i) {
          means[i] += (0.5 + 0.5 * std::tanh(score / 2) - label) * x(i);
          for (std::size_t j = i; j < n; ++j) means[place++] += steepness * x(i) * x(j);
        }
      }
    for (double& mean : means) mean /= static_cast<double>(rows_of(problem));
    return stepped(means);
  }
  /// Each owner's sums are off by half a unit of the last place, the mean over all rows by that
  /// times owners over rows, the weights by the rate times that. Newton's step has no bound for all
  /// rows: they may leave the weights all but undetermined.
  double error_bound(const Problem& problem) const override {
    if (settings_.step == Step::newton) return std::numeric_limits<double>::infinity();
    return settings_.rate * std::ldexp(0.5, -problem.fraction) * problem.owners /
           static_cast<double>(rows_of(problem));
  }

 private:
  std::size_t rows_of(const Problem& problem) const {
    return problem.owners * (problem.size / (features_ + 1));
  }

  // From the mean gradient, and behind it the mean Hessian, of all rows.
  std::vector<double> stepped(std::span<const double> means) const {
    const std::size_t n = settings_.count();
    std::vector<double> gradient(means.begin(), means.begin() + static_cast<std::ptrdiff_t>(n));
    for (std::size_t i = 0; i < features_; ++i)
      gradient[i] += settings_.ridge * settings_.weights[i];
    std::vector<double> step = gradient;
    if (settings_.step == Step::newton) {
      Symmetric hessian(n);
      std::size_t place = n;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i; j < n; ++j) hessian.at(i, j) = means[place++];
      for (std::size_t i = 0; i < features_; ++i) hessian.at(i, i) += settings_.ridge;
      step = solved(hessian, gradient);
    } else {
      for (double& part : step) part *= settings_.rate;
    }
    std::vector<double> weights = settings_.weights;
    for (std::size_t i = 0; i < n; ++i) weights[i] -= step[i];
    return weights;
  }

  std::size_t features_;
  Settings settings_;
};

const Registered entry{functions(),
                       function_entry<LogisticRegression>(
                           "logistic_regression", "one step of logistic regression over all rows")};

}  // namespace
}  // namespace evenkeel
