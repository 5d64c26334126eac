// Questions about a pool of several owners' rows, answered in secret.
#include <cmath>

#include "tests/sharing/pool_town.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string by_zone =
    "SELECT zone, count(*), avg(watts), sum(watts) FROM all_meters WHERE zone IN (1, 2) "
    "GROUP BY zone ORDER BY zone";

// Zone 1: two rows of each owner; zone 2: four rows of owner 0 alone.
void fill(PoolTown& town) {
  for (std::uint32_t owner = 0; owner < PoolTown::owners; ++owner)
    for (std::int64_t i = 0; i < 2; ++i)
      town.put(owner, i, 1, 10.0 * owner + static_cast<double>(i));
  for (std::int64_t i = 10; i < 14; ++i) town.put(0, i, 2, 50);
}

TEST(Pooling, AnswersAsThePlainQueryWould) {
  PoolTown town{{.min_owners = 1}};
  fill(town);
  const Result<QueryResult> answer = town.ask(by_zone);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_THAT(answer->columns, ElementsAre("zone", "count(*)", "avg(watts)", "sum(watts)"));
  ASSERT_EQ(answer->rows.size(), 2u);
  EXPECT_EQ(answer->rows[0][1], Value{std::int64_t{6}});
  EXPECT_NEAR(std::get<double>(answer->rows[0][2]), 10.5, 1e-3);
  EXPECT_NEAR(std::get<double>(answer->rows[0][3]), 63, 1e-2);
  EXPECT_EQ(answer->rows[1][1], Value{std::int64_t{4}});
  EXPECT_NEAR(std::get<double>(answer->rows[1][2]), 50, 1e-3);
  EXPECT_EQ(answer->cost.nodes, 3u);
}

TEST(Pooling, HidesAGroupOfTooFewOwnersThoughItIsLargeEnough) {
  PoolTown town{{.min_owners = 2}};
  fill(town);
  const Result<QueryResult> answer = town.ask(by_zone);
  ASSERT_TRUE(answer) << answer.error().detail;
  ASSERT_EQ(answer->rows.size(), 1u);
  EXPECT_EQ(answer->rows[0][0], Value{std::int64_t{1}});
  EXPECT_TRUE(answer->cost.hides_small_groups);
}

// No owner has four rows of zone 1, all together have six.
TEST(Pooling, TellsAGroupThatIsLargeEnoughOnlyInAll) {
  PoolTown town{{.min_group = 6}};
  fill(town);
  const Result<QueryResult> answer = town.ask("SELECT count(*) FROM all_meters WHERE zone = 1");
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->rows[0][0], Value{std::int64_t{6}});
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters WHERE zone = 1 AND meter = 0"),
              StartsWith("group too small: "));
}

TEST(Pooling, CountsOnlyValuesInRange) {
  PoolTown town{{.min_group = 1, .min_owners = 1}};
  town.put(0, 1, 1, 1e9);
  town.put(1, 1, 1, -99);
  town.put(2, 1, 1, 201);
  const Result<QueryResult> answer =
      town.ask("SELECT count(*), count(watts), avg(watts) FROM all_meters");
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->rows[0][0], Value{std::int64_t{3}});
  EXPECT_EQ(answer->rows[0][1], Value{std::int64_t{2}});
  EXPECT_NEAR(std::get<double>(answer->rows[0][2]), 51, 1e-3);
}

TEST(Pooling, ComputesWithWhatSqlMakesOfAggregates) {
  PoolTown town{{}};
  fill(town);
  const Result<QueryResult> answer = town.ask(
      "SELECT sum(watts) / count(*) + 1 AS more FROM all_meters WHERE watts < 45 HAVING count(*) > "
      "3");
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_NEAR(std::get<double>(answer->rows[0][0]), 11.5, 1e-3);
}

