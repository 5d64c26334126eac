// Watching another party's rows under a grant.
#include "models/sharing/guarded_access.h"
#include "models/sharing/refusal.h"
#include "tests/sharing/market.h"

namespace evenkeel::test {
namespace {

using testing::StartsWith;

struct Heard {
  std::vector<StoredRow> rows = {};
  std::optional<Error> end = {};
};

Task<> listen(std::shared_ptr<RowWatch> watch, std::shared_ptr<Heard> heard) {
  while (true) {
    Task<Result<StoredRow>> waiting = watch->next(never);
    const Result<StoredRow> row = co_await std::move(waiting);
    if (!row) {
      heard->end = row.error();
      co_return;
    }
    heard->rows.push_back(*row);
  }
}

struct WatchMarket : Market {
  using Market::Market;

  std::shared_ptr<Heard> watch(std::uint32_t by = 3, const std::string& purpose = "") {
    const auto heard = std::make_shared<Heard>();
    const Result<std::shared_ptr<RowWatch>> watching =
        wait(by, at(by).desk->watch(data_set("use"), purpose, "meters", {}));
    if (!watching) {
      heard->end = watching.error();
      return heard;
    }
    world.node(by).spawn(listen(*watching, heard));
    world.run_for(seconds(2));
    return heard;
  }
  void put(const std::string& meter, double watts) {
    Row row = {meter, std::int64_t{0}, watts, std::string{"Main Street"}};
    ASSERT_TRUE(wait(5, at(5).access->put("meters", std::move(row))));
    world.run_for(seconds(1));
  }
};

TEST(WatchGrants, ShowWhatIsThereAndThenWhatChanges) {
  WatchMarket market{{}};
  market.fill(2);
  const auto heard = market.watch();
  EXPECT_EQ(heard->rows.size(), 10u);
  market.put("meter 1", 500);
  ASSERT_EQ(heard->rows.size(), 11u);
  EXPECT_EQ(std::get<double>(heard->rows.back().values->at(2)), 500);
  EXPECT_FALSE(heard->end);
  std::uint64_t rows = 0;
  for (std::uint32_t i = 0; i < 3; ++i)
    for (const AuditRecord& record : market.at(i).sharing.audit.records()) {
      EXPECT_EQ(record.decision, AuditDecision::served);
      EXPECT_EQ(record.operation, GrantOperation::read);
      rows += record.rows;
    }
  EXPECT_EQ(rows, 11u);
}

TEST(WatchGrants, ApplyRowsAndColumnsToEachNotification) {
  const std::vector<std::string> columns = {"at", "meter", "watts"};
  WatchMarket market{{.terms = {.operations = operations_of(GrantOperation::read),
                                .rows = {{"watts", RowComparison::at_least, std::int64_t{12}}},
                                .columns = columns}}};
  market.fill(2);
  const auto heard = market.watch();
  EXPECT_EQ(heard->rows.size(), 3u);  // 12, 13, 14
  market.put("meter 1", 5);
  market.put("meter 7", 30);
  EXPECT_EQ(heard->rows.size(), 4u);
  for (const StoredRow& row : heard->rows) {
    EXPECT_GE(std::get<double>(row.values->at(2)), 12);
    EXPECT_EQ(row.values->at(3), Value{});
  }
}

TEST(WatchGrants, MustBeToReadRows) {
  WatchMarket queries{{.terms = {.operations = operations_of(GrantOperation::query)}}};
  queries.fill(1);
  const auto refused = queries.watch();
  EXPECT_TRUE(refused->rows.empty());
  ASSERT_TRUE(refused->end);
  EXPECT_THAT(refused->end->detail, StartsWith("wrong operation: "));
}

TEST(WatchGrants, ForAggregatesOnlyShowNoRows) {
  WatchMarket market{{.terms = {.minimum_group = 3}}};
  market.fill(1);
  const auto refused = market.watch();
  EXPECT_TRUE(refused->rows.empty());
  ASSERT_TRUE(refused->end);
  EXPECT_THAT(refused->end->detail, StartsWith("aggregates only: "));
}

TEST(WatchGrants, AreNeededByEveryOtherParty) {
  WatchMarket market{{}};
  market.fill(1);
  const auto watching = market.wait(4, market.at(4).access->watch("meters", {}));
  ASSERT_TRUE(watching);
  const auto heard = std::make_shared<Heard>();
  market.world.node(4).spawn(listen(*watching, heard));
  market.world.run_for(seconds(10));
  EXPECT_TRUE(heard->rows.empty());
  ASSERT_TRUE(heard->end);
  EXPECT_THAT(heard->end->detail, StartsWith("no grant: "));
}

TEST(WatchGrants, EndWithinTheLeaseOfTheirRevocation) {
  WatchMarket market{{}};
  market.fill(1);
  const auto heard = market.watch();
  ASSERT_EQ(heard->rows.size(), 5u);
  market.take_back(3, "use");
  market.world.run_for(seconds(10));
  market.put("meter 0", 77);
  EXPECT_EQ(heard->rows.size(), 5u);
  ASSERT_TRUE(heard->end);
  EXPECT_THAT(heard->end->detail, StartsWith("revoked: "));
}

}  // namespace
}  // namespace evenkeel::test
