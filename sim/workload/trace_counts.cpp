// Requests of which only the number in each interval is known, as in the Azure Functions 2019
// trace: a CSV file with a row a function and a column a minute. Within its interval, a request's
// time is drawn at random, or they are spread evenly, or all come at the interval's start.
#include <algorithm>
#include <charconv>

#include "models/runtime/user_error.h"
#include "sim/workload/csv.h"
#include "sim/workload/replay.h"
#include "sim/workload/superposed.h"

namespace evenkeel {
namespace {

enum class Spread { random, even, start };
constexpr std::string_view spreads[] = {"random", "even", "start"};
constexpr std::size_t max_cells = 50'000'000;           // with requests
constexpr std::uint64_t max_per_interval = 10'000'000;  // of all rows

struct TraceCounts {
  std::string file = {};
  std::string prefix = "minute_";
  Duration interval = std::chrono::minutes{1};
  Spread spread = Spread::random;
  std::string key = {};
  Duration start{};
  std::int64_t skip = 0;
  std::int64_t intervals = 0;
  bool loop = false;

  void describe(Fields& fields) {
    fields.file("file", file, {"a CSV file with a header"});
    fields.text("prefix", prefix,
                {"how the columns' names begin; they end in the interval's number"});
    fields.duration("interval", interval, {"what one column covers", 1e-3, 1e8});
    option(fields, "spread", spread, spreads,
           {"where in their interval requests come: at random, evenly, or all at its start"});
    fields.text("key", key, {"column of the key (a function, a user); empty: the class says"});
    fields.duration("start", start, {"when in the run the trace begins", 0, 1e9});
    fields.integer("skip", skip, {"leave out so many intervals of the trace's beginning", 0, 1e6});
    fields.integer("intervals", intervals, {"play so many intervals; 0: to the end", 0, 1e6});
    fields.boolean("loop", loop, {"whether the trace begins anew at its end"});
  }

  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const;
};

/// A column and the number its name ends in.
struct Numbered {
  std::uint64_t number;
  std::size_t column;
};

std::vector<Numbered> numbered_columns(const CsvFile& csv, const std::string& prefix) {
  std::vector<Numbered> found;
  for (std::size_t i = 0; i < csv.columns().size(); ++i) {
    std::string_view name = csv.columns()[i];
    if (!name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) found.push_back({number, i});
  }
  std::ranges::sort(found, {}, &Numbered::number);
  if (found.empty())
    throw UserError(Place{csv.name(), 1, 1}, "no column '" + prefix + "1', '" + prefix + "2', ...");
  for (std::size_t i = 1; i < found.size(); ++i)
    if (found[i].number != found[0].number + i)
      throw UserError(Place{csv.name(), 1, 1}, "the interval before '" +
                                                   csv.columns()[found[i].column] +
                                                   "' is missing, or it is there twice");
  return found;
}

/// So many requests of one row in one interval.
struct Cell {
  std::uint32_t interval;
  std::uint32_t row;
  std::uint32_t count;
};

class CountsRecord final : public Record {
 public:
  CountsRecord(const TraceCounts& settings, std::uint64_t seed)
      : settings_(settings), random_(Random::stream(seed, "spread")) {
    if (settings.file.empty())
      throw UserError("arrivals 'trace_counts': 'file' must name a CSV file");
    CsvFile csv{settings.file};
    read(csv);
    if (cells_.empty()) throw UserError(Place{settings.file}, "has no request in what is played");
    std::ranges::stable_sort(cells_, {}, &Cell::interval);
    check_intervals();
  }

  bool next(Recorded& request) override {
    while (position_ == due_.size())
      if (!fill()) return false;
    const Due& due = due_[position_++];
    request.at = due.at;
    if (!keys_.empty()) request.key = keys_[due.row];
    return true;
  }

 private:
  struct Due {
    Time at;
    std::uint32_t row;
  };

