// What is measured by prio3.cpp: the settings, and the scheme of tools/prio3.h that they mean.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/mpc/aggregation.h"
#include "models/mpc/tools/prio3.h"
#include "models/runtime/fields.h"

namespace evenkeel {

enum class Prio3Measure { sum_vector, sum, count, histogram };
struct Prio3Settings {
  Prio3Measure measure = Prio3Measure::sum_vector;
  std::int64_t chunk = 0;
  std::int64_t fewest_reports = 1;

  void describe(Fields& fields);
};

/// For two aggregators.
std::unique_ptr<Prio3> scheme_for(const Prio3Settings& settings, const Summands& summands);
/// Why the measure cannot be what is asked for.
std::optional<std::string> misfit(const Prio3Settings& settings, const Summands& summands,
                                  std::uint32_t clients);

}  // namespace evenkeel
