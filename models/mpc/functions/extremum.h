// What min, max, argmin and argmax share.
#pragma once

#include "models/mpc/functions/tournament.h"

namespace evenkeel {

/// Of all values of all owners, one owner after another.
class JointExtremum : public Function {
 public:
  enum class Which { smallest, largest };

  struct Settings {
    std::int64_t groups_of = 0;
    void describe(Fields& fields) {
      fields.integer("groups_of", groups_of,
                     {"values compared with each other at once; 0: what is fastest", 0, 1024});
      if (groups_of == 1) fields.refuse("groups_of", "nobody is compared in groups of 1");
    }
  };

  Needs needs(const Problem& problem) const override;
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }
  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override;
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override;
  /// Places are those of the rounded values, as they are entered: else a tie could go either way.
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override;
  /// A value is off by its rounding, half a unit of the last place, for the extremum of numbers
  /// that each move by so much moves by no more; a place is exact.
  double error_bound(const Problem& problem) const override;

 protected:
  JointExtremum(const Settings& settings, Which which, Prize prize)
      : settings_(settings), which_(which), prize_(prize) {}

 private:
  Settings settings_;
  Which which_;
  Prize prize_;
};

}  // namespace evenkeel
