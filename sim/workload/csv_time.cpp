// Times in CSV files. Dates are read digit by digit: seven decimals of a second are exact in
// nanoseconds, where a double of the seconds since 1970 would lose the last two.
#include <iterator>

#include <fmt/format.h>

#include "sim/workload/csv.h"

namespace evenkeel {
namespace {

constexpr double max_seconds = 3e9;  // 95 years

/// Reads numbers of fixed width and marks off the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}

  int take(std::size_t width, int low, int high) {
    int value = 0;
    ok_ = ok_ && rest_.size() >= width;
    for (std::size_t i = 0; ok_ && i < width; ++i) {
      ok_ = rest_[i] >= '0' && rest_[i] <= '9';
      value = value * 10 + (rest_[i] - '0');
    }
    if (ok_) rest_.remove_prefix(width);
    ok_ = ok_ && value >= low && value <= high;
    return value;
  }
  void mark(std::string_view one_of) {
    ok_ = ok_ && !rest_.empty() && one_of.find(rest_.front()) != std::string_view::npos;
    if (ok_) rest_.remove_prefix(1);
  }
  /// ".6805900" in nanoseconds; digits beyond the ninth are cut off.
  std::int64_t fraction() {
    if (!ok_ || rest_.empty() || rest_.front() != '.') return 0;
    rest_.remove_prefix(1);
    ok_ = !rest_.empty();
    std::int64_t value = 0;
    std::int64_t unit = 100'000'000;
    for (; ok_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
         rest_.remove_prefix(1), unit /= 10)
      value += unit * (rest_.front() - '0');
    return value;
  }
  bool done() {
    if (ok_ && rest_ == "Z") rest_ = {};
    return ok_ && rest_.empty();
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Duration> parsed_date(std::string_view text) {
  namespace chrono = std::chrono;
  Digits digits{text};
  const int year = digits.take(4, 1900, 2060);
  digits.mark("-");
  const int month = digits.take(2, 1, 12);
  digits.mark("-");
  const int day = digits.take(2, 1, 31);
  digits.mark(" T");
  const int hour = digits.take(2, 0, 23);
  digits.mark(":");
  const int minute = digits.take(2, 0, 59);
  digits.mark(":");
  const int second = digits.take(2, 0, 59);
  const std::int64_t fraction_ns = digits.fraction();
  const chrono::year_month_day date{chrono::year{year}, chrono::month{static_cast<unsigned>(month)},
                                    chrono::day{static_cast<unsigned>(day)}};
  if (!digits.done() || !date.ok()) return std::nullopt;
  return chrono::sys_days{date}.time_since_epoch() + chrono::hours{hour} + chrono::minutes{minute} +
         chrono::seconds{second} + Duration{fraction_ns};
}

double seconds_in(std::string_view unit) {
  constexpr double values[] = {1, 1e-3, 1e-6, 1e-9, 60, 3600};
  for (std::size_t i = 0; i < std::size(values); ++i)
    if (time_units[i] == unit) return values[i];
  return 1;
}

}  // namespace

Duration csv_time(const CsvFile& file, std::size_t column, std::string_view unit) {
  const std::string_view text = file.field(column);
  const std::optional<Duration> date = parsed_date(text);
  if (unit == "date") {
    if (!date)
      file.refuse(column, fmt::format("'{}' is no date; it looks like 2023-11-16 18:15:46.68",
                                      text.substr(0, 40)));
    return *date;
  }
  if (date) file.refuse(column, "is a date; the time's unit must then be 'date'");
  const double limit = max_seconds / seconds_in(unit);
  return seconds(file.number(column, -limit, limit) * seconds_in(unit));
}

}  // namespace evenkeel
