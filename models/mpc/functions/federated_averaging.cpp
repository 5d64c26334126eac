// The mean of the owners' updates of a model, each weighed by the samples it was learned from
// (McMahan et al., "Communication-efficient learning of deep networks from decentralized data",
// AISTATS 2017). What an owner has is its update and, last, how many samples; without weights only
// the update. One that is longer than `clip` is shortened to it. With noise, of which every owner
// adds a share (noise.h), the answer is differentially private as to whether an owner took part
// (McMahan et al., "Learning differentially private recurrent language models", ICLR 2018).
//
// A sum, of the updates times their samples, and of the samples, which is revealed as well.
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/mpc/functions/noise.h"

namespace evenkeel {
namespace {

class FederatedAveraging final : public Function {
 public:
  enum class NoiseKind { none, laplace, gaussian };

  struct Settings {
    bool weighted = true;
    double clip = 0;
    std::int64_t most_samples = 0;
    NoiseKind noise = NoiseKind::none;
    double epsilon = 1;
    double multiplier = 1;
    void describe(Fields& fields) {
      static constexpr std::string_view kinds[] = {"none", "laplace", "gaussian"};
      fields.boolean("weighted", weighted, {"by samples, the last number that an owner has"});
      fields.number("clip", clip, Unit::none,
                    {"longest update, by Euclidean norm; a longer one is shortened; 0: any", 0});
      fields.integer("most_samples", most_samples,
                     {"an owner with more counts as one with so many; 0: any; used with weighted",
                      0, std::int64_t{1} << 40});
      option(fields, "noise", noise, kinds,
             {"that all owners together add, so that nobody can tell whether one took part"});
      fields.number("epsilon", epsilon, Unit::none,
                    {"of differential privacy; used with noise: laplace", 1e-6, 1000});
      fields.number("multiplier", multiplier, Unit::none,
                    {"standard deviation of the noise over what one owner can change, m: "
                     "concentrated privacy 1/(2 m^2); used with noise: gaussian",
                     1e-3, 1e6});
      if (noise != NoiseKind::none && clip <= 0)
        fields.refuse("clip", "noise hides an update whose length is bounded: give the bound");
      if (noise != NoiseKind::none && weighted && most_samples == 0)
        fields.refuse("most_samples",
                      "noise hides samples whose number is bounded: give the bound");
    }
  };
  explicit FederatedAveraging(const Settings& settings) : settings_(settings) {}

  std::optional<std::string> objection(const Problem& problem) const override {
    if (!settings_.weighted || problem.size >= 2) return std::nullopt;
    return "an owner has an update and, last, its samples: give a size of at least 2";
  }
  Needs needs(const Problem& problem) const override {
    const int of_weight = samples_bits(problem) + (settings_.weighted ? weight_shift(problem) : 0);
    const int of_update = update_bits(problem) + samples_bits(problem);
    int bits = std::max(of_update, of_weight);
    // Beside what is entered, at most as much noise: one more than the larger of the two.
    if (is_noisy()) bits = std::max(bits, bits_of(noise(problem).most() + 1)) + 1;
    return {.entered = problem.size,
            .opened = problem.size,
            .value_bits = bits + bits_of(problem.owners)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    const std::span<const double> update = own.first(length(problem));
    double squares = 0;
    for (const double part : update) squares += part * part;
    const double norm = std::sqrt(squares);
    const double factor = settings_.clip > 0 && norm > settings_.clip ? settings_.clip / norm : 1;
    const std::int64_t samples = samples_of(own);
    std::vector<std::int64_t> numbers;
    for (const double part : update)
      numbers.push_back(fixed_point(part * factor, problem.fraction) * samples);
    if (settings_.weighted) numbers.push_back(samples << weight_shift(problem));
    return numbers;
  }
  void blur(std::span<std::int64_t> entered, const Problem& problem,
            Random& random) const override {
    if (!is_noisy()) return;
    Prg prg{draw_prg_key(random)};
    for (std::int64_t& number : entered) number += noise(problem).share(prg, problem.owners);
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const double total = settings_.weighted ? real_number(opened.back(), weight_shift(problem))
                                            : static_cast<double>(problem.owners);
    std::vector<double> mean = real_numbers(opened.first(length(problem)), problem.fraction);
    for (double& part : mean) part /= total;
    return mean;
  }

  std::vector<double> drawn(const Problem& problem, Random& random) const override {
    std::vector<double> own = Function::drawn(problem, random);
    if (settings_.weighted) own.back() = std::max(std::trunc(std::abs(own.back())), 1.0);
    return own;
  }

  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> mean(length(problem), 0);
    double total = 0;
    for (const std::vector<double>& own : all) {
      double norm = 0;
      for (std::size_t i = 0; i < mean.size(); ++i) norm = std::hypot(norm, own[i]);
      const double shrink =
          settings_.clip > 0 ? std::min(1.0, settings_.clip / std::max(norm, 1e-300)) : 1;
      double weight = settings_.weighted ? std::max(0.0, std::round(own.back())) : 1;
      if (settings_.most_samples > 0 && settings_.weighted)
        weight = std::min(weight, static_cast<double>(settings_.most_samples));
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += weight * shrink * own[i];
      total += weight;
    }
    for (double& part : mean) part /= total;
    return mean;
  }
  /// Each part of an update is off by half a unit of the last place, and so is their mean, whatever
  /// the weights. Noise of up to z, exceeded with a chance of 2^-40, adds z units over the total
  /// weight; without weights that is known, with them it is not and no bound holds.
  double error_bound(const Problem& problem) const override {
    const double rounding = std::ldexp(0.5, -problem.fraction);
    if (!is_noisy()) return rounding;
    if (settings_.weighted) return std::numeric_limits<double>::infinity();
    return rounding + std::ldexp(static_cast<double>(noise(problem).tail()), -problem.fraction) /
                          problem.owners;
  }