TEST(Pooling, RefusesByNameWhatAPoolDoesNotTell) {
  PoolTown town{{}};
  fill(town);
  EXPECT_THAT(town.refusal("SELECT meter FROM all_meters"), StartsWith("aggregates only: "));
  EXPECT_THAT(town.refusal("SELECT max(watts) FROM all_meters"),
              StartsWith("aggregate not granted: "));
  EXPECT_THAT(town.refusal("SELECT sum(meter) FROM all_meters"),
              StartsWith("column not granted: "));
  EXPECT_THAT(town.refusal("SELECT sum(watts + 1) FROM all_meters"), StartsWith("aggregates only"));
  EXPECT_THAT(town.refusal("SELECT zone, count(*) FROM all_meters GROUP BY zone"),
              HasSubstr("WHERE zone IN (1, 2)"));
  EXPECT_THAT(town.refusal("SELECT count(*) FROM meters_0"), HasSubstr("no table 'meters_0'"));
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters", "marketing"),
              StartsWith("wrong purpose: "));
  EXPECT_EQ(town.wait(3, town.at(3).pool_desk->query("others", "", "SELECT 1", {})).error().code,
            ErrorCode::not_found);
}

TEST(Pooling, ObeysTheGrantsRowsColumnsAndGroups) {
  PoolTown town{{.terms = {.rows = {{"watts", RowComparison::at_least, std::int64_t{20}}},
                           .columns = std::vector<std::string>{"watts", "zone"},
                           .minimum_group = 4}}};
  fill(town);
  const Result<QueryResult> answer = town.ask("SELECT count(*) FROM all_meters");
  EXPECT_THAT(answer ? "" : answer.error().detail, "");
  EXPECT_EQ(answer->rows[0][0], Value{std::int64_t{6}});  // 20, 21 of owner 2, and four of owner 0
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters WHERE address = 'Main Street'"),
              StartsWith("column not granted: "));
}

TEST(Pooling, RefusesAPoolThatTellsSmallerGroupsThanTheGrantAllows) {
  PoolTown town{{.terms = {.minimum_group = 5}}};
  fill(town);
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters"), StartsWith("group too small: "));
}

TEST(Pooling, TellsNothingOfOneOwnerUnderAGrantForPoolsOnly) {
  PoolTown town{{.terms = {.pooled_only = true}}};
  fill(town);
  EXPECT_EQ(town.refusal("SELECT count(*) FROM all_meters"), "answered");
  const ReadOptions options{.level = ReadLevel::any};
  const Result<QueryResult> alone =
      town.wait(3, town.at(3).desk->query({town.key_of(0), "use"}, "planning",
                                          "SELECT count(*) FROM meters_0", {}, options));
  ASSERT_FALSE(alone);
  EXPECT_THAT(alone.error().detail, StartsWith("pooled only: "));
}

TEST(Pooling, SpendsThePrivacyBudgetAndThenRefuses) {
  PoolTown town{{.terms = {.totals = GrantTotals{.epsilon = 3}, .pooled_only = true},
                 .min_group = 2,
                 .min_owners = 1,
                 .epsilon = 1}};
  fill(town);
  const std::string two_columns = "SELECT count(*), count(watts) FROM all_meters";
  EXPECT_EQ(town.refusal(two_columns), "answered");  // 2 of 3
  EXPECT_THAT(town.refusal(two_columns), StartsWith("privacy budget used up: "));
  EXPECT_EQ(town.refusal("SELECT count(*) FROM all_meters"), "answered");  // 3 of 3
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters"),
              StartsWith("privacy budget used up: "));
  town.world.crash(0);
  town.world.run_for(seconds(1));
  town.world.restart(0);
  town.world.run_for(seconds(1));
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters"),
              StartsWith("privacy budget used up: "));
}

TEST(Pooling, TellsNothingExactlyUnderAPrivacyBudget) {
  PoolTown town{{.terms = {.totals = GrantTotals{.epsilon = 3}}}};
  fill(town);
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters"), StartsWith("no noise: "));
}

TEST(Pooling, GoesOnWithoutAnOwnerAsLongAsEnoughAreThere) {
  PoolTown town{{.min_group = 2}};
  fill(town);
  town.world.crash(2);
  const Result<QueryResult> two = town.ask("SELECT count(*) FROM all_meters WHERE zone = 1");
  ASSERT_TRUE(two) << two.error().detail;
  EXPECT_EQ(two->rows[0][0], Value{std::int64_t{4}});
  EXPECT_EQ(two->cost.nodes, 2u);
  town.world.crash(1);
  EXPECT_THAT(town.refusal("SELECT count(*) FROM all_meters WHERE zone = 1"),
              HasSubstr("1 of 3 owners take part, and the pool 'all_meters' wants 2"));
}

