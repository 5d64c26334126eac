#include "models/processing/model.h"

#include <algorithm>
#include <cmath>

#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

constexpr double most_work = 1e15;

/// All of the input's values, as numbers.
Result<std::vector<double>> numbers_of(const Row& input, std::size_t wanted) {
  std::vector<double> numbers;
  for (const Value& value : input)
    if (const std::optional<double> number = number_of(value)) numbers.push_back(*number);
  if (numbers.size() != input.size() || numbers.size() != wanted)
    return Error{ErrorCode::invalid,
                 "the model takes " + std::to_string(wanted) + " numbers as its input"};
  return numbers;
}

struct Infer {
  const Model& model;
  const Row& input;

  Result<Row> operator()(const LinearModel& linear) const {
    const Result<std::vector<double>> x = numbers_of(input, linear.slopes.size());
    if (!x) return x.error();
    double y = linear.intercept;
    for (std::size_t i = 0; i < x->size(); ++i) y += linear.slopes[i] * (*x)[i];
    Row output;
    output.emplace_back(y);
    return output;
  }
  Result<Row> operator()(const CentresModel& model_of) const {
    const Result<std::vector<double>> x = numbers_of(input, model_of.centres.front().size());
    if (!x) return x.error();
    std::int64_t nearest = 0;
    double least = 0;
    for (std::size_t i = 0; i < model_of.centres.size(); ++i) {
      double distance = 0;
      for (std::size_t d = 0; d < x->size(); ++d) {
        const double apart = (*x)[d] - model_of.centres[i][d];
        distance += apart * apart;
      }
      if (i > 0 && !(distance < least)) continue;
      least = distance;
      nearest = static_cast<std::int64_t>(i);
    }
    Row output;
    output.emplace_back(nearest);
    output.emplace_back(std::sqrt(least));
    return output;
  }
  Result<Row> operator()(const AnomalyModel& anomaly) const {
    const Result<std::vector<double>> x = numbers_of(input, 1);
    if (!x) return x.error();
    const double score = std::abs(x->front() - anomaly.mean) / anomaly.deviation;
    Row output;
    output.emplace_back(score);
    output.emplace_back(std::int64_t{score > anomaly.limit});
    return output;
  }
  Result<Row> operator()(const SyntheticModel&) const {
    Row output;
    output.emplace_back(model.name);
    return output;
  }
};

struct Check {
  bool operator()(const LinearModel& model) const {
    return is_usable(model.intercept) && std::ranges::all_of(model.slopes, is_usable);
  }
  bool operator()(const CentresModel& model) const {
    return !model.centres.empty() && !model.centres.front().empty() &&
           std::ranges::all_of(model.centres, [&](const std::vector<double>& centre) {
             return centre.size() == model.centres.front().size() &&
                    std::ranges::all_of(centre, is_usable);
           });
  }
  bool operator()(const AnomalyModel& model) const {
    return is_usable(model.mean) && is_usable(model.deviation) && model.deviation > 0 &&
           is_usable(model.limit);
  }
  bool operator()(const SyntheticModel&) const { return true; }
};

Error wrong_result() {
  return {ErrorCode::invalid,
          "this is no result to make a model of: too few rows, or another "
          "aggregate's"};
}

}  // namespace

Result<Done> check_model(const Model& model) {
  const bool is_good = !model.name.empty() && model.name.size() <= 200 && model.work >= 0 &&
                       model.work <= most_work && std::visit(Check{}, model.what);
  if (!is_good) return Error{ErrorCode::malformed, "these bytes are no model"};
  return Done{};
}

Result<Row> infer(const Model& model, const Row& input) {
  return std::visit(Infer{model, input}, model.what);
}

// intercept, slopes, r_squared, count.
Result<LinearModel> linear_model_of(const Row& row) {
  if (row.size() < 4) return wrong_result();
  std::vector<double> numbers;
  for (std::size_t i = 0; i + 2 < row.size(); ++i) {
    const std::optional<double> number = number_of(row[i]);
    if (!number) return wrong_result();
    numbers.push_back(*number);
  }
  return LinearModel{numbers.front(), {numbers.begin() + 1, numbers.end()}};
}

// weight and coordinates for each centre, then the spread.
Result<CentresModel> centres_model_of(const Row& row, std::size_t dimensions) {
  CentresModel model;
  const std::size_t width = dimensions + 1;
  if (dimensions == 0 || row.size() % width != 1) return wrong_result();
  for (std::size_t start = 0; start + width < row.size(); start += width) {
    std::vector<double> centre;
    for (std::size_t d = 1; d <= dimensions; ++d)
      if (const std::optional<double> number = number_of(row[start + d])) centre.push_back(*number);
    if (centre.size() == dimensions) model.centres.push_back(std::move(centre));
  }
  if (model.centres.empty()) return wrong_result();
  return model;
}

// variance, deviation, mean, count.
Result<AnomalyModel> anomaly_model_of(const Row& row, double limit) {
  if (row.size() != 4) return wrong_result();
  const std::optional<double> deviation = number_of(row[1]);
  const std::optional<double> mean = number_of(row[2]);
  if (!deviation || !mean || !(*deviation > 0)) return wrong_result();
  return AnomalyModel{*mean, *deviation, limit};
}

}  // namespace evenkeel
