#include "models/mpc/protocols/prio3_measure.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>

namespace evenkeel {
namespace {

constexpr std::array<std::string_view, 4> measures{"sum_vector", "sum", "count", "histogram"};

}  // namespace

void Prio3Settings::describe(Fields& fields) {
  option(fields, "measure", measure, measures,
         {"what a client has: numbers, one number, one bit, or zeros and a single 1"});
  fields.integer("chunk", chunk,
                 {"bits that one call of the proof's gadget checks; 0: what is shortest", 0, 1e6});
  fields.integer("fewest_reports", fewest_reports,
                 {"valid reports below which no total is made", 1, 1e9});
}

std::unique_ptr<Prio3> scheme_for(const Prio3Settings& settings, const Summands& summands) {
  const Word most = (Word{1} << summands.bits) - 1;
  const bool is_histogram = settings.measure == Prio3Measure::histogram;
  const std::size_t bits =
      summands.count * static_cast<std::size_t>(is_histogram ? 1 : summands.bits);
  const std::size_t chunk =
      settings.chunk > 0
          ? static_cast<std::size_t>(settings.chunk)
          : static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(bits))));
  switch (settings.measure) {
    case Prio3Measure::sum_vector:
      return prio3_sum_vec(2, summands.count, most, chunk);
    case Prio3Measure::sum:
      return prio3_sum(2, most);
    case Prio3Measure::count:
      return prio3_count(2);
    case Prio3Measure::histogram:
      break;
  }
  return prio3_histogram(2, summands.count, chunk);
}

std::optional<std::string> misfit(const Prio3Settings& settings, const Summands& summands,
                                  std::uint32_t clients) {
  const bool is_single = summands.count == 1;
  const bool is_bits = summands.bits == 1;
  if (summands.count < 1 || summands.bits < 1 || summands.bits > 62)
    return fmt::format("{} numbers of {} bits are none that it can prove", summands.count,
                       summands.bits);
  if (summands.bits + std::bit_width(clients) > 63)
    return fmt::format("numbers of {} bits of {} clients may add up to more than 63 bits",
                       summands.bits, clients);
  const bool fits = settings.measure == Prio3Measure::sum_vector ||
                    (settings.measure == Prio3Measure::sum && is_single) ||
                    (settings.measure == Prio3Measure::count && is_single && is_bits) ||
                    (settings.measure == Prio3Measure::histogram && is_bits);
  if (fits) return std::nullopt;
  return fmt::format("{} numbers of {} bits are no {}", summands.count, summands.bits,
                     measures[static_cast<std::size_t>(settings.measure)]);
}

}  // namespace evenkeel
