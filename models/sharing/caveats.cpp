#include "models/sharing/caveats.h"

#include <algorithm>
#include <cmath>

namespace evenkeel {
namespace {

constexpr std::size_t longest_text = 2000;

template <class T>
bool ascends(const std::vector<T>& list) {
  return std::ranges::adjacent_find(list, std::greater_equal{}) == list.end();
}

bool is_constant(const Value& value) {
  if (const double* real = std::get_if<double>(&value)) return std::isfinite(*real);
  return !std::holds_alternative<std::monostate>(value);
}

Error denied(std::string why) { return {ErrorCode::denied, std::move(why)}; }

template <class T>
std::partial_ordering order(const T& a, const T& b) {
  return a < b   ? std::partial_ordering::less
         : b < a ? std::partial_ordering::greater
                 : std::partial_ordering::equivalent;
}

// Exact: a double cannot hold every integer.
std::partial_ordering order_mixed(std::int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= 9223372036854775808.0) return std::partial_ordering::less;
  if (b < -9223372036854775808.0) return std::partial_ordering::greater;
  const double whole = std::floor(b);
  const auto floor = static_cast<std::int64_t>(whole);
  if (a != floor) return order(a, floor);
  return b > whole ? std::partial_ordering::less : std::partial_ordering::equivalent;
}

std::partial_ordering reversed(std::partial_ordering ordering) { return 0 <=> ordering; }

std::partial_ordering order_values(const Value& a, const Value& b) {
  const auto* whole_a = std::get_if<std::int64_t>(&a);
  const auto* whole_b = std::get_if<std::int64_t>(&b);
  const auto* real_a = std::get_if<double>(&a);
  const auto* real_b = std::get_if<double>(&b);
  if (whole_a != nullptr && real_b != nullptr) return order_mixed(*whole_a, *real_b);
  if (real_a != nullptr && whole_b != nullptr) return reversed(order_mixed(*whole_b, *real_a));
  if (a.index() != b.index() || a.index() == 0) return std::partial_ordering::unordered;
  if (real_a != nullptr) return *real_a <=> *real_b;
  if (whole_a != nullptr) return order(*whole_a, *whole_b);
  if (const auto* text = std::get_if<std::string>(&a))
    return order(*text, std::get<std::string>(b));
  return order(std::get<Blob>(a), std::get<Blob>(b));
}

bool includes_all(const std::vector<std::string>& allowed, const std::vector<std::string>& asked) {
  return std::ranges::all_of(
      asked, [&](const std::string& one) { return std::ranges::binary_search(allowed, one); });
}

std::string listed(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all.empty() ? "none" : all;
}

void intersect(std::optional<std::vector<std::string>>& with,
               const std::optional<std::vector<std::string>>& list) {
  if (!list) return;
  if (!with) {
    with = list;
    return;
  }
  std::erase_if(*with,
                [&](const std::string& one) { return !std::ranges::binary_search(*list, one); });
}

}  // namespace

std::string_view to_string(GrantOperation operation) {
  constexpr std::string_view names[] = {"read", "write", "query", "subscribe", "reshare", "remove"};
  const auto i = static_cast<std::size_t>(operation);
  return i < grant_operations ? names[i] : "unknown";
}

bool RowTest::holds(const Value& value) const {
  const std::partial_ordering ordering = order_values(value, constant);
  if (ordering == std::partial_ordering::unordered) return false;
  switch (op) {
    case RowComparison::equal:
      return ordering == 0;
    case RowComparison::unequal:
      return ordering != 0;
    case RowComparison::below:
      return ordering < 0;
    case RowComparison::at_most:
      return ordering <= 0;
    case RowComparison::above:
      return ordering > 0;
    case RowComparison::at_least:
      return ordering >= 0;
  }
  return false;
}

bool covers(std::string_view prefix, std::string_view path) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!path.starts_with(prefix)) return false;
  return prefix.empty() || path.size() == prefix.size() || path[prefix.size()] == '/';
}

std::string pool_part(const std::string& pool) { return "pool/" + pool; }

bool is_pooled(std::string_view resource) { return resource.find("/pool/") != resource.npos; }

