// Rows written on one node, read, queried and watched on another: in both worlds alike.
#include "models/access/access.h"
#include "models/access/query_service.h"
#include "models/storage/storage.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

// All three nodes keep all rows.
Layout layout_of_three() {
  Layout layout{.version = 1, .copies = 3};
  for (std::uint32_t i = 0; i < 3; ++i) layout.members.push_back({.node = NodeId{i}});
  layout.replicas.assign(partitions, {NodeId{0}, NodeId{1}, NodeId{2}});
  return layout;
}

TableSchema counters() {
  return {.name = "counters",
          .columns = {{"name", ColumnType::text}, {"value", ColumnType::integer}}};
}

struct Modules {
  explicit Modules(Node& node)
      : placement(layout_of_three()),
        storage(node, placement, {}),
        queries(node, storage.replica(), placement),
        access(node, storage.records(), placement) {}
  FixedPlacement placement;
  Storage storage;
  QueryService queries;
  Access access;
};

Task<> write(Node& node, Access& access, Notes& notes) {
  co_await node.sleep(milliseconds{300});
  Task<Result<Done>> defining = access.define(counters());
  const Result<Done> defined = co_await std::move(defining);
  notes.add(defined ? "defined" : defined.error().detail);
  for (std::int64_t i = 1; i <= 5; ++i) {
    Row row = {"counter " + std::to_string(i), i};
    Task<Result<Version>> writing = access.put("counters", std::move(row));
    const Result<Version> written = co_await std::move(writing);
    notes.add(written ? "written" : written.error().detail);
  }
}

Task<> ask_for_sum(Node& node, Access& access, Notes& notes) {
  co_await node.sleep(milliseconds{1500});
  std::vector<Value> parameters = {std::int64_t{1}};
  Task<Result<QueryResult>> asking = access.query(
      "SELECT count(*), sum(value) FROM counters WHERE value > ?", std::move(parameters));
  const Result<QueryResult> result = co_await std::move(asking);
  if (!result) {
    notes.add(result.error().detail);
    co_return;
  }
  notes.add("sum " + sql_text(result->rows[0][0]) + " " + sql_text(result->rows[0][1]));
  std::vector<Value> none;
  Task<Result<QueryResult>> wrong = access.query("SELECT valeu FROM counters", std::move(none));
  const Result<QueryResult> refused = co_await std::move(wrong);
  notes.add(refused ? "accepted" : refused.error().detail);
}

Task<> watch(Node& node, Access& access, Notes& notes) {
  co_await node.sleep(milliseconds{600});
  Row prefix = {std::string{"counter 3"}};
  Task<Result<std::shared_ptr<RowWatch>>> watching = access.watch("counters", std::move(prefix));
  const Result<std::shared_ptr<RowWatch>> watched = co_await std::move(watching);
  if (!watched) {
    notes.add(watched.error().detail);
    co_return;
  }
  Task<Result<StoredRow>> hearing = (*watched)->next(seconds(2));
  const Result<StoredRow> heard = co_await std::move(hearing);
  notes.add(heard ? "heard " + sql_text((*heard->values)[1]) : heard.error().detail);
  (*watched)->stop();
}

class AccessContract : public TwoWorlds {};

TEST_P(AccessContract, WritesQueriesAndWatches) {
  in_world([this] {
    Notes notes;
    // Never destroyed, as on a node that is killed: their disks go before them.
    std::array<Modules*, 3> modules{};
    Play scene{.length = seconds(4)};
    for (std::uint32_t i = 0; i < 3; ++i)
      scene.boots[NodeId{i}] = [&, i](Node& node) {
        modules[i] = new Modules{node};
        Access& access = modules[i]->access;
        if (i == 0) node.spawn(write(node, access, notes));
        if (i == 1) node.spawn(ask_for_sum(node, access, notes));
        if (i == 2) node.spawn(watch(node, access, notes));
      };
    play(scene);
    EXPECT_EQ(notes.count("defined"), 1u);
    EXPECT_EQ(notes.count("written"), 5u);
    EXPECT_EQ(notes.count("sum 4 14"), 1u);
    EXPECT_EQ(notes.count("heard 3"), 1u);
    EXPECT_EQ(notes.count("1:8: no column 'valeu' in 'counters'; did you mean 'value'?"), 1u);
    if (HasFailure())
      for (const std::string& note : notes.all()) ADD_FAILURE() << note;
  });
}

INSTANTIATE_TEST_SUITE_P(Worlds, AccessContract, every_world, name_of);

}  // namespace
}  // namespace evenkeel::test
