#include "models/access/granted_rows.h"

#include <algorithm>

namespace evenkeel {
namespace {

bool is_hidden(const Restriction& restriction, const Column& column) {
  return restriction.columns &&
         std::ranges::find(*restriction.columns, column.name) == restriction.columns->end();
}

}  // namespace

Result<Done> check_granted_rows(const AccessLeave& leave, const TableSchema& table) {
  const Restriction& restriction = leave.restriction;
  if (restriction.aggregate_only || restriction.min_group > 1)
    return Error{ErrorCode::denied,
                 "aggregates only: the grant shows no rows; query count, sum or the like"};
  for (std::size_t i = 0; i < table.key_columns && i < table.columns.size(); ++i)
    if (is_hidden(restriction, table.columns[i]))
      return Error{ErrorCode::denied, "column not granted: '" + table.columns[i].name +
                                          "', which tells rows apart; query the other columns"};
  return Done{};
}

bool show_row(const AccessLeave& leave, const TableSchema& table, Row& row) {
  if (leave.shows_row && !leave.shows_row(row)) return false;
  for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i)
    if (is_hidden(leave.restriction, table.columns[i])) row[i] = Value{};
  return true;
}

bool show_row(const AccessLeave& leave, const TableSchema& table, StoredRow& row) {
  if (row.values) return show_row(leave, table, *row.values);
  std::optional<Row> key = decode_key(table, row.at.key);
  if (!key) return false;
  key->resize(table.columns.size());
  return show_row(leave, table, *key);
}

}  // namespace evenkeel
