// What somebody who asks may see of a table: decided by whoever manages grants, enforced where the
// data is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/runtime/node_id.h"
#include "models/runtime/result.h"
#include "models/runtime/task.h"
#include "models/storage/table.h"

namespace evenkeel {

/// The node that keeps the rows applies it before anything leaves. What it forbids is answered with
/// ErrorCode::denied, naming what is allowed.
struct Restriction {
  std::optional<std::vector<std::string>> columns = {};    // that may be named; nothing: all
  std::string row_filter = {};                             // a condition on the table's columns
  std::optional<std::vector<std::string>> functions = {};  // aggregates allowed; nothing: all
  /// Only aggregates of plain columns, of one table.
  bool aggregate_only = false;
  /// Groups are told only if so many rows, and so many values of each aggregated column, are in
  /// them on the node that answers. A group of the merged answer, which is made of such groups
  /// alone, then has as many. So a group of which no node has enough is not told, even if it is
  /// large in all: QueryCost::hides_small_groups says that this may have happened.
  std::uint32_t min_group = 0;
  /// Then so many different values of this column, too: the households, not their readings.
  std::string subject = {};

  /// Every row, as it is.
  bool is_none() const {
    return !columns && row_filter.empty() && !functions && !aggregate_only && min_group <= 1;
  }
};

enum class AccessKind : std::uint8_t {
  query,
  read,        // of plain rows
  watch,       // being told of changes
  count,       // how many rows there are, about
  batch,       // aggregates of rows, computed by the node that asks for somebody else
  batch_rows,  // plain rows, or what tells them, for a batch of somebody else
  backup,      // all rows, as they are
  restore,     // the same, written
  stream,      // rows as events, as they are written
};

struct AccessRequest {
  NodeId asker{};
  TableSchema table = {};
  Blob token = {};  // as the asker gave it
  AccessKind kind = AccessKind::query;
  std::string part = {};  // of the data set, that the token must be for: "batch/" and which
};

/// An answer that is about to leave.
struct AnswerSize {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
};

struct AccessLeave {
  Restriction restriction = {};
  /// Awaited before each answer leaves; an error is answered in its place. None: nobody is told.
  std::function<Task<Result<Done>>(AnswerSize)> serve = {};
  /// For rows that are told one by one: whether the restriction shows this one. None: all.
  std::function<bool(const Row&)> shows_row = {};
  /// Whether it holds at this instant, for what goes on for a while. None: always.
  std::function<Result<Done>()> holds = {};
};

/// Says what is allowed, or why nothing is: ErrorCode::denied. Awaited before anything is read.
using AccessRule = std::function<Task<Result<AccessLeave>>(AccessRequest)>;

}  // namespace evenkeel
