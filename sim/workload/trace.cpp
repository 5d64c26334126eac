// Requests from a CSV file, one a row: the time they came, and what else the file says of them.
// Runs the Azure traces: dates with seven decimals, or the times of ends with durations.
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/runtime/user_error.h"
#include "sim/workload/amounts.h"
#include "sim/workload/csv.h"
#include "sim/workload/replay.h"
#include "sim/workload/service.h"
#include "sim/workload/superposed.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_requests = 20'000'000;

/// One row; NaN where there is no such column.
struct Row {
  Duration at;
  double work;
  double input_bytes;
  double output_bytes;
  std::uint64_t key;
  std::uint64_t device;
};

struct Trace {
  std::string file = {};
  std::string time = "time";
  std::string time_unit = "s";
  std::string duration = {};
  std::string duration_unit = "s";
  std::string work = {};
  double work_unit = 1;
  std::string input = {};
  double input_unit = 1;
  std::string output = {};
  double output_unit = 1;
  std::string key = {};
  std::string device = {};
  Duration start{};
  Duration skip{};
  Duration length{};
  double stretch = 1;
  bool loop = false;

  void describe(Fields& fields) {
    fields.file("file", file, {"a CSV file with a header"});
    describe_times(fields);
    describe_columns(fields);
    fields.duration("start", start, {"when in the run the trace begins", 0, 1e9});
    fields.duration("skip", skip, {"leave out so much of the trace's beginning", 0, 1e9});
    fields.duration("length", length, {"play so much of the trace; 0: to its end", 0, 1e9});
    fields.number("stretch", stretch, Unit::none,
                  {"times in the trace are multiplied by it: 0.5 is twice as fast", 1e-6, 1e6});
    fields.boolean("loop", loop, {"whether the trace begins anew at its end"});
  }

  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const;

 private:
  void describe_times(Fields& fields) {
    fields.text("time", time, {"the column of the requests' times"});
    fields.option("time_unit", time_unit, time_units,
                  {"of that column; date: 2023-11-16 18:15:46.6805900"});
    fields.text("duration", duration,
                {"column of durations to take off the time, where that is the request's end"});
    fields.option("duration_unit", duration_unit, std::span{time_units}.first(6),
                  {"of the duration's column"});
  }
  void describe_columns(Fields& fields) {
    fields.text("work", work, {"column of the work; empty: the class says"});
    fields.number("work_unit", work_unit, Unit::work,
                  {"the work that a 1 in that column stands for", 0, max_amount});
    fields.text("input", input, {"column of the size sent to the server; empty: the class says"});
    fields.number("input_unit", input_unit, Unit::bytes,
                  {"the bytes that a 1 in that column stands for", 0, max_amount});
    fields.text("output", output, {"column of the size of the answer; empty: the class says"});
    fields.number("output_unit", output_unit, Unit::bytes,
                  {"the bytes that a 1 in that column stands for", 0, max_amount});
    fields.text("key", key, {"column of the key (a function, a user); empty: the class says"});
    fields.text("device", device,
                {"column of the device, a number or any name; empty: devices at random"});
  }
};

/// The rows of a trace in memory, in time order from 0.
class Rows {
 public:
  explicit Rows(const Trace& settings) : settings_(settings) {
    if (settings.file.empty()) throw UserError("arrivals 'trace': 'file' must name a CSV file");
    CsvFile csv{settings.file};
    read(csv);
    std::ranges::stable_sort(rows_, {}, &Row::at);
    cut();
  }

  std::vector<Row> take() { return std::move(rows_); }
  /// From one beginning to the next when the trace is looped.
  Duration period() const {
    if (settings_.length > Duration{}) return scaled(settings_.length);
    // One mean gap after the last request.
    const Duration span = rows_.back().at;
    const auto gaps = static_cast<std::int64_t>(rows_.size() - 1);
    return gaps > 0 ? span + span / gaps : Duration{};
  }

 private:
  struct Columns {
    std::size_t time;
    std::optional<std::size_t> duration, work, input, output, key, device;
  };

  void read(CsvFile& csv) {
    const Columns columns{csv.column(settings_.time),
                          csv.optional_column(settings_.duration),
                          csv.optional_column(settings_.work),
                          csv.optional_column(settings_.input),
                          csv.optional_column(settings_.output),
                          csv.optional_column(settings_.key),
                          csv.optional_column(settings_.device)};
    while (csv.next_row()) {
      if (rows_.size() >= max_requests)
        csv.refuse(columns.time, "more than 20 million requests; give a shorter file");
      rows_.push_back(row(csv, columns));
    }
  }

