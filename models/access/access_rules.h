// What somebody who asks may see of a table: decided by whoever manages grants, enforced where the
// data is.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/runtime/node_id.h"
#include "models/storage/table.h"

namespace evenkeel {

/// The node that keeps the rows applies it before anything leaves. What it forbids is answered with
/// ErrorCode::denied, naming what is allowed.
struct Restriction {
  std::vector<std::string> columns = {};    // that may be named; none: all
  std::string row_filter = {};              // a condition on the table's columns; "": all rows
  std::vector<std::string> functions = {};  // aggregates that may be used; none: all
  /// Only aggregates of plain columns, of one table.
  bool aggregate_only = false;
  /// Groups are told only if so many rows, and so many values of each aggregated column, are in
  /// them on the node that answers.
  std::uint32_t min_group = 0;
  /// Then so many different values of this column, too: the households, not their readings.
  std::string subject = {};
};

struct AccessRequest {
  NodeId asker{};
  const TableSchema& table;
  const Blob& token;  // as the asker gave it
};

/// Says what is allowed, or why nothing is: ErrorCode::denied.
using AccessRule = std::function<Result<Restriction>(const AccessRequest&)>;

}  // namespace evenkeel
