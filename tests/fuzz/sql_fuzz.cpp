// libFuzzer: any bytes as a query. Whatever is accepted is written as SQL that is read as the same
// query again, and planned; whatever is not gives a place and a message.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "models/access/plan.h"
#include "models/access/sql_parser.h"

namespace {

using namespace evenkeel;

const TableSchema& table() {
  static const TableSchema schema{.name = "t",
                                  .columns = {{"a", ColumnType::integer},
                                              {"b", ColumnType::real},
                                              {"c", ColumnType::text},
                                              {"d", ColumnType::blob}},
                                  .key_columns = 2,
                                  .placed_by = 2};
  return schema;
}

void plan(const Query& query) {
  const FindTable find = [](std::string_view name) { return name == "t" ? &table() : nullptr; };
  std::vector<Value> parameters(query.parameters, Value{std::int64_t{1}});
  Result<CheckedQuery> checked = check_query(query, find, {"t"}, std::move(parameters));
  if (!checked) {
    if (checked.error().detail.empty()) std::abort();
    return;
  }
  const QueryPlan planned{std::move(*checked)};
  const bool broadcast = planned.join() == QueryPlan::Join::broadcast;
  const Stage stage = broadcast ? Stage::side_1 : Stage::whole;
  const BoundSql sql = planned.fragment(stage, {.partitions = {1, 2}});
  // No literal of the query's may reach SQLite as text.
  if (sql.text.find('\'') != std::string::npos) std::abort();
  if (planned.final_sql().text.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const Result<Query> query = parse_sql(text);
  if (!query) {
    if (query.error().detail.empty()) std::abort();
    return 0;
  }
  const std::string written = sql_text(*query);
  const Result<Query> again = parse_sql(written);
  // What nests deeply without parentheses may nest too deeply with them.
  if (!again && again.error().detail.find("too deeply") == std::string::npos &&
      again.error().detail.find("bytes") == std::string::npos)
    std::abort();
  if (again && sql_text(*again) != written) std::abort();
  plan(*query);
  return 0;
}
