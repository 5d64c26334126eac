// What threshold and range_test share: how many numbers are in an interval, or which.
//
// The interval is public. So an owner tests its own values itself, which costs no comparison in
// secret: how many there are is a sum. What nobody may see are totals over the owners; those are
// compared in secret, all at once.
#pragma once

#include "models/mpc/function.h"

namespace evenkeel {

class IntervalTest : public Function {
 public:
  enum class Of { values, totals };

  struct Settings {
    Of of = Of::values;
    bool list = false;
    void describe(Fields& fields) {
      static constexpr std::string_view options[] = {"values", "totals"};
      option(fields, "of", of, options,
             {"what is tested: each value of each owner, or the sum over the owners at each place, "
              "which stays secret"});
      fields.boolean("list", list, {"which they are, rather than how many"});
    }
  };

  Needs needs(const Problem& problem) const override;
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override;
  bool is_sum() const override { return tests_ == Of::values && !lists_; }
  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override;
  /// How many; or the places, ascending, through all owners as for argmin.
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override;
  /// Of the values as they are entered, rounded: else one at the edge could go either way.
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override;
  double error_bound(const Problem&) const override { return 0; }

 protected:
  /// x is in it if lowest <= x < end; either may be infinite.
  struct Interval {
    double lowest = 0;
    double end = 0;
  };

  explicit IntervalTest(const Settings& settings) : tests_(settings.of), lists_(settings.list) {}

  virtual bool contains(double value) const = 0;
  /// In units of the last place: whole numbers.
  virtual Interval interval(double units_in_one) const = 0;

 private:
  int total_bits(const Problem& problem) const {
    return problem.bits + problem.fraction + bits_of(problem.owners);
  }
  /// 1 where a secret is in the interval.
  Task<Secrets> tested(Protocol& protocol, const Secrets& totals, const Problem& problem) const;

  Of tests_;
  bool lists_;
};

}  // namespace evenkeel
