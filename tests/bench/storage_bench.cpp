// What a write of 100 bytes to two of three replicas costs in simulation, and how much of that
// SQLite takes: the same rows written to the same stores without a network.
#include <stdexcept>

#include "tests/bench/measured.h"
#include "tests/bench/targets.h"
#include "tests/storage/cluster.h"

namespace evenkeel::bench {
namespace {

using test::StorageCluster;

const TableSchema table{.name = "blobs",
                        .columns = {{"name", ColumnType::integer}, {"value", ColumnType::blob}}};

evenkeel::Row row(std::int64_t number) { return {number, Blob(100, std::byte{7})}; }

Task<Result<Done>> put_one_by_one(Records& records, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    evenkeel::Row next = row(i);
    Task<Result<Version>> putting = records.put(table, std::move(next));
    const Result<Version> put = co_await std::move(putting);
    if (!put) co_return put.error();
  }
  co_return Done{};
}

Task<Result<Done>> put_in_batches(Records& records, std::int64_t count, std::int64_t batch) {
  for (std::int64_t i = 0; i < count; i += batch) {
    std::vector<evenkeel::Row> rows;
    for (std::int64_t j = i; j < i + batch; ++j) rows.push_back(row(j));
    Task<Result<Done>> putting = records.put_all(table, std::move(rows));
    const Result<Done> put = co_await std::move(putting);
    if (!put) co_return put.error();
  }
  co_return Done{};
}

std::uint64_t write_to_replicas(std::int64_t count, std::int64_t batch) {
  StorageCluster cluster{{.nodes = 4}};
  const auto done = cluster.run(batch == 1 ? put_one_by_one(cluster.records(3), count)
                                           : put_in_batches(cluster.records(3), count, batch),
                                seconds(3600));
  if (!done || !*done) throw std::runtime_error("a write failed");
  return static_cast<std::uint64_t>(count);
}

/// The three replicas' commits alone: of each write the version read, and the row written.
std::uint64_t write_to_stores(std::int64_t count, std::int64_t batch) {
  std::vector<std::unique_ptr<MemoryDisk>> disks;
  std::vector<std::unique_ptr<RowStore>> stores;
  for (int i = 0; i < 3; ++i) {
    disks.push_back(std::make_unique<MemoryDisk>());
    stores.push_back(std::make_unique<RowStore>(*disks.back(), 1));
    if (!stores.back()->open() || !stores.back()->define(table))
      throw std::runtime_error("a table was refused");
  }
  for (std::int64_t i = 0; i < count; i += batch)
    for (const auto& store : stores) {
      RowStore::Batch transaction{*store};
      for (std::int64_t j = i; j < i + batch; ++j) {
        StoredRow stored{.at = row_key(table, row(j)), .version = {1, 1, 1}, .values = row(j)};
        if (!store->version(table.name, stored.at) || !store->write(table.name, stored))
          throw std::runtime_error("a row was refused");
      }
      if (!transaction.commit()) throw std::runtime_error("a commit failed");
    }
  return static_cast<std::uint64_t>(count);
}

double us_each(const std::function<std::uint64_t()>& work) {
  const Measured measured = in_a_child(work);
  return measured.cpu_s * 1e6 / static_cast<double>(measured.requests);
}

void quorum_write(benchmark::State& state) {
  const std::int64_t batch = state.range(0);
  const double target = batch == 1 ? 100 : 20;
  double best = 1e9;
  double sqlite = 1e9;
  for (auto _ : state) {
    best = std::min(best, us_each([&] { return write_to_replicas(20'000, batch); }));
    sqlite = std::min(sqlite, us_each([&] { return write_to_stores(20'000, batch); }));
  }
  state.counters["us"] = best;
  state.counters["sqlite_us"] = sqlite;
  add_row({"storage: a write to 2 of 3, in batches of " + std::to_string(batch),
           batch == 1 ? "at most 100 us" : "at most 20 us", grouped(best) + " us",
           "SQLite's part: " + grouped(sqlite) + " us", best / target, best <= target});
}
BENCHMARK(quorum_write)->Arg(1)->Arg(100)->Iterations(3)->Unit(benchmark::kMillisecond);

/// A thousand nodes, each with an open store of a hundred rows, in one process.
std::uint64_t open_stores(std::int64_t rows) {
  constexpr std::uint32_t nodes = 1000;
  StorageCluster cluster{{.nodes = nodes}, nodes};
  for (std::uint32_t i = 0; i < nodes; ++i) {
    RowStore& store = cluster.storage(i).store();
    if (!store.define(table)) throw std::runtime_error("a table was refused");
    RowStore::Batch transaction{store};
    for (std::int64_t j = 0; j < rows; ++j)
      if (!store.write(table.name,
                       {.at = row_key(table, row(j)), .version = {1, 1, 1}, .values = row(j)}))
        throw std::runtime_error("a row was refused");
    if (!transaction.commit()) throw std::runtime_error("a commit failed");
  }
  cluster.world.run_for(seconds(5));
  return nodes;
}

void thousand_stores(benchmark::State& state) {
  double bytes = 0;
  for (auto _ : state)
    bytes = static_cast<double>(in_a_child([] { return open_stores(100); }).peak_bytes);
  add_row({"storage: 1,000 nodes with stores of 100 rows", "under 1 GB",
           grouped(bytes / 1e6) + " MB", "1 GB", bytes / 1e9, bytes < 1e9});
}
BENCHMARK(thousand_stores)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace evenkeel::bench
