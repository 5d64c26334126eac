// What grants have to do with a batch: what it asks for, in their terms, and whether what a grant
// leaves over is enough for it.
#pragma once

#include "models/access/access_rules.h"
#include "models/processing/batch_messages.h"
#include "models/processing/mapper.h"

namespace evenkeel {

/// The part of a data set that a token for this batch is for, so that it is for no other batch.
std::string batch_part(const BatchSpec& spec);
/// The same for whoever brings the rows to where it computes.
inline constexpr std::string_view brought_part = "rows";
/// The aggregates by the names that queries have for them, ascending; each once.
std::vector<std::string> batch_functions(const BatchSpec& spec);
/// `batch` if only aggregates of many rows leave the nodes that keep the rows, else `batch_rows`.
AccessKind batch_kind(const AggregateSet& aggregates);

/// Only groups are told that have as many rows as this, each with a value for every aggregate.
/// Counted for each part of the input alone, so a merged group has no fewer.
std::uint64_t least_rows(const Restriction& restriction);

/// ErrorCode::denied with what is allowed. A grant for aggregates only is not enough for aggregates
/// that tell values of single rows.
Result<Done> check_batch(const Restriction& restriction, const BatchSpec& spec,
                         const Mapper& mapper, const AggregateSet& aggregates,
                         const TableSchema& table);
/// For rows as they are: takes the values of columns that are not granted out of them.
/// ErrorCode::denied: the grant is for aggregates only.
Result<Done> restrict_rows(const Restriction& restriction, const TableSchema& table,
                           std::vector<Row>& rows);

}  // namespace evenkeel
