// Guesses for EXPLAIN and for choosing the side of a join that travels: System R's rules of thumb
// (Selinger et al., SIGMOD 1979, table 1), for want of statistics.
#pragma once

#include "models/access/plan.h"

namespace evenkeel {

/// The share of the table's rows that the query's conditions on it alone leave.
double selectivity(const CheckedQuery& query, std::uint32_t table);
/// A row of the table on the wire.
std::uint64_t row_bytes(const TableSchema& table);
/// What the answers of a stage take, from so many rows in so many answers.
std::uint64_t estimated_bytes(const QueryPlan& plan, Stage stage, double rows, std::size_t answers);

}  // namespace evenkeel
