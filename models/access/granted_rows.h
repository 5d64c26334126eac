// Rows that are told one by one under a leave: events of a stream, changes that somebody watches.
#pragma once

#include "models/access/access_rules.h"

namespace evenkeel {

/// ErrorCode::denied: the leave is for aggregates only, or hides a column of the key, which tells
/// rows apart.
Result<Done> check_granted_rows(const AccessLeave& leave, const TableSchema& table);
/// False: the row is hidden. Else the values of hidden columns are taken out of it.
bool show_row(const AccessLeave& leave, const TableSchema& table, Row& row);
/// The same; an erasure is shown if its key alone says that the row is.
bool show_row(const AccessLeave& leave, const TableSchema& table, StoredRow& row);

}  // namespace evenkeel
