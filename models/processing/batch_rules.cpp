#include "models/processing/batch_rules.h"

#include <algorithm>
#include <set>

#include "models/crypto/crypto.h"

namespace evenkeel {
namespace {

constexpr std::size_t digits = 32;

Error denied(std::string why) { return {ErrorCode::denied, std::move(why)}; }

std::string listed(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all.empty() ? "none" : all;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_for_aggregates_only(const Restriction& restriction) {
  return restriction.aggregate_only || restriction.min_group > 1;
}

}  // namespace

std::string batch_part(const BatchSpec& spec) {
  return "batch/" + hex(sha256(encoded(spec))).substr(0, digits);
}

std::vector<std::string> batch_functions(const BatchSpec& spec) {
  std::set<std::string> names;
  for (const AggregateOf& one : spec.reduce)
    names.insert(one.kind.name == "mean" ? "avg" : one.kind.name);
  return {names.begin(), names.end()};
}

AccessKind batch_kind(const AggregateSet& aggregates) {
  const bool tells_rows = std::ranges::any_of(aggregates.kinds(), &AggregateKind::tells_rows);
  return tells_rows || aggregates.size() == 0 ? AccessKind::batch_rows : AccessKind::batch;
}

std::uint64_t least_rows(const Restriction& restriction) {
  return std::max<std::uint64_t>(restriction.min_group, 1);
}

Result<Done> check_batch(const Restriction& restriction, const BatchSpec& spec,
                         const Mapper& mapper, const AggregateSet& aggregates,
                         const TableSchema& table) {
  if (is_for_aggregates_only(restriction) && batch_kind(aggregates) != AccessKind::batch)
    return denied(
        "aggregates only: the batch tells values of single rows; take count, sum, mean or the "
        "like");
  if (restriction.functions)
    for (const std::string& function : batch_functions(spec))
      if (!has(*restriction.functions, function))
        return denied("aggregate not granted: the grant allows only " +
                      listed(*restriction.functions));
  if (!restriction.columns) return Done{};
  std::vector<std::uint32_t> values;
  for (const AggregateOf& one : spec.reduce)
    values.insert(values.end(), one.inputs.begin(), one.inputs.end());
  for (const std::uint32_t column : mapper.columns(values))
    if (column < table.columns.size() && !has(*restriction.columns, table.columns[column].name))
      return denied("column not granted: '" + table.columns[column].name +
                    "'; the grant shows only " + listed(*restriction.columns));
  return Done{};
}

Result<Done> restrict_rows(const Restriction& restriction, const TableSchema& table,
                           std::vector<Row>& rows) {
  if (is_for_aggregates_only(restriction))
    return denied("aggregates only: the grant shows no rows; compute where they are: where: data");
  if (!restriction.columns) return Done{};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (has(*restriction.columns, table.columns[i].name)) continue;
    for (Row& row : rows)
      if (i < row.size()) row[i] = Value{};
  }
  return Done{};
}

}  // namespace evenkeel
