// What is computed over secrets that many own: a sum, an argmin, a regression. Functions stand in
// functions/, one a file, and run under every protocol that can do what they need.
//
// Owners enter whole numbers; a function says how it makes them of real ones (fixed point), what it
// computes with them, and what the opened numbers mean.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/mpc/protocol.h"

namespace evenkeel {

/// The size of one computation.
struct Problem {
  std::uint32_t owners = 3;
  std::size_t size = 1;   // real numbers that each owner has
  int bits = 16;          // each is below 2^bits in magnitude
  int fraction = 0;       // bits after the binary point that are kept
  Duration round_trip{};  // between the parties, for functions that can be computed in several ways
  double bandwidth = 1e12;  // bit/s
};

/// What a function asks of a protocol.
struct Needs {
  std::size_t entered = 1;  // numbers an owner
  std::size_t opened = 1;   // numbers
  int value_bits = 0;       // all that is computed stays below 2^value_bits
  bool multiplies = false;
  bool compares = false;
};

class Function {
 public:
  virtual ~Function() = default;

  /// Why the function makes no sense of a problem of this shape, and what shape it wants. Asked
  /// before anything else.
  virtual std::optional<std::string> objection(const Problem&) const { return std::nullopt; }
  virtual Needs needs(const Problem& problem) const = 0;
  /// The numbers that an owner enters for what it has.
  virtual std::vector<std::int64_t> prepare(std::span<const double> own,
                                            const Problem& problem) const = 0;
  /// Adds an owner's share of the noise that makes the answer differentially private.
  virtual void blur(std::span<std::int64_t> /*entered*/, const Problem&, Random&) const {}
  /// Among the parties, from one vector an owner to what is opened. Without this the function is
  /// the sum over the owners, and protocols that only add can run it too.
  virtual Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                                const Problem& problem) const;
  virtual bool is_sum() const { return false; }
  /// From what was opened to the answer; `problem.owners` are those that took part.
  virtual std::vector<double> finish(std::span<const std::int64_t> opened,
                                     const Problem& problem) const = 0;

  /// What an owner might have, for trials: uniform over what fits, unless that makes little sense
  /// here (weights below 0, keys that never meet). Whole numbers if nothing is kept after the
  /// point.
  virtual std::vector<double> drawn(const Problem& problem, Random& random) const;

  /// The same in the clear and in double precision, and how far the answer may be from it.
  virtual std::vector<double> plain(const std::vector<std::vector<double>>& all,
                                    const Problem& problem) const = 0;
  virtual double error_bound(const Problem& problem) const = 0;
};

/// All functions. An entry's `configure` returns a `std::shared_ptr<const Function>`.
Catalogue& functions();

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from it.
template <class F>
Entry function_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename F::Settings settings;
            settings.describe(fields);
            return std::shared_ptr<const Function>{std::make_shared<F>(settings)};
          }};
}

/// With default settings; check that the name is registered first.
std::shared_ptr<const Function> function_named(std::string_view name);

/// Values are below this in magnitude, so that none is rounded up to 2^bits.
double value_limit(const Problem& problem);

/// A real number as a whole one with `fraction` bits after the point, rounded to nearest.
std::int64_t fixed_point(double value, int fraction);
std::vector<std::int64_t> fixed_point(std::span<const double> values, int fraction);
/// The other way.
double real_number(std::int64_t fixed, int fraction);
std::vector<double> real_numbers(std::span<const std::int64_t> fixed, int fraction);
/// How many bits `n` needs: the smallest b with n <= 2^b.
int bits_of(std::uint64_t n);

}  // namespace evenkeel