 private:
  bool is_noisy() const { return settings_.noise != NoiseKind::none; }
  std::size_t length(const Problem& problem) const {
    return problem.size - (settings_.weighted ? 1 : 0);
  }
  std::int64_t samples_of(std::span<const double> own) const {
    if (!settings_.weighted) return 1;
    const std::int64_t samples = std::max<std::int64_t>(fixed_point(own.back(), 0), 0);
    return settings_.most_samples > 0 ? std::min(samples, settings_.most_samples) : samples;
  }
  int samples_bits(const Problem& problem) const {
    if (!settings_.weighted) return 0;
    if (settings_.most_samples == 0) return problem.bits;
    return std::min(problem.bits, bits_of(static_cast<std::uint64_t>(settings_.most_samples) + 1));
  }
  int clip_exponent() const { return std::ilogb(settings_.clip); }
  int update_bits(const Problem& problem) const {
    if (settings_.clip <= 0) return problem.bits + problem.fraction;
    const double longest = std::ldexp(settings_.clip, problem.fraction) + 1;  // rounded up
    return std::min(problem.bits + problem.fraction, std::ilogb(longest) + 1);
  }
  // So that noise disturbs the samples no more than the updates, they are entered in units as large
  // beside it: one is 2^shift, the power of two below the longest update.
  int weight_shift(const Problem& problem) const {
    return is_noisy() ? std::max(0, clip_exponent() + problem.fraction) : 0;
  }

  // What an owner changes by taking part, in units of the last place: of its update, the length and
  // what rounding adds to it, half a unit a part; beside it, its samples.
  Noise noise(const Problem& problem) const {
    const auto parts = static_cast<double>(length(problem));
    const double most = settings_.weighted ? static_cast<double>(settings_.most_samples) : 1;
    const double longest = std::ldexp(settings_.clip, problem.fraction) + std::sqrt(parts) / 2;
    const double one = settings_.weighted ? std::ldexp(1.0, weight_shift(problem)) : 0;
    if (settings_.noise == NoiseKind::laplace)
      return {Noise::Kind::laplace, most * (std::sqrt(parts) * longest + one) / settings_.epsilon};
    return {Noise::Kind::gaussian,
            most * std::sqrt(longest * longest + one * one) * settings_.multiplier};
  }

  Settings settings_;
};

const Registered entry{
    functions(), function_entry<FederatedAveraging>("federated_averaging",
                                                    "the mean of updates, weighed by samples")};

}  // namespace
}  // namespace evenkeel