TEST(Pooling, WritesIntoEveryTrailWhatWasLearned) {
  PoolTown town{{}};
  fill(town);
  ASSERT_TRUE(town.ask("SELECT count(*) FROM all_meters"));
  for (std::uint32_t owner = 0; owner < PoolTown::owners; ++owner) {
    const auto& records = town.at(owner).sharing->audit.records();
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].decision, AuditDecision::served);
    EXPECT_EQ(records[0].resource, "use/pool/all_meters");
    EXPECT_THAT(records[0].remark, StartsWith("entered in secret"));
  }
  const auto& records = town.at(3).sharing->audit.records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_THAT(records[0].remark, StartsWith("learned sums over 3 owners"));
}

// The planner shows its grant to owner 0; the numbers are entered then, and wait.
Result<Done> enter(PoolTown& town, std::uint64_t about) {
  PoolTown::Desk& desk = town.at(PoolTown::planner);
  const GrantRequest request{.operation = GrantOperation::query,
                             .resource = "pool/all_meters",
                             .purpose = "planning",
                             .aggregates = {"count"}};
  Result<std::map<NodeId, Blob>> shown = town.wait(
      PoolTown::planner, desk.desk->show_to({NodeId{0}}, {town.key_of(0), "use"}, request));
  if (!shown) return shown.error();
  const EnterPool question{.about = about,
                           .pool = "all_meters",
                           .sql = "SELECT count(*) FROM all_meters",
                           .shown = shown->at(NodeId{0})};
  return town.wait(PoolTown::planner, ask(town.world.node(PoolTown::planner), NodeId{0},
                                          Port::sharing, question, seconds(1)));
}

Meeting granted(const PoolTown& town, std::uint64_t about) {
  const Problem problem = problem_of(town.pools[0], 3, 3);
  return {.function = function_name(town.pools[0]),
          .owners = {NodeId{0}, NodeId{1}, NodeId{2}},
          .receivers = {NodeId{PoolTown::planner}},
          .size = problem.size,
          .bits = problem.bits,
          .fraction = problem.fraction,
          .about = about};
}

TEST(Pooling, EntersItsNumbersOnceIntoTheComputationThatWasGranted) {
  PoolTown town{{}};
  fill(town);
  ASSERT_TRUE(enter(town, 5));
  PoolOwner& owner = *town.at(0).owner;
  EXPECT_THAT(owner.numbers_for(granted(town, 5)), ElementsAre(1, 6, 0));
  EXPECT_THAT(owner.numbers_for(granted(town, 5)), testing::IsEmpty());
}

TEST(Pooling, EntersNothingIfAnythingElseIsToBeComputed) {
  PoolTown town{{}};
  fill(town);
  std::uint64_t about = 1;
  const auto refuses = [&](auto change) {
    EXPECT_TRUE(enter(town, ++about));
    Meeting meeting = granted(town, about);
    change(meeting);
    return town.at(0).owner->numbers_for(meeting).empty();
  };
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.function = "sum"; }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.owners = {NodeId{0}}; }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.owners[1] = NodeId{0}; }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.owners[1] = NodeId{6}; }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.receivers = {NodeId{6}}; }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.receivers.push_back(NodeId{6}); }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.fraction = 0; }));
  EXPECT_TRUE(refuses([](Meeting& meeting) { meeting.size = 6; }));
  EXPECT_FALSE(refuses([](Meeting&) {}));
}

// Who was granted nothing invites the owners to a computation of its own.
TEST(Pooling, EntersNothingIntoComputationsThatWereNotGranted) {
  PoolTown town{{}};
  fill(town);
  const Pool& pool = town.pools[0];
  const Problem problem = problem_of(pool, 3, 3);
  const Meeting meeting{.function = function_name(pool),
                        .owners = {NodeId{0}, NodeId{1}, NodeId{2}},
                        .receivers = {NodeId{6}},
                        .size = problem.size,
                        .bits = problem.bits,
                        .fraction = problem.fraction,
                        .about = 1};
  EXPECT_FALSE(town.wait(6, town.at(6).council->convene(meeting)));
}

}  // namespace
}  // namespace evenkeel::test