Result<Done> check_caveats(const Caveats& caveats) {
  const auto sound = [&] {
    if (caveats.resource && caveats.resource->size() > longest_text) return false;
    if (caveats.purpose && caveats.purpose->size() > longest_text) return false;
    if (caveats.operations && (*caveats.operations & ~all_operations) != 0) return false;
    for (const RowTest& test : caveats.rows)
      if (static_cast<std::uint8_t>(test.op) >= row_comparisons || !is_constant(test.constant))
        return false;
    if (caveats.columns && !ascends(*caveats.columns)) return false;
    if (caveats.aggregates && !ascends(*caveats.aggregates)) return false;
    if (caveats.zones && !ascends(*caveats.zones)) return false;
    if (caveats.totals && !(caveats.totals->epsilon >= 0 && std::isfinite(caveats.totals->epsilon)))
      return false;
    return !caveats.rate || caveats.rate->period_ms > 0;
  };
  if (sound()) return Done{};
  return Error{ErrorCode::malformed, "a caveat that makes no sense"};
}

Result<Done> allows(const Caveats& caveats, const GrantRequest& request, std::int64_t wall_ms,
                    std::uint32_t zone) {
  if (request.resource.find("..") != std::string::npos ||
      request.resource.find("//") != std::string::npos)
    return denied("wrong resource: a path may not hold .. or //");
  if (caveats.resource && !covers(*caveats.resource, request.resource))
    return denied("wrong resource: the grant is for " + *caveats.resource + ", not for " +
                  request.resource);
  if (static_cast<std::uint8_t>(request.operation) >= grant_operations)
    return denied("wrong operation: there is no such");
  if (caveats.operations && (*caveats.operations & operations_of(request.operation)) == 0)
    return denied("wrong operation: the grant does not allow to " +
                  std::string{to_string(request.operation)});
  if (caveats.purpose && *caveats.purpose != request.purpose)
    return denied("wrong purpose: the grant is for the purpose '" + *caveats.purpose + "' only");
  if (caveats.not_before_ms && wall_ms < *caveats.not_before_ms)
    return denied("not valid yet: the grant begins later");
  if (caveats.expires_ms && wall_ms >= *caveats.expires_ms)
    return denied("expired: the grant has expired; ask the owner for a new one");
  if (caveats.zones && !std::ranges::binary_search(*caveats.zones, zone))
    return denied("wrong zone: the grant may not be used in this zone");
  if (caveats.columns && !includes_all(*caveats.columns, request.columns))
    return denied("column not granted: the grant shows only " + listed(*caveats.columns));
  const bool is_rows = request.operation != GrantOperation::query || request.aggregates.empty();
  const bool reads = request.operation == GrantOperation::read ||
                     request.operation == GrantOperation::query ||
                     request.operation == GrantOperation::subscribe;
  if (caveats.aggregate_only && reads && is_rows)
    return denied("aggregates only: the grant shows no rows; query count, sum or the like");
  const bool has_budget = caveats.totals && caveats.totals->epsilon > 0;
  if ((caveats.pooled_only || has_budget) &&
      (!is_pooled(request.resource) || request.operation != GrantOperation::query))
    return denied("pooled only: the grant tells nothing of this owner alone; ask about the pool");
  if (caveats.aggregates && !includes_all(*caveats.aggregates, request.aggregates))
    return denied("aggregate not granted: the grant allows only " + listed(*caveats.aggregates));
  return Done{};
}

bool DataRules::allows_row(const TableSchema& table, const Row& row) const {
  return std::ranges::all_of(rows, [&](const RowTest& test) {
    for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i)
      if (table.columns[i].name == test.column) return test.holds(row[i]);
    return false;
  });
}

bool DataRules::allows_column(std::string_view column) const {
  return !columns || std::ranges::binary_search(*columns, column);
}

bool DataRules::allows_aggregate(std::string_view name) const {
  return !aggregates || std::ranges::binary_search(*aggregates, name);
}

void restrict_by(DataRules& rules, const Caveats& caveats) {
  rules.rows.insert(rules.rows.end(), caveats.rows.begin(), caveats.rows.end());
  intersect(rules.columns, caveats.columns);
  intersect(rules.aggregates, caveats.aggregates);
  rules.aggregate_only = rules.aggregate_only || caveats.aggregate_only;
  rules.minimum_group = std::max(rules.minimum_group, caveats.minimum_group);
}

}  // namespace evenkeel
