// A question over 50 nodes with 100,000 rows each: the bytes that travel when each node adds up its
// own rows, beside the bytes of the rows.
#include <fmt/format.h>

#include <stdexcept>

#include "tests/access/access_cluster.h"
#include "tests/bench/measured.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

constexpr std::uint32_t nodes = 50;
constexpr std::int64_t rows_a_node = 100'000;

/// All rows are on one node each, so that each keeps so many. Gives the bytes of all rows.
double fill(test::AccessCluster& cluster, const TableSchema& table) {
  double bytes = 0;
  std::vector<std::unique_ptr<RowStore::Batch>> batches;
  for (const auto& node : cluster.nodes) {
    if (!node->storage.store().define(table)) throw std::runtime_error("a table was refused");
    batches.push_back(std::make_unique<RowStore::Batch>(node->storage.store()));
  }
  std::vector<std::int64_t> filled(nodes);
  for (std::int64_t site = 0; site < nodes * 40; ++site) {
    const std::string name = fmt::format("site {}", site);
    const StoredRow first{.at = row_key(table, test::reading(name, 0, 0))};
    const std::uint32_t keeper =
        index(cluster.placement.readable().replicas[first.at.partition].front());
    for (std::int64_t at = 0; at < 20 * rows_a_node && filled[keeper] < rows_a_node; ++at) {
      const evenkeel::Row row = test::reading(name, at, 0.5 * static_cast<double>(at % 1000));
      const StoredRow stored{.at = row_key(table, row), .version = {1, 0, 1}, .values = row};
      if (!cluster.nodes[keeper]->storage.store().write(table.name, stored))
        throw std::runtime_error("a row was refused");
      bytes += static_cast<double>(encoded_size(stored));
      if (++filled[keeper] % (rows_a_node / 10) == 0) break;
    }
  }
  for (const auto& batch : batches)
    if (!batch->commit()) throw std::runtime_error("a commit failed");
  if (std::ranges::any_of(filled, [](std::int64_t rows) { return rows < rows_a_node; }))
    throw std::runtime_error("some node has too few rows");
  return bytes;
}

std::uint64_t parts_in_a_million() {
  test::AccessCluster cluster{
      {.world = {.nodes = nodes}, .copies = 1, .queries = {.limits = {.steps = 500'000'000}}}};
  const TableSchema table = test::readings_table();
  const double row_bytes = fill(cluster, table);
  cluster.access().know(table);
  const Result<QueryResult> answer = cluster.query(
      "SELECT site, count(*), avg(value), max(value) FROM readings GROUP BY site "
      "ORDER BY site LIMIT 1000000",
      {.level = ReadLevel::any});
  if (!answer) throw std::runtime_error(answer.error().detail);
  return static_cast<std::uint64_t>(1e6 * static_cast<double>(answer->cost.bytes) / row_bytes);
}

void query_bytes(benchmark::State& state) {
  double share = 0;
  for (auto _ : state) share = static_cast<double>(in_a_child(parts_in_a_million).requests) / 1e6;
  add_row({"query: bytes moved over 50 nodes x 100,000 rows", "less than 1 %",
           fmt::format("{:.3f} %", share * 100), "all rows' bytes", share, share < 0.01});
}
BENCHMARK(query_bytes)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace evenkeel::bench
