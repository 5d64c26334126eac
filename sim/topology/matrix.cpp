// Measured latencies between all places. A ping there and back is twice the one-way latency; the
// two pings of a pair, one from either end, are averaged. Routes keep to the measured link.
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/csv.h"
#include "sim/topology/readers.h"
#include "sim/topology/sources.h"
#include "sim/topology/text.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_matrix_places = 1'400;  // about Graph::max_links pairs
constexpr std::size_t max_folder_files = 10'000;

class MatrixReader {
 public:
  MatrixReader(const MatrixSettings& settings, const LinkDefaults& defaults)
      : settings_(settings), builder_(defaults, settings.file) {
    builder_.route_by(RouteBy::links);
  }

  Graph read() && {
    if (std::filesystem::is_directory(settings_.file)) {
      read_folder();
    } else if (const std::string text = read_text_file(settings_.file); is_pings(text)) {
      read_pings(settings_.file, text);
    } else {
      read_table(text);
    }
    if (builder_.places().empty()) throw UserError({settings_.file}, "holds no latencies");
    add_links();
    return std::move(builder_).build();
  }

 private:
  /// "0.1/0.2/0.3/0.0:name" in the first line.
  static bool is_pings(std::string_view text) {
    const std::string_view first = text.substr(0, text.find('\n'));
    return std::ranges::count(first.substr(0, first.find(':')), '/') == 3;
  }

  void read_folder() {
    std::vector<std::string> paths;
    std::error_code failed;
    for (auto file = std::filesystem::directory_iterator(settings_.file, failed);
         !failed && file != std::filesystem::directory_iterator(); file.increment(failed)) {
      if (paths.size() >= max_folder_files) throw UserError({settings_.file}, "too many files");
      if (file->is_regular_file()) paths.push_back(file->path().string());
    }
    if (failed) throw UserError({settings_.file}, "the folder cannot be read");
    std::ranges::sort(paths);
    for (const std::string& path : paths)
      if (const std::string text = read_text_file(path); is_pings(text)) {
        read_pings(path, text);
      } else {
        ++other_files_;
      }
  }

  VertexId place(const std::string& name) {
    const auto [found, fresh] = names_.try_emplace(name, 0);
    if (fresh) {
      if (names_.size() > max_matrix_places)
        throw UserError({settings_.file},
                        fmt::format("more than {} places in a matrix", max_matrix_places));
      found->second = builder_.add({.name = name});
    }
    return found->second;
  }

  void read_pings(const std::string& path, std::string_view text) {
    const VertexId source = place(std::filesystem::path(path).stem().string());
    for (int number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = trimmed(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!line.empty()) read_ping(source, line, {path, number, 1});
    }
  }

  void read_ping(VertexId source, std::string_view line, const Place& at) {
    const std::size_t colon = line.find(':');
    std::array<std::optional<double>, 4> values;
    std::string_view rest = line.substr(0, colon);
    for (auto& value : values) {
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      value = parsed_number(rest.substr(0, slash));
      rest.remove_prefix(std::min(slash + 1, rest.size()));
      if (!value || !(*value >= 0)) refuse_ping(at);
    }
    if (colon == line.npos || !rest.empty() || trimmed(line.substr(colon + 1)).empty())
      refuse_ping(at);
    if (*values[0] > *values[1] || *values[1] > *values[2])
      throw UserError(at, "min, avg and max are not in ascending order");
    const bool least = settings_.statistic == MatrixSettings::Statistic::min;
    measured(source, place(std::string{trimmed(line.substr(colon + 1))}), *values[least ? 0 : 1],
             at);
  }

  [[noreturn]] static void refuse_ping(const Place& at) {
    throw UserError(at, "expected min/avg/max/mdev:name, in ms, such as 0.1/0.2/0.4/0.1:paris");
  }

  void read_table(std::string_view text) {
    const std::vector<CsvRow> rows = parse_csv(text, settings_.file);
    if (rows.empty()) return;
    const std::vector<std::string>& names = rows.front().fields;
    std::vector<VertexId> columns;
    for (std::size_t column = 1; column < names.size(); ++column) {
      if (names[column].empty() || names_.contains(names[column]))
        throw UserError({settings_.file, rows.front().line},
                        "the first row must name each place once, with the first field left over");
      columns.push_back(place(names[column]));
    }
    for (const CsvRow& row : rows)
      if (&row != &rows.front()) read_row(row, columns);
  }

