// Models that can be run on any node: small real ones, as aggregates train them, and ones of which
// only size and work are real.
#pragma once

#include "models/runtime/message.h"
#include "models/runtime/result.h"
#include "models/storage/table.h"

namespace evenkeel {

/// y = intercept + sum of slope_i x_i (aggregate linear_regression). Gives y.
struct LinearModel {
  double intercept = 0;
  std::vector<double> slopes = {};
  friend bool operator==(const LinearModel&, const LinearModel&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(intercept, slopes);
  }
};

/// The number of the nearest centre, and the distance (aggregate k_means).
struct CentresModel {
  std::vector<std::vector<double>> centres = {};
  friend bool operator==(const CentresModel&, const CentresModel&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(centres);
  }
};

/// How many deviations a value is off, and whether that is more than the limit (aggregates
/// anomaly_score, variance).
struct AnomalyModel {
  double mean = 0;
  double deviation = 1;
  double limit = 3;
  friend bool operator==(const AnomalyModel&, const AnomalyModel&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(mean, deviation, limit);
  }
};

/// Only work: gives its name. `weights` are bytes that have to be moved.
struct SyntheticModel {
  Blob weights = {};
  friend bool operator==(const SyntheticModel&, const SyntheticModel&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(weights);
  }
};

struct Model {
  std::string name = {};
  double work = 0;  // operations of one inference
  std::variant<LinearModel, CentresModel, AnomalyModel, SyntheticModel> what = {};
  friend bool operator==(const Model&, const Model&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, work, what);
  }
};

/// ErrorCode::malformed if its numbers make no sense: for what came over the network.
Result<Done> check_model(const Model& model);
/// ErrorCode::invalid if the input has other values than the model takes.
Result<Row> infer(const Model& model, const Row& input);

/// From results of the aggregates. ErrorCode::invalid if they are of other aggregates, or too few
/// rows came to decide.
Result<LinearModel> linear_model_of(const Row& linear_regression);
Result<CentresModel> centres_model_of(const Row& k_means, std::size_t dimensions);
Result<AnomalyModel> anomaly_model_of(const Row& variance, double limit);

}  // namespace evenkeel
