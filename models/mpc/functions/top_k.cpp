// The k largest or smallest of all values in their order: the values, which they were, or both.
// Places count through all owners, as for argmin; of equal values the first comes first.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/mpc/functions/ordering.h"

namespace evenkeel {
namespace {

class JointTopK final : public Function {
 public:
  enum class Gives { values, places, both };

  struct Settings {
    std::int64_t k = 3;
    bool smallest = false;
    Gives gives = Gives::values;
    Ordering by = Ordering::fastest;
    void describe(Fields& fields) {
      static constexpr std::string_view options[] = {"values", "places", "both"};
      fields.integer("k", k, {"how many; all, if there are fewer", 1, 100'000});
      fields.boolean("smallest", smallest, {"the smallest rather than the largest"});
      option(fields, "gives", gives, options,
             {"what is opened: the values, which of all they are, or first these and then those"});
      describe_ordering(fields, by);
    }
  };
  explicit JointTopK(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    const std::size_t count = problem.owners * problem.size;
    return {.entered = problem.size,
            .opened = k_of(count) * (settings_.gives == Gives::both ? 2 : 1),
            .value_bits = order_bits(count, terms(problem)),
            .multiplies = true,
            .compares = true};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }
  // The largest are the smallest of what is negated, so that of equal ones the first stays first.
  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    Secrets values = protocol.joined(entered);
    if (!settings_.smallest) values = protocol.negate(std::move(values));
    std::vector<std::size_t> wanted(k_of(values.count));
    std::iota(wanted.begin(), wanted.end(), 0);
    Secrets found = co_await at_ranks(protocol, values, wanted, terms(problem), problem);
    if (settings_.smallest || settings_.gives == Gives::places) co_return found;
    const std::size_t k = wanted.size();
    const Secrets first = protocol.negate(protocol.slice(found, 0, k));
    co_return protocol.joined(first, protocol.slice(found, k, found.count - k));
  }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const std::size_t values =
        settings_.gives == Gives::places ? 0 : k_of(problem.owners * problem.size);
    std::vector<double> answer = real_numbers(opened.first(values), problem.fraction);
    for (const std::int64_t place : opened.subspan(values))
      answer.push_back(static_cast<double>(place));
    return answer;
  }

  /// Places are those of the rounded values, as they are entered: else a tie could go either way.
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> values;
    for (const std::vector<double>& own : all)
      for (const double value : own)
        values.push_back(
            settings_.gives == Gives::values
                ? value
                : std::ldexp(std::round(std::ldexp(value, problem.fraction)), -problem.fraction));
    std::vector<std::size_t> places(values.size());
    std::iota(places.begin(), places.end(), 0);
    std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
      return settings_.smallest ? values[a] < values[b] : values[a] > values[b];
    });
    places.resize(k_of(values.size()));
    std::vector<double> answer;
    if (settings_.gives != Gives::places)
      for (const std::size_t place : places) answer.push_back(values[place]);
    if (settings_.gives != Gives::values)
      for (const std::size_t place : places) answer.push_back(static_cast<double>(place));
    return answer;
  }
  /// Of values as for `sort`; places are exact, and values beside them those that were entered.
  double error_bound(const Problem& problem) const override {
    return settings_.gives == Gives::values ? std::ldexp(0.5, -problem.fraction) : 0;
  }

 private:
  std::size_t k_of(std::size_t count) const {
    return std::min(static_cast<std::size_t>(settings_.k), count);
  }
  OrderTerms terms(const Problem& problem) const {
    return {.by = settings_.by,
            .bits = problem.bits + problem.fraction,
            .values = settings_.gives != Gives::places,
            .places = settings_.gives != Gives::values};
  }

  Settings settings_;
};

const Registered entry{
    functions(), function_entry<JointTopK>("top_k", "the k largest or smallest of all values")};

}  // namespace
}  // namespace evenkeel
