// A mixture of exponentials: phases as given, or two with balanced means (p1 m1 = p2 m2) from the
// mean and the coefficient of variation (at least 1).
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/workload/amounts.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_phases = 64;

class Hyperexponential final : public Distribution {
 public:
  struct Settings {
    double mean = 1;
    double cv = 2;
    std::vector<double> probabilities = {};
    std::vector<double> means = {};

    void describe(Fields& fields) {
      fields.number("mean", mean, Unit::work, {"the mean", least_amount, max_amount});
      fields.number("cv", cv, Unit::none,
                    {"coefficient of variation: standard deviation / mean", 1, 1000});
      fields.numbers("probabilities", probabilities, Unit::none,
                     {"with means, instead of mean and cv: how likely each phase is", 0, 1});
      fields.numbers("means", means, Unit::work,
                     {"the mean of each phase", least_amount, max_amount});
      check(fields);
    }

   private:
    void check(Fields& fields) const {
      if (probabilities.size() != means.size())
        fields.refuse("means", "needs as many values as probabilities");
      if (probabilities.size() > max_phases)
        fields.refuse("probabilities", "at most " + std::to_string(max_phases) + " phases");
      const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
      if (!probabilities.empty() && !(std::abs(sum - 1) <= 1e-6))
        fields.refuse("probabilities", "must add up to 1");
      if (!means.empty() && (mean != Settings{}.mean || cv != Settings{}.cv))
        fields.refuse("means", "give either mean and cv, or probabilities and means");
    }
  };

  explicit Hyperexponential(const Settings& settings)
      : probabilities_(settings.probabilities), means_(settings.means) {
    if (means_.empty()) balance(settings.mean, settings.cv * settings.cv);
    const double sum = std::accumulate(probabilities_.begin(), probabilities_.end(), 0.0);
    for (double& probability : probabilities_) probability /= sum;
  }

  double sample(Random& random) const override {
    double u = random.uniform();
    std::size_t phase = 0;
    while (phase + 1 < means_.size() && u >= probabilities_[phase]) u -= probabilities_[phase++];
    return means_[phase] * random.exponential();
  }
  double mean() const override {
    return std::inner_product(means_.begin(), means_.end(), probabilities_.begin(), 0.0);
  }
  double cv2() const override {
    double second = 0;  // E[X^2] / 2
    for (std::size_t i = 0; i < means_.size(); ++i)
      second += probabilities_[i] * means_[i] * means_[i];
    return std::max(0.0, 2 * second / (mean() * mean()) - 1);
  }

 private:
  void balance(double mean, double cv2) {
    const double root = std::sqrt((cv2 - 1) / (cv2 + 1));
    probabilities_ = {(1 + root) / 2, 1 / ((cv2 + 1) * (1 + root))};  // (1 - root) / 2
    means_ = {mean / (2 * probabilities_[0]), mean / (2 * probabilities_[1])};
  }

  std::vector<double> probabilities_;
  std::vector<double> means_;
};

const Registered entry{
    service_times(),
    distribution_entry<Hyperexponential>(
        "hyperexponential", "a mixture of exponentials, by mean and cv or by its phases")};

}  // namespace
}  // namespace evenkeel
