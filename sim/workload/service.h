// How much work a request is, and every other amount that is drawn at random: distributions of
// values that are never negative, with their exact moments. One distribution a file.
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <string>

#include "models/runtime/random.h"
#include "models/runtime/registry.h"

namespace evenkeel {

/// Immutable: many classes and devices may draw from one, each with its own stream.
class Distribution {
 public:
  virtual ~Distribution() = default;

  /// Finite and at least 0. Depends on the stream only, and is the same on every machine.
  virtual double sample(Random& random) const = 0;
  /// The exact mean.
  virtual double mean() const = 0;
  /// The exact squared coefficient of variation: variance / mean^2; 0 if the mean is 0.
  virtual double cv2() const = 0;
};

/// UserError if a file that the distribution comes from cannot be read or makes no sense.
using MakeDistribution = std::function<std::unique_ptr<Distribution>()>;

/// All distributions, with their amounts in `Unit::work`. An entry's `configure` returns a
/// MakeDistribution. An entry with one main setting visits it first: fixed's `value`,
/// exponential's `mean`.
Catalogue& service_times();

/// The same distributions with their amounts in seconds (Unit::time: think times), in bytes
/// (Unit::bytes: sizes) or without a unit (Unit::none). Complete once main has begun.
const Catalogue& distributions_in(Unit unit);

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from Settings.
template <class D>
Entry distribution_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename D::Settings settings;
            settings.describe(fields);
            return MakeDistribution{[settings]() -> std::unique_ptr<Distribution> {
              return std::make_unique<D>(settings);
            }};
          }};
}

}  // namespace evenkeel