  void read(CsvFile& csv) {
    std::vector<Numbered> columns = numbered_columns(csv, settings_.prefix);
    const auto skip = static_cast<std::size_t>(settings_.skip);
    if (skip >= columns.size())
      throw UserError(Place{settings_.file, 1, 1}, "has no interval left after 'skip'");
    columns.erase(columns.begin(), columns.begin() + settings_.skip);
    if (settings_.intervals > 0 && static_cast<std::size_t>(settings_.intervals) < columns.size())
      columns.resize(static_cast<std::size_t>(settings_.intervals));
    intervals_ = columns.size();
    if (to_seconds(settings_.interval) * static_cast<double>(intervals_) > to_seconds(max_record))
      throw UserError(Place{settings_.file}, "is longer than 30 years; see 'interval'");
    const std::optional<std::size_t> key = csv.optional_column(settings_.key);
    for (std::uint32_t row = 0; csv.next_row(); ++row) {
      if (key) keys_.push_back(key_of(csv.field(*key)));
      read_row(csv, columns, row);
    }
  }
  void read_row(const CsvFile& csv, const std::vector<Numbered>& columns, std::uint32_t row) {
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
      const std::size_t column = columns[i].column;
      if (csv.field(column) == "0") continue;
      const double count = csv.number(column, 0, max_per_interval);
      if (count != static_cast<double>(static_cast<std::uint32_t>(count)))
        csv.refuse(column, "a number of requests is whole");
      if (count == 0) continue;
      if (cells_.size() >= max_cells) csv.refuse(column, "more than 50 million numbers above 0");
      cells_.push_back({i, row, static_cast<std::uint32_t>(count)});
    }
  }
  void check_intervals() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (i > 0 && cells_[i].interval != cells_[i - 1].interval) sum = 0;
      sum += cells_[i].count;
      if (sum > max_per_interval)
        throw UserError(Place{settings_.file}, "more than 10 million requests in one interval");
    }
  }

  /// The requests of the next interval that has any.
  bool fill() {
    if (cell_ == cells_.size()) {
      if (!settings_.loop) return false;
      const Duration round = settings_.interval * static_cast<std::int64_t>(intervals_);
      if (begin_ + round > last_round) return false;
      begin_ += round;
      cell_ = 0;
    }
    due_.clear();
    position_ = 0;
    const std::uint32_t interval = cells_[cell_].interval;
    const Time begin = settings_.start + begin_ + settings_.interval * std::int64_t{interval};
    for (; cell_ < cells_.size() && cells_[cell_].interval == interval; ++cell_)
      for (std::uint32_t i = 0; i < cells_[cell_].count; ++i)
        due_.push_back({begin + offset(i, cells_[cell_].count), cells_[cell_].row});
    std::ranges::stable_sort(due_, {}, &Due::at);
    return true;
  }
  Duration offset(std::uint32_t i, std::uint32_t count) {
    if (settings_.spread == Spread::start) return {};
    const double share = settings_.spread == Spread::random ? random_.uniform() : (i + 0.5) / count;
    const auto interval_ns = static_cast<double>(settings_.interval.count());
    return std::min(Duration{static_cast<std::int64_t>(share * interval_ns)},
                    settings_.interval - Duration{1});
  }

  TraceCounts settings_;
  Random random_;
  std::vector<Cell> cells_;          // in time order
  std::vector<std::uint64_t> keys_;  // by row, if there is a column
  std::size_t intervals_ = 0;        // in one round
  Duration begin_{};                 // of this round
  std::size_t cell_ = 0;             // the next one
  std::vector<Due> due_;             // of this interval, in time order
  std::size_t position_ = 0;
};

std::unique_ptr<Arrivals> TraceCounts::make(const ArrivalContext& context) const {
  refuse_rate(context, "trace_counts");
  return std::make_unique<Replay>(context, std::make_unique<CountsRecord>(*this, context.seed));
}

const Registered entry{
    arrivals(),
    arrivals_entry<TraceCounts>("trace_counts", "as recorded in a CSV file of counts an interval")};

}  // namespace
}  // namespace evenkeel
