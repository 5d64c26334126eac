// Sites with coordinates, and links between those that are near. The column names default to those
// of the EUA data set (Lai et al., ICSOC 2018).
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/csv.h"
#include "sim/topology/readers.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

class SitesReader {
 public:
  SitesReader(const SitesSettings& settings, const LinkDefaults& defaults)
      : settings_(settings), builder_(defaults, settings.file) {}

  Graph read() && {
    const std::vector<CsvRow> rows = parse_csv(read_text_file(settings_.file), settings_.file);
    if (rows.size() < 2) throw UserError({settings_.file}, "holds no sites below its header");
    if (rows.size() - 1 > GraphBuilder::max_joined)
      throw UserError({settings_.file}, fmt::format("{} sites; at most {} are read",
                                                    rows.size() - 1, GraphBuilder::max_joined));
    read_header(rows.front());
    for (const CsvRow& row : rows)
      if (&row != &rows.front()) read_site(row);
    connect();
    return std::move(builder_).build();
  }

 private:
  static std::optional<std::size_t> column(const CsvRow& header, const std::string& name) {
    const auto found = std::ranges::find(header.fields, lower_case(name), lower_case);
    if (found == header.fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.fields.begin());
  }

  std::size_t required(const CsvRow& header, const std::string& name) const {
    const std::optional<std::size_t> found = column(header, name);
    if (!found)
      throw UserError({settings_.file, header.line, 1},
                      fmt::format("no column '{}'; the columns are {}", printable(name),
                                  printable(fmt::format("{}", fmt::join(header.fields, ", ")))));
    return *found;
  }

  void read_header(const CsvRow& header) {
    columns_ = header.fields.size();
    latitude_ = required(header, settings_.latitude);
    longitude_ = required(header, settings_.longitude);
    name_ = column(header, settings_.name);
    if (!name_ && settings_.name != SitesSettings{}.name) required(header, settings_.name);
    if (!name_) builder_.doubt("no column of names; the sites are numbered");
  }

  void read_site(const CsvRow& row) {
    if (row.fields.size() != columns_)
      throw UserError({settings_.file, row.line, 1},
                      fmt::format("{} fields; the header has {}", row.fields.size(), columns_));
    const Coordinates at{degrees(row, latitude_, "latitude", 90),
                         degrees(row, longitude_, "longitude", 180)};
    const std::string number = fmt::format("site {}", builder_.places().size() + 1);
    builder_.add({.name = name_ && !row.fields[*name_].empty() ? row.fields[*name_] : number,
                  .coordinates = at});
    points_.push_back(unit_vector(at));
  }

  double degrees(const CsvRow& row, std::size_t column, std::string_view what, double limit) const {
    const std::optional<double> value = parsed_number(row.fields[column]);
    if (!value || !(*value >= -limit && *value <= limit))
      throw UserError({settings_.file, row.line, 1},
                      fmt::format("the {} is '{}'; expected degrees from {} to {}", what,
                                  printable(row.fields[column]), -limit, limit));
    return *value;
  }

  void connect() {
    if (settings_.connect == SitesSettings::Connect::nearest) link_nearest();
    if (settings_.connect == SitesSettings::Connect::complete) link_within_radius();
    builder_.join_parts(settings_.connect != SitesSettings::Connect::mst);
  }

  void link_nearest() {
    const auto k = std::min<std::size_t>(static_cast<std::size_t>(settings_.k), points_.size() - 1);
    std::vector<std::pair<VertexId, VertexId>> pairs;
    std::vector<std::pair<double, VertexId>> others;
    for (VertexId site = 0; site < points_.size(); ++site) {
      others.clear();
      for (VertexId other = 0; other < points_.size(); ++other)
        if (other != site) others.emplace_back(squared_chord(points_[site], points_[other]), other);
      if (k < others.size())
        std::ranges::nth_element(others, others.begin() + static_cast<std::ptrdiff_t>(k));
      for (std::size_t i = 0; i < k; ++i) pairs.emplace_back(std::minmax(site, others[i].second));
    }
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    for (const auto& [from, to] : pairs) builder_.link({.from = from, .to = to});
  }

  void link_within_radius() {
    for (VertexId to = 1; to < points_.size(); ++to)
      for (VertexId from = 0; from < to; ++from)
        if (great_circle_m(squared_chord(points_[from], points_[to])) <= settings_.radius_m)
          builder_.link({.from = from, .to = to});
  }

  const SitesSettings& settings_;
  GraphBuilder builder_;
  std::vector<UnitVector> points_;
  std::size_t columns_ = 0;
  std::size_t latitude_ = 0;
  std::size_t longitude_ = 0;
  std::optional<std::size_t> name_;
};

struct Sites : SitesSettings {
  Graph make(const LinkDefaults& defaults, Random&) const { return read_sites(*this, defaults); }
};

const Registered entry{topologies(), topology_entry<Sites>("sites_csv",
                                                           "sites with coordinates from a CSV "
                                                           "file, linked to those near them")};

}  // namespace

void SitesSettings::describe(Fields& fields) {
  static constexpr std::array<std::string_view, 3> kinds{"mst", "nearest", "complete"};
  fields.file("file", file, {"the CSV file; its first line names the columns"});
  fields.text("name", name, {"the column of names"});
  fields.text("latitude", latitude, {"the column of latitudes, degrees"});
  fields.text("longitude", longitude, {"the column of longitudes, degrees"});
  option(fields, "connect", connect, kinds,
         {"mst: the shortest tree over all; nearest: each with its k nearest; complete: all pairs "
          "within `radius`. Parts that remain are joined by the shortest links"});
  fields.integer("k", k, {"neighbours of each site, for `connect: nearest`", 1, 1000});
  fields.number("radius", radius_m, Unit::distance,
                {"for `connect: complete`, along the great circle", 0, 2.1e7});
}

Graph read_sites(const SitesSettings& settings, const LinkDefaults& defaults) {
  return SitesReader(settings, defaults).read();
}

}  // namespace evenkeel
