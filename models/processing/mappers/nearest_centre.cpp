// Each point under the number of the centre that is nearest to it: one iteration of k-means
// (Lloyd 1982), whose new centres are the means by key.
#include "models/processing/mapper.h"

namespace evenkeel {
namespace {

double number_at(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value);
  return real != nullptr ? *real : 0;
}

class NearestCentre final : public Mapper {
 public:
  struct Settings {
    std::vector<double> columns{0};
    std::vector<double> centres{0};
    void describe(Fields& fields) {
      describe_columns(fields, "columns", columns, "the point's columns, from 0");
      fields.numbers("centres", centres, Unit::none,
                     {"the centres' coordinates, one centre after another", -1e100, 1e100});
      if (columns.empty() || centres.empty() || centres.size() % columns.size() != 0 ||
          centres.size() > 10'000)
        fields.refuse("centres", "give as many coordinates for each centre as columns");
    }
  };
  explicit NearestCentre(const Settings& settings) : settings_(settings) {}

  void map(const Row& row, const Emit& emit) const override {
    Row point = columns_of(row, settings_.columns);
    const std::size_t dimensions = point.size();
    std::int64_t nearest = 0;
    double least = 0;
    for (std::size_t i = 0; i * dimensions < settings_.centres.size(); ++i) {
      double distance = 0;
      for (std::size_t d = 0; d < dimensions; ++d) {
        const double apart = number_at(point[d]) - settings_.centres[i * dimensions + d];
        distance += apart * apart;
      }
      if (i > 0 && !(distance < least)) continue;
      least = distance;
      nearest = static_cast<std::int64_t>(i);
    }
    Row key;
    key.emplace_back(nearest);
    emit(std::move(key), std::move(point));
  }
  std::vector<std::uint32_t> columns(const std::vector<std::uint32_t>&) const override {
    return column_numbers(settings_.columns);
  }
  double ops_per_row() const override {
    return 400 + 4 * static_cast<double>(settings_.centres.size());
  }

 private:
  Settings settings_;
};

const Registered entry{
    mappers(), mapper_entry<NearestCentre>("nearest_centre", "points by their nearest centre")};

}  // namespace
}  // namespace evenkeel