  void read_row(const CsvRow& row, const std::vector<VertexId>& columns) {
    const Place at{settings_.file, row.line, 1};
    const auto source = names_.find(row.fields.front());
    if (source == names_.end())
      throw UserError(
          at, fmt::format("'{}' is not named in the first row", printable(row.fields.front())));
    if (row.fields.size() != columns.size() + 1)
      throw UserError(
          at, fmt::format("{} values for {} places", row.fields.size() - 1, columns.size()));
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const std::string& text = row.fields[column + 1];
      if (text.empty()) continue;
      const std::optional<double> value = parsed_number(text);
      if (!value || !(*value >= 0))
        throw UserError(
            at, fmt::format("'{}' is no latency; expected a number of ms", printable(text)));
      measured(source->second, columns[column], *value, at);
    }
  }

  void measured(VertexId from, VertexId to, double value_ms, const Place& at) {
    if (from == to) {
      ++to_itself_;
      return;
    }
    const double one_way_ms = settings_.round_trip ? value_ms / 2 : value_ms;
    if (one_way_ms / 1000 > to_seconds(Graph::max_latency))
      throw UserError(at, "a latency of more than 1 h");
    const auto [low, high] = std::minmax(from, to);
    Pair& pair = pairs_[{low, high}];
    std::optional<double>& side = from == low ? pair.onward : pair.back;
    if (side) throw UserError(at, "a second value for this pair");
    side = one_way_ms;
  }

  void add_links() {
    std::size_t unlike = 0, one_sided = 0;
    for (const auto& [ends, pair] : pairs_) {
      const double onward = pair.onward.value_or(pair.back.value_or(0));
      const double back = pair.back.value_or(onward);
      one_sided += pair.onward.has_value() != pair.back.has_value();
      unlike += std::max(onward, back) > 1.2 * std::min(onward, back);
      builder_.link(
          {.from = ends.first, .to = ends.second, .latency = seconds((onward + back) / 2 / 1000)});
    }
    const auto state = [&](std::size_t count, std::string_view one, std::string_view many,
                           std::string_view rest) {
      if (count > 0) builder_.doubt(counted(count, one, many) + std::string{rest});
    };
    const std::size_t n = builder_.places().size();
    state(to_itself_, "value", "values", " of a place to itself not used");
    state(n * (n - 1) / 2 - pairs_.size(), "pair has", "pairs have", " no value and no link");
    state(one_sided, "pair was", "pairs were", " measured from one end only");
    state(unlike, "pair differs", "pairs differ",
          " by more than 20 % between its two ends; the mean is used");
    state(other_files_, "file", "files", " of the folder without pings passed over");
  }

  struct Pair {  // ms, one way
    std::optional<double> onward, back;
  };

  const MatrixSettings& settings_;
  GraphBuilder builder_;
  std::map<std::string, VertexId> names_;
  std::map<std::pair<VertexId, VertexId>, Pair> pairs_;
  std::size_t to_itself_ = 0;
  std::size_t other_files_ = 0;
};

struct Matrix : MatrixSettings {
  Graph make(const LinkDefaults& defaults, Random&) const { return read_matrix(*this, defaults); }
};

const Registered entry{topologies(),
                       topology_entry<Matrix>("matrix",
                                              "a full mesh of measured latencies: a "
                                              "folder of pings, or a CSV table in ms")};

}  // namespace

void MatrixSettings::describe(Fields& fields) {
  static constexpr std::array<std::string_view, 2> statistics{"min", "avg"};
  fields.file("file", file, {"a folder of pings, one file of pings, or a square CSV table in ms"});
  option(fields, "statistic", statistic, statistics, {"which value of a ping's statistics counts"});
  fields.boolean("round_trip", round_trip,
                 {"the values are there and back: half of each is the latency"});
}

Graph read_matrix(const MatrixSettings& settings, const LinkDefaults& defaults) {
  return MatrixReader(settings, defaults).read();
}

}  // namespace evenkeel
