// The requests of many devices that are Poisson processes of one common, varying intensity: one
// process with the sum of their rates, whose requests are given to devices at random. This is
// exactly what the devices would do one by one, at a cost that does not depend on their number.
#pragma once

#include <memory>

#include "models/runtime/random.h"
#include "sim/workload/arrivals.h"
#include "sim/workload/hot_spots.h"

namespace evenkeel {

/// How the intensity varies, the same for all devices: a factor to the class's rate.
class Modulation {
 public:
  struct Piece {
    double level;    // of the factor; an upper bound if `exact` is false
    double until_s;  // above the time asked for
    bool exact = true;
  };

  virtual ~Modulation() = default;
  /// What holds from that time on. Times never decrease.
  virtual Piece piece(double at_s) = 0;
  /// The factor itself, where the piece is not exact.
  virtual double level(double at_s) const {
    static_cast<void>(at_s);
    return 1;
  }
};

/// Exact: inversion over pieces where the intensity is constant, thinning (Lewis & Shedler 1979)
/// where it is not.
class Superposed final : public Arrivals {
 public:
  /// `rate` in 1/s is that of one device where the factor is 1. No modulation: it always is.
  Superposed(const ArrivalContext& context, double rate, std::unique_ptr<Modulation> modulation);

  const Demand* peek() override { return found_ ? &request_ : nullptr; }
  void pop() override;

 private:
  bool advance();
  bool kept(const Modulation::Piece& piece);

  double rate_;
  std::unique_ptr<Modulation> modulation_;
  DeviceWeights weights_;
  Random random_;
  double now_s_ = 0;
  bool found_ = true;
  Demand request_;
};

/// The class's rate times its scale; UserError if none is stated.
double needed_rate(const ArrivalContext& context, std::string_view process);
/// UserError if a rate is stated where the process has its own.
void refuse_rate(const ArrivalContext& context, std::string_view process);

}  // namespace evenkeel