  Row row(const CsvFile& csv, const Columns& columns) const {
    Row result{};
    result.at = csv_time(csv, columns.time, settings_.time_unit);
    if (columns.duration) {
      const Duration lasted = csv_time(csv, *columns.duration, settings_.duration_unit);
      if (lasted < Duration{}) csv.refuse(*columns.duration, "a duration is at least 0");
      result.at -= lasted;
    }
    result.work = amount(csv, columns.work, settings_.work_unit);
    result.input_bytes = amount(csv, columns.input, settings_.input_unit);
    result.output_bytes = amount(csv, columns.output, settings_.output_unit);
    if (columns.key) result.key = key_of(csv.field(*columns.key));
    if (columns.device) result.device = device_number(csv.field(*columns.device));
    return result;
  }

  static double amount(const CsvFile& csv, std::optional<std::size_t> column, double unit) {
    if (!column) return std::numeric_limits<double>::quiet_NaN();
    return unit * csv.number(*column, 0, unit > 1 ? max_amount / unit : max_amount);
  }

  /// A number as it is, anything else by its hash.
  static std::uint64_t device_number(std::string_view text) {
    std::uint64_t number = 0;
    if (text.empty() || text.size() > 18) return key_of(text);
    for (const char letter : text) {
      if (letter < '0' || letter > '9') return key_of(text);
      number = number * 10 + static_cast<std::uint64_t>(letter - '0');
    }
    return number;
  }

  /// Leaves what is played, and lets the times begin at 0.
  void cut() {
    if (rows_.empty()) throw UserError(Place{settings_.file}, "has no rows below its header");
    const Duration first = rows_.front().at + settings_.skip;
    const Duration length = settings_.length > Duration{} ? settings_.length : never;
    std::erase_if(rows_,
                  [&](const Row& row) { return row.at < first || row.at - first >= length; });
    if (rows_.empty())
      throw UserError(Place{settings_.file},
                      "has no request left after 'skip' and within 'length'");
    for (Row& row : rows_) row.at = scaled(row.at - first);
    if (rows_.back().at > max_record || scaled(settings_.length) > max_record)
      throw UserError(Place{settings_.file}, "is longer than 30 years; see 'time_unit', 'stretch'");
  }
  Duration scaled(Duration span) const {
    return settings_.stretch == 1 ? span : seconds(to_seconds(span) * settings_.stretch);
  }

  const Trace& settings_;
  std::vector<Row> rows_;
};

class TraceRecord final : public Record {
 public:
  explicit TraceRecord(const Trace& settings) : settings_(settings) {
    Rows read{settings_};
    period_ = read.period();
    rows_ = read.take();
    if (settings_.loop && period_ <= Duration{})
      throw UserError(Place{settings_.file},
                      "cannot be looped: all its requests come at one time; give 'length'");
  }

  bool next(Recorded& request) override {
    if (position_ == rows_.size()) {
      if (!settings_.loop) return false;
      position_ = 0;
      if (begin_ + period_ > last_round) return false;
      begin_ += period_;
    }
    const Row& row = rows_[position_++];
    request.at = settings_.start + begin_ + row.at;
    request.work = given(row.work);
    request.input_bytes = given(row.input_bytes);
    request.output_bytes = given(row.output_bytes);
    if (!settings_.key.empty()) request.key = row.key;
    if (!settings_.device.empty()) request.device = row.device;
    return true;
  }

 private:
  static std::optional<double> given(double value) {
    return std::isnan(value) ? std::nullopt : std::optional{value};
  }

  Trace settings_;
  std::vector<Row> rows_;
  Duration period_{};
  Duration begin_{};  // of this round
  std::size_t position_ = 0;
};

std::unique_ptr<Arrivals> Trace::make(const ArrivalContext& context) const {
  refuse_rate(context, "trace");
  return std::make_unique<Replay>(context, std::make_unique<TraceRecord>(*this));
}

const Registered entry{arrivals(),
                       arrivals_entry<Trace>("trace", "as recorded in a CSV file, one row each")};

}  // namespace
}  // namespace evenkeel
