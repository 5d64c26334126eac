// What a grant may restrict: each caveat that is there takes something away, and all must hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/crypto/crypto.h"
#include "models/storage/table.h"

namespace evenkeel {

enum class GrantOperation : std::uint8_t { read, write, query, subscribe, reshare, remove };
inline constexpr std::uint8_t grant_operations = 6;
std::string_view to_string(GrantOperation operation);

/// A set of operations, one bit each.
using OperationSet = std::uint8_t;
inline constexpr OperationSet all_operations = (1 << grant_operations) - 1;
template <class... Ops>
constexpr OperationSet operations_of(Ops... operations) {
  return static_cast<OperationSet>((0u | ... | (1u << static_cast<unsigned>(operations))));
}

enum class RowComparison : std::uint8_t { equal, unequal, below, at_most, above, at_least };
inline constexpr std::uint8_t row_comparisons = 6;

/// One condition on a row: `column op constant`, as SQL has it: numbers compare by value, unlike
/// types and nulls never hold.
struct RowTest {
  std::string column = {};
  RowComparison op = RowComparison::equal;
  Value constant = {};
  bool holds(const Value& value) const;
  friend bool operator==(const RowTest&, const RowTest&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(column, op, constant);
  }
};

/// So many calls and bytes in each period of the serving node's clock; 0: no limit.
struct GrantRate {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
  std::uint32_t period_ms = 1000;
  friend bool operator==(const GrantRate&, const GrantRate&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(calls, bytes, period_ms);
  }
};

/// In all, at each serving node; 0: no limit.
struct GrantTotals {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  double epsilon = 0;  // of differential privacy: what is told exactly has none of it to spend
  friend bool operator==(const GrantTotals&, const GrantTotals&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(calls, bytes, rows, epsilon);
  }
};

/// What one wants to do, as far as it can be judged before it is done.
struct GrantRequest {
  GrantOperation operation = GrantOperation::read;
  std::string resource = {};  // a path: data set, then parts of it
  std::string purpose = {};
  std::vector<std::string> columns = {};     // that are asked for; none: whatever is allowed
  std::vector<std::string> aggregates = {};  // of a query: count, sum, ...; none: rows
  friend bool operator==(const GrantRequest&, const GrantRequest&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(operation, resource, purpose, columns, aggregates);
  }
};

/// What is not there restricts nothing. Times are of the wall clock, milliseconds.
struct Caveats {
  std::optional<std::string> resource = {};  // covers itself and everything below it
  std::optional<OperationSet> operations = {};
  std::vector<RowTest> rows = {};                        // all must hold
  std::optional<std::vector<std::string>> columns = {};  // ascending
  std::optional<std::string> purpose = {};
  std::optional<std::int64_t> not_before_ms = {};
  std::optional<std::int64_t> expires_ms = {};
  std::optional<PublicKey> holder = {};  // who must sign the requests
  std::optional<GrantRate> rate = {};
  std::optional<GrantTotals> totals = {};
  std::uint32_t minimum_group = 0;  // rows behind each aggregate that is told
  bool aggregate_only = false;
  bool pooled_only = false;  // nothing is told but together with other owners' data (pooling/)
  std::optional<std::vector<std::string>> aggregates = {};  // ascending: count, sum, mean, ...
  std::optional<std::vector<std::uint32_t>> zones = {};     // ascending; where it may be served
  friend bool operator==(const Caveats&, const Caveats&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(resource, operations, rows, columns, purpose, not_before_ms, expires_ms, holder, rate,
          totals, minimum_group, aggregate_only, pooled_only, aggregates, zones);
  }
};

/// ErrorCode::malformed unless the lists ascend, the enums are known and the constants are numbers,
/// texts or blobs: whatever peers send is checked so.
Result<Done> check_caveats(const Caveats& caveats);
/// ErrorCode::denied with the caveat that does not hold. Holder, rate, totals and minimum group
/// need more than the request: grants.h.
Result<Done> allows(const Caveats& caveats, const GrantRequest& request, std::int64_t wall_ms,
                    std::uint32_t zone);
/// The part of a data set that is asked about in a pool: "pool/" and which.
std::string pool_part(const std::string& pool);
bool is_pooled(std::string_view resource);
/// Whether everything below `prefix`, or equal to it, includes the path.
bool covers(std::string_view prefix, std::string_view path);

/// What all of several caveats leave over for a query: for the access module.
struct DataRules {
  std::vector<RowTest> rows = {};                        // all must hold
  std::optional<std::vector<std::string>> columns = {};  // nothing: all
  bool aggregate_only = false;
  std::uint32_t minimum_group = 0;
  std::optional<std::vector<std::string>> aggregates = {};
  friend bool operator==(const DataRules&, const DataRules&) = default;

  bool allows_row(const TableSchema& table, const Row& row) const;
  bool allows_column(std::string_view column) const;
  bool allows_aggregate(std::string_view name) const;
};
void restrict_by(DataRules& rules, const Caveats& caveats);

}  // namespace evenkeel
