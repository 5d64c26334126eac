// A rate that varies over the day: Poisson arrivals with the class's rate as the day's mean, times
// a profile of equal parts (24 hours) or a sine.
#include <cmath>
#include <numbers>
#include <numeric>

#include "models/runtime/user_error.h"
#include "sim/workload/superposed.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_parts = 10'000;
constexpr double max_pieces_per_request = 1e6;

/// Equal parts of a period, over and over; their mean is 1.
class Profile final : public Modulation {
 public:
  Profile(std::vector<double> factors, double period_s, double start_s)
      : factors_(std::move(factors)),
        part_s_(period_s / static_cast<double>(factors_.size())),
        start_s_(start_s) {
    const double sum = std::accumulate(factors_.begin(), factors_.end(), 0.0);
    for (double& factor : factors_) factor *= static_cast<double>(factors_.size()) / sum;
  }

  Piece piece(double at_s) override {
    const double reached = std::floor((at_s + start_s_) / part_s_);
    if (reached > part_) part_ = reached;
    while (end_s() <= at_s) ++part_;
    const auto index = static_cast<std::size_t>(std::fmod(part_, count()));
    return {factors_[index], end_s()};
  }

 private:
  double count() const { return static_cast<double>(factors_.size()); }
  double end_s() const { return (part_ + 1) * part_s_ - start_s_; }

  std::vector<double> factors_;
  double part_s_;
  double start_s_;
  double part_ = 0;  // a whole number, counted from the first period
};

/// 1 + amplitude cos(2 pi (t - peak) / period), by thinning.
class Sine final : public Modulation {
 public:
  Sine(double amplitude, double peak_s, double period_s, double start_s)
      : amplitude_(amplitude), shift_s_(start_s - peak_s), period_s_(period_s) {}

  Piece piece(double) override { return {1 + amplitude_, forever_s, false}; }
  double level(double at_s) const override {
    // The remainder first: a turn is then computed with full precision after many days.
    const double turn = std::fmod(at_s + shift_s_, period_s_) / period_s_;
    return 1 + amplitude_ * cosine(turn);
  }

 private:
  /// cos(2 pi turn) to 1e-13 for |turn| < 1, from sums and products only: the C library's last
  /// digit depends on the machine.
  static double cosine(double turn) {
    double x = std::abs(turn);              // in [0, 1), cosine is even
    if (x > 0.5) x = 1 - x;                 // and symmetric about half a turn
    const double sign = x > 0.25 ? -1 : 1;  // in the second quarter -cos(pi - angle)
    const double angle = 2 * std::numbers::pi * (x > 0.25 ? 0.5 - x : x);
    const double square = angle * angle;
    double sum = 1;
    for (int k = 10; k >= 1; --k) sum = 1 - sum * square / ((2.0 * k - 1) * (2.0 * k));
    return sign * sum;
  }

  double amplitude_;
  double shift_s_;
  double period_s_;
};

struct Diurnal {
  std::vector<double> profile = {};
  double amplitude = 0.8;
  Duration peak = std::chrono::hours{20};
  Duration period = std::chrono::hours{24};
  Duration start{};

  void describe(Fields& fields) {
    fields.numbers(
        "profile", profile, Unit::none,
        {"the rate in equal parts of the period (24: hours of the day), relative to each "
         "other; empty: a sine",
         0, 1e9});
    fields.number("amplitude", amplitude, Unit::none,
                  {"of the sine: the rate varies by this share of its mean", 0, 1});
    fields.duration("peak", peak, {"of the sine: the time of day of the highest rate", 0, 1e9});
    fields.duration("period", period, {"the length of a day", 1, 1e9});
    fields.duration("start", start, {"the time of day when the run begins", 0, 1e9});
    if (profile.size() > max_parts) fields.refuse("profile", "at most 10000 parts");
    const double sum = std::accumulate(profile.begin(), profile.end(), 0.0);
    if (!profile.empty() && !(sum > 0)) fields.refuse("profile", "needs a value above 0");
  }

  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const {
    const double rate = needed_rate(context, "diurnal");
    const double pieces = static_cast<double>(profile.size()) / to_seconds(period);
    if (pieces > max_pieces_per_request * rate * context.devices)
      throw UserError("arrivals 'diurnal': the period is too short for such a low rate");
    return std::make_unique<Superposed>(context, rate, modulation());
  }

 private:
  std::unique_ptr<Modulation> modulation() const {
    const double start_s = std::fmod(to_seconds(start), to_seconds(period));
    if (profile.empty())
      return std::make_unique<Sine>(amplitude, to_seconds(peak), to_seconds(period), start_s);
    return std::make_unique<Profile>(profile, to_seconds(period), start_s);
  }
};

const Registered entry{arrivals(), arrivals_entry<Diurnal>(
                                       "diurnal", "at random, at a rate that varies over the day")};

}  // namespace
}  // namespace evenkeel
