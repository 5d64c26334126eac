// One step of k-means, from public centroids to better ones (Lloyd, "Least squares quantization in
// PCM", IEEE TIT 28(2), 1982). An owner's row is a point.
//
// A sum: each owner assigns its own points to the nearest centroids (the first, if several are) in
// the clear, and enters for each centroid the sum of its points and how many they are. Revealed are
// these, over all owners. The answer: the new centroids one after another, then how many points
// each one's mean is of; a centroid of none stays where it is.
#include <cmath>
#include <limits>

#include "models/mpc/functions/rows.h"

namespace evenkeel {
namespace {

class KMeansStep final : public Function {
 public:
  struct Settings {
    std::int64_t columns = 2;
    std::vector<double> centroids = {-1, -1, 1, 1};
    void describe(Fields& fields) {
      fields.integer("columns", columns, {"coordinates of a point", 1, 1000});
      fields.numbers("centroids", centroids, Unit::none,
                     {"from which the step goes out, all coordinates of one, then of the next"});
      if (centroids.empty() || centroids.size() % static_cast<std::size_t>(columns) != 0)
        fields.refuse("centroids", fmt::format("give {} numbers for each", columns));
    }
  };
  explicit KMeansStep(const Settings& settings)
      : columns_(static_cast<std::size_t>(settings.columns)), centroids_(settings.centroids) {}

  std::optional<std::string> objection(const Problem& problem) const override {
    return uneven_rows(problem, columns_, "the coordinates of a point");
  }
  Needs needs(const Problem& problem) const override {
    const std::size_t points = problem.size / columns_;
    const std::size_t sums = centroids_.size() + clusters();
    return {.entered = sums,
            .opened = sums,
            .value_bits =
                std::max(problem.bits + problem.fraction + bits_of(points), bits_of(points + 1)) +
                bits_of(problem.owners)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<double> sums(centroids_.size(), 0);
    std::vector<std::int64_t> counts(clusters(), 0);
    const OwnerRows points{own, columns_};
    for (std::size_t p = 0; p < points.size(); ++p) {
      const std::size_t nearest = nearest_to(points[p]);
      ++counts[nearest];
      for (std::size_t i = 0; i < columns_; ++i) sums[nearest * columns_ + i] += points[p][i];
    }
    std::vector<std::int64_t> numbers = fixed_point(sums, problem.fraction);
    numbers.insert(numbers.end(), counts.begin(), counts.end());
    return numbers;
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const auto counts = opened.subspan(centroids_.size());
    std::vector<double> answer = centroids_;
    for (std::size_t i = 0; i < answer.size(); ++i)
      if (const std::int64_t count = counts[i / columns_]; count > 0)
        answer[i] = real_number(opened[i], problem.fraction) / static_cast<double>(count);
    for (const std::int64_t count : counts) answer.push_back(static_cast<double>(count));
    return answer;
  }

  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem&) const override {
    std::vector<double> answer = centroids_;
    std::vector<double> counts(clusters(), 0);
    for (const std::vector<double>& own : all)
      for (std::size_t start = 0; start < own.size(); start += columns_) {
        const std::size_t nearest =
            nearest_to(std::span<const double>{own}.subspan(start, columns_));
        const double count = ++counts[nearest];
        for (std::size_t i = 0; i < columns_; ++i) {
          double& mean = answer[nearest * columns_ + i];
          if (count == 1) mean = 0;
          mean += (own[start + i] - mean) / count;
        }
      }
    answer.insert(answer.end(), counts.begin(), counts.end());
    return answer;
  }
  /// A sum is off by half a unit of the last place for each owner with points in it, of which there
  /// are no more than points: their mean by half a unit at most. Counts are exact.
  double error_bound(const Problem& problem) const override {
    return std::ldexp(0.5, -problem.fraction);
  }

 private:
  std::size_t clusters() const { return centroids_.size() / columns_; }
  std::size_t nearest_to(std::span<const double> point) const {
    std::size_t nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < clusters(); ++c) {
      double distance = 0;
      for (std::size_t i = 0; i < columns_; ++i) {
        const double off = point[i] - centroids_[c * columns_ + i];
        distance += off * off;
      }
      if (distance < least) least = distance, nearest = c;
    }
    return nearest;
  }

  std::size_t columns_;
  std::vector<double> centroids_;
};

const Registered entry{functions(),
                       function_entry<KMeansStep>("k_means_step", "one step of k-means")};

}  // namespace
}  // namespace evenkeel
