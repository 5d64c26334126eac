// The storage on three nodes, in virtual time and on sockets.
#include "models/storage/storage.h"

#include "tests/storage/cluster.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

StorageSettings patient() {  // however slow the machine is
  StorageSettings settings;
  settings.records.timeout = seconds(5);
  settings.replica.timeout = seconds(5);
  return settings;
}

// A node that only keeps rows for others.
Task<> keep_rows(Node& node, const Placement& placement) {
  const StorageSettings settings = patient();
  Storage storage{node, placement, settings};
  co_await node.sleep(seconds(1000));
}

Task<> write_rows(Node& node, const Placement& placement, Notes& notes) {
  const StorageSettings settings = patient();
  Storage storage{node, placement, settings};
  co_await node.sleep(milliseconds{300});
  for (std::int64_t i = 0; i < 20; ++i) {
    const TableSchema table = registers_table();
    const Row row{"key " + std::to_string(i), i};
    Task<Result<Version>> putting = storage.records().put(table, row);
    const Result<Version> put = co_await std::move(putting);
    if (!put) notes.add(put.error().detail);
  }
  const TableSchema counters = counters_table();
  const Row key{std::string{"n"}};
  const Records::Next next = [](const std::optional<Row>& row) -> Result<std::optional<Row>> {
    return std::optional<Row>{{std::string{"n"}, row ? std::get<std::int64_t>((*row)[1]) + 1 : 1}};
  };
  for (int i = 0; i < 5; ++i) {
    Task<Result<std::optional<Row>>> changing = storage.records().change(counters, key, next);
    const Result<std::optional<Row>> changed = co_await std::move(changing);
    if (!changed) notes.add(changed.error().detail);
  }
  notes.add("written");
  co_await node.sleep(seconds(1000));
}

Task<> read_rows(Node& node, const Placement& placement, Notes& notes) {
  const StorageSettings settings = patient();
  Storage storage{node, placement, settings};
  while (notes.count("written") == 0) co_await node.sleep(milliseconds{20});
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < 20; ++i) {
    const TableSchema table = registers_table();
    const Row key{"key " + std::to_string(i)};
    Task<Result<StoredRow>> getting = storage.records().get(table, key);
    const Result<StoredRow> got = co_await std::move(getting);
    if (got && got->values) sum += std::get<std::int64_t>((*got->values)[1]);
  }
  const TableSchema counters = counters_table();
  const Row key{std::string{"n"}};
  Task<Result<StoredRow>> getting = storage.records().get(counters, key);
  const Result<StoredRow> count = co_await std::move(getting);
  if (count && count->values)
    notes.add("count " + std::to_string(std::get<std::int64_t>((*count->values)[1])));
  notes.add("sum " + std::to_string(sum));
  co_await node.sleep(seconds(1000));
}

TEST_P(TwoWorlds, RowsWrittenOnOneNodeAreReadOnAnother) {
  in_world([this] {
    Notes notes;
    const FixedPlacement placement{even_layout(3)};
    play({.boots = {{a, [&](Node& node) { node.spawn(write_rows(node, placement, notes)); }},
                    {b, [&](Node& node) { node.spawn(keep_rows(node, placement)); }},
                    {c, [&](Node& node) { node.spawn(read_rows(node, placement, notes)); }}},
          .length = seconds(6)});
    EXPECT_THAT(notes.all(), testing::ElementsAre("written", "count 5", "sum 190"));
  });
}

}  // namespace
}  // namespace evenkeel::test
