// How many of all values are in each bin: bins of equal width, the lower end of each in it and the
// upper one in the next. A sum: each owner counts its own values in the clear, so that nothing is
// compared in secret and nothing rounded. With `epsilon` the counts get noise.
#include <algorithm>
#include <cmath>

#include "models/mpc/functions/noise.h"

namespace evenkeel {
namespace {

class Histogram final : public Function {
 public:
  enum class Outside { nearest, dropped };

  struct Settings {
    double from = 0;
    double to = 0;
    std::int64_t bins = 10;
    Outside outside = Outside::nearest;
    double epsilon = 0;
    void describe(Fields& fields) {
      static constexpr std::string_view options[] = {"nearest", "dropped"};
      fields.number("from", from, Unit::none, {"the lower end of the first bin"});
      fields.number("to", to, Unit::none,
                    {"the upper end of the last bin; from = to: all that the problem's bits hold"});
      if (from > to) fields.refuse("to", "the last bin ends where the first begins: give more");
      fields.integer("bins", bins, {"how many", 1, 1'000'000});
      option(fields, "outside", outside, options,
             {"where a value beyond the ends counts: in the nearest bin, or nowhere"});
      fields.number("epsilon", epsilon, Unit::none,
                    {"differential privacy of one value that is there or not, by noise of which "
                     "every owner adds a share; 0: exact counts",
                     0, 1000});
    }
  };
  explicit Histogram(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    const auto bins = static_cast<std::size_t>(settings_.bins);
    const std::uint64_t most = problem.size + (noisy() ? noise().most() : 0);
    return {
        .entered = bins, .opened = bins, .value_bits = bits_of(most + 1) + bits_of(problem.owners)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(settings_.bins), 0);
    const Range range = range_of(problem);
    for (const double value : own) {
      const double place = std::floor((value - range.from) / range.width());
      const double nearest = std::clamp(place, 0.0, static_cast<double>(settings_.bins - 1));
      if (place == nearest || settings_.outside == Outside::nearest)
        ++counts[static_cast<std::size_t>(nearest)];
    }
    return counts;
  }
  void blur(std::span<std::int64_t> entered, const Problem& problem,
            Random& random) const override {
    if (!noisy()) return;
    Prg prg{draw_prg_key(random)};
    for (std::int64_t& count : entered) count += noise().share(prg, problem.owners);
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened, const Problem&) const override {
    return real_numbers(opened, 0);
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    const Range range = range_of(problem);
    const auto last = static_cast<std::size_t>(settings_.bins - 1);
    std::vector<double> counts(last + 1, 0);
    for (const std::vector<double>& own : all)
      for (const double value : own) {
        const double place = (value - range.from) / range.width();
        if (place >= 0 && place < static_cast<double>(settings_.bins)) {
          counts[static_cast<std::size_t>(place)] += 1;
        } else if (settings_.outside == Outside::nearest) {
          counts[place < 0 ? 0 : last] += 1;
        }
      }
    return counts;
  }
  /// None without noise; with it, what a count's noise exceeds with a chance of 2^-40.
  double error_bound(const Problem&) const override {
    return noisy() ? static_cast<double>(noise().tail()) : 0;
  }

 private:
  struct Range {
    double from = 0;
    double to = 0;
    std::int64_t bins = 1;
    double width() const { return (to - from) / static_cast<double>(bins); }
  };
  Range range_of(const Problem& problem) const {
    const double all = std::ldexp(1.0, problem.bits);
    if (settings_.from == settings_.to) return {-all, all, settings_.bins};
    return {settings_.from, settings_.to, settings_.bins};
  }
  bool noisy() const { return settings_.epsilon > 0; }
  // One value more or less changes one count by one.
  Noise noise() const { return {Noise::Kind::laplace, 1 / settings_.epsilon}; }

  Settings settings_;
};

const Registered entry{
    functions(), function_entry<Histogram>("histogram", "how many of all values are in each bin")};

}  // namespace
}  // namespace evenkeel
