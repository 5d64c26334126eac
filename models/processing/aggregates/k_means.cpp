// Centres of clusters. Points are summed up in clustering features (weight, mean, squared spread)
// of which the two whose union adds least spread are united when there are too many (BIRCH: Zhang,
// Ramakrishnan & Livny, SIGMOD 1996; Ward's criterion); so features merge. The k centres come from
// the features by farthest-first starts and Lloyd's iterations.
// Exact up to rounding, whatever the order and division: total weight, and the mean of all points.
// The centres themselves are a heuristic's.
#include <algorithm>
#include <cmath>

#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct Feature {
  double weight = 0;
  double spread = 0;  // summed squared distances from the mean
  std::vector<double> mean = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(weight, spread, mean);
  }
};

struct KMeansState {
  std::vector<Feature> features = {};  // ascending by mean
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(features);
  }
};

struct KMeansSettings {
  std::int64_t k = 3;
  std::int64_t dimensions = 1;
  std::int64_t summary = 10;
  void describe(Fields& fields) {
    fields.integer("k", k, {"centres", 1, 32});
    fields.integer("dimensions", dimensions, {"values of a point", 1, 16});
    fields.integer("summary", summary, {"features kept for each centre", 2, 50});
  }
  friend bool operator==(const KMeansSettings&, const KMeansSettings&) = default;
};

double squared_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

double union_cost(const Feature& a, const Feature& b) {
  return a.weight * b.weight / (a.weight + b.weight) * squared_distance(a.mean, b.mean);
}

void unite(Feature& a, const Feature& b) {
  a.spread += b.spread + union_cost(a, b);
  const double weight = a.weight + b.weight;
  for (std::size_t i = 0; i < a.mean.size(); ++i)
    a.mean[i] = (a.mean[i] * a.weight + b.mean[i] * b.weight) / weight;
  a.weight = weight;
}

class KMeans final : public MergeableAggregate<KMeans, KMeansState, KMeansSettings> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static constexpr bool tells_rows = true;
  static std::uint32_t inputs(const Settings& settings) {
    return static_cast<std::uint32_t>(settings.dimensions);
  }
  static std::vector<Column> columns(const Settings& settings) {
    std::vector<Column> columns;
    for (std::int64_t i = 1; i <= settings.k; ++i) {
      columns.push_back({"weight_" + std::to_string(i), ColumnType::real});
      for (std::int64_t d = 1; d <= settings.dimensions; ++d)
        columns.push_back(
            {"centre_" + std::to_string(i) + "_" + std::to_string(d), ColumnType::real});
    }
    columns.push_back({"spread", ColumnType::real});
    return columns;
  }
  static double ops_per_row(const Settings& settings) {
    const auto room = static_cast<double>(settings.k * settings.summary);
    return room * room * static_cast<double>(settings.dimensions);
  }

  bool add(std::span<const Value> values) override {
    Feature point{1, 0, {}};
    for (std::size_t i = 0; i < dimensions(); ++i) {
      const std::optional<double> number = number_of(values[i]);
      if (!number) return false;
      point.mean.push_back(*number + 0.0);
    }
    insert(std::move(point));
    return true;
  }
  void merge_state(const State& other) {
    for (const Feature& feature : other.features) insert(feature);
  }
  bool is_sound(const State& state) const {
    if (state.features.size() > room()) return false;
    for (const Feature& feature : state.features) {
      if (!(feature.weight >= 1 && feature.weight < 1e15) || !(feature.spread >= 0) ||
          !std::isfinite(feature.spread) || feature.mean.size() != dimensions() ||
          !std::ranges::all_of(feature.mean, is_usable))
        return false;
    }
    return std::ranges::is_sorted(state.features, {}, &Feature::mean);
  }
  Row result() const override {
    const std::vector<Feature> centres = lloyd(starts());
    Row row;
    double spread = 0;
    for (std::size_t i = 0; i < k(); ++i) {
      const bool there = i < centres.size() && centres[i].weight > 0;
      tell(row, there, there ? centres[i].weight : 0.0);
      for (std::size_t d = 0; d < dimensions(); ++d)
        tell(row, there, there ? centres[i].mean[d] : 0.0);
      if (there) spread += centres[i].spread;
    }
    tell(row, !state_.features.empty(), spread);
    return row;
  }

 private:
  std::size_t k() const { return static_cast<std::size_t>(settings_.k); }
  std::size_t dimensions() const { return static_cast<std::size_t>(settings_.dimensions); }
  std::size_t room() const { return k() * static_cast<std::size_t>(settings_.summary); }

  void insert(Feature feature) {
    std::vector<Feature>& all = state_.features;
    const auto place = std::ranges::lower_bound(all, feature.mean, {}, &Feature::mean);
    if (place != all.end() && place->mean == feature.mean) {
      unite(*place, feature);
      return;
    }
    all.insert(place, std::move(feature));
    if (all.size() > room()) unite_nearest();
  }

  void unite_nearest() {
    std::vector<Feature>& all = state_.features;
    std::size_t first = 0;
    std::size_t second = 1;
    double least = union_cost(all[0], all[1]);
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        const double cost = union_cost(all[i], all[j]);
        if (cost < least) {
          least = cost;
          first = i;
          second = j;
        }
      }
    }
    Feature united = std::move(all[first]);
    unite(united, all[second]);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(second));
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(first));
    insert(std::move(united));
  }

  // The heaviest, then always the one furthest from those chosen, weighed.
  std::vector<std::vector<double>> starts() const {
    std::vector<std::vector<double>> chosen;
    if (state_.features.empty()) return chosen;
    chosen.push_back(std::ranges::max_element(state_.features, {}, &Feature::weight)->mean);
    while (chosen.size() < k()) {
      const Feature* furthest = nullptr;
      double greatest = 0;
      for (const Feature& feature : state_.features) {
        double nearest = squared_distance(feature.mean, chosen[0]);
        for (const std::vector<double>& other : chosen)
          nearest = std::min(nearest, squared_distance(feature.mean, other));
        if (nearest * feature.weight > greatest) {
          greatest = nearest * feature.weight;
          furthest = &feature;
        }
      }
      if (furthest == nullptr) break;
      chosen.push_back(furthest->mean);
    }
    return chosen;
  }

  std::vector<Feature> lloyd(std::vector<std::vector<double>> centres) const {
    constexpr int iterations = 30;
    std::vector<Feature> clusters;
    for (int round = 0; round < iterations && !centres.empty(); ++round) {
      clusters.assign(centres.size(), {});
      for (const Feature& feature : state_.features) {
        const auto nearest = std::ranges::min_element(centres, {}, [&](const auto& centre) {
          return squared_distance(centre, feature.mean);
        });
        Feature& cluster = clusters[static_cast<std::size_t>(nearest - centres.begin())];
        if (cluster.weight > 0) {
          unite(cluster, feature);
        } else {
          cluster = feature;
        }
      }
      bool moved = false;
      for (std::size_t i = 0; i < centres.size(); ++i) {
        if (clusters[i].weight == 0 || clusters[i].mean == centres[i]) continue;
        centres[i] = clusters[i].mean;
        moved = true;
      }
      if (!moved) break;
    }
    std::erase_if(clusters, [](const Feature& cluster) { return cluster.weight == 0; });
    std::ranges::sort(clusters, {}, &Feature::mean);
    return clusters;
  }
};

const Registered entry{aggregates(),
                       aggregate_entry<KMeans>("k_means", "centres of k clusters of points")};

}  // namespace
}  // namespace evenkeel
