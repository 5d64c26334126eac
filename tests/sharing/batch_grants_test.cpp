// Batches over another party's rows: the nodes that keep them look at the grant of whoever has the
// batch run, not at the node that runs it.
#include "models/processing/batch.h"
#include "models/processing/batch_rules.h"
#include "models/sharing/guarded_access.h"
#include "models/sharing/refusal.h"
#include "tests/sharing/market.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr double meter = 0;
constexpr double watts = 2;
constexpr double address = 3;

/// Number and mean of the watts, by the column `group`.
BatchSpec means_by(double group, std::vector<double> values = {watts}) {
  BatchSpec spec{.input = "table:meters"};
  spec.mapper = {.name = "columns", .lists = {{"group", {group}}, {"values", std::move(values)}}};
  spec.reduce = {{{.name = "mean"}, {0}}, {{.name = "count"}, {0}}};
  return spec;
}

BatchSpec most_frequent() {
  BatchSpec spec = means_by(meter);
  spec.reduce = {{{.name = "top_k"}, {0}}};
  return spec;
}

GrantRequest request_for(const BatchSpec& spec, const std::string& purpose = "") {
  const AggregateSet aggregates = *AggregateSet::make(spec.reduce);
  GrantRequest request{.resource = batch_part(spec), .purpose = purpose};
  if (batch_kind(aggregates) == AccessKind::batch) {
    request.operation = GrantOperation::query;
    request.aggregates = batch_functions(spec);
  }
  return request;
}

struct BatchMarket : Market {
  using Market::Market;

  /// Run by node `worker` for node `by`.
  Result<BatchResult> run(const BatchSpec& spec, const BatchTokens& tokens,
                          std::uint32_t worker = 4) {
    std::vector<BatchPart> parts;
    for (std::uint32_t part = 0; part < partitions; ++part)
      parts.push_back({part, {NodeId{0}, NodeId{1}, NodeId{2}}});
    BatchRunner runner{world.node(worker), {.pause = std::chrono::milliseconds{10}}};
    return wait(worker, runner.run(spec, parts, {NodeId{1}}, tokens));
  }
  Result<BatchTokens> shown(const GrantRequest& request, std::uint32_t by = 3) {
    return wait(by,
                at(by).desk->show_to({NodeId{0}, NodeId{1}, NodeId{2}}, data_set("use"), request));
  }
  Result<BatchResult> run_granted(const BatchSpec& spec, const std::string& purpose = "",
                                  std::uint32_t by = 3) {
    const Result<BatchTokens> tokens = shown(request_for(spec, purpose), by);
    if (!tokens) return tokens.error();
    return run(spec, *tokens);
  }
  std::string refusal(const Result<BatchResult>& result) {
    return result ? "answered" : result.error().detail;
  }
};

TEST(BatchGrants, RefuseABatchWithoutAGrantWhoeverRunsIt) {
  BatchMarket market{{}};
  market.fill(5);
  // The owner's node runs it, which may read the rows: but for whom is not said.
  for (const std::uint32_t worker : {0u, 3u, 4u, 5u}) {
    const Result<BatchResult> result = market.run(means_by(meter), {}, worker);
    ASSERT_FALSE(result) << worker;
    EXPECT_EQ(result.error().code, ErrorCode::denied);
    EXPECT_THAT(result.error().detail, StartsWith("no grant: table 'meters' belongs to 'owner'"));
  }
}

TEST(BatchGrants, ComputeUnderAGrantAndWriteDownWhatLeft) {
  BatchMarket market{{}};
  market.fill(5);
  const Result<BatchResult> result = market.run_granted(means_by(meter));
  ASSERT_TRUE(result) << result.error().detail;
  EXPECT_EQ(result->rows, 25u);
  ASSERT_EQ(result->groups.size(), 5u);
  for (const GroupResult& group : result->groups) EXPECT_EQ(group.rows, 5u);
  std::uint64_t rows = 0;
  for (std::uint32_t i = 0; i < 3; ++i)
    for (const AuditRecord& record : market.at(i).sharing.audit.records()) {
      EXPECT_EQ(record.decision, AuditDecision::served);
      EXPECT_EQ(record.who, market.keys[3].signing.public_key());
      EXPECT_THAT(record.resource, StartsWith("use/batch/"));
      rows += record.rows;
    }
  EXPECT_EQ(rows, 25u);
}

TEST(BatchGrants, LetTheOwnerComputeOnItsRowsWhereverTheyAre) {
  BatchMarket market{{}};
  market.fill(5);
  const Result<BatchResult> result = market.run_granted(means_by(meter), "", 5);
  ASSERT_TRUE(result) << result.error().detail;
  EXPECT_EQ(result->rows, 25u);
}

TEST(BatchGrants, HoldForTheBatchThatWasSignedOnly) {
  BatchMarket market{{}};
  market.fill(5);
  const Result<BatchTokens> tokens = market.shown(request_for(means_by(meter)));
  ASSERT_TRUE(tokens);
  EXPECT_THAT(market.refusal(market.run(means_by(address), *tokens)),
              StartsWith("wrong resource: "));
  EXPECT_TRUE(market.run(means_by(meter), *tokens));
}

TEST(BatchGrants, ApplyRowsColumnsPurposeAndAggregates) {
  const std::vector<std::string> columns = {"at", "meter", "watts"};
  BatchMarket market{{.terms = {.rows = {{"watts", RowComparison::at_least, std::int64_t{20}}},
                                .columns = columns,
                                .purpose = "tariffs",
                                .aggregates = std::vector<std::string>{"avg", "count"}}}};
  market.fill(5);
  const Result<BatchResult> result = market.run_granted(means_by(meter), "tariffs");
  ASSERT_TRUE(result) << result.error().detail;
  EXPECT_EQ(result->rows, 15u);
  // A column that the batch has, but does not use, is no reason to refuse it.
  EXPECT_TRUE(market.run_granted(means_by(meter, {watts, address}), "tariffs"));
  EXPECT_THAT(market.refusal(market.run_granted(means_by(meter), "adverts")),
              StartsWith("wrong purpose: "));
  EXPECT_THAT(market.refusal(market.run_granted(means_by(address), "tariffs")),
              StartsWith("column not granted: 'address'"));
  EXPECT_THAT(market.refusal(market.run_granted(means_by(meter, {address}), "tariffs")),
              StartsWith("column not granted: 'address'"));
  BatchSpec spread = means_by(meter);
  spread.reduce = {{{.name = "variance"}, {0}}};
  EXPECT_THAT(market.refusal(market.run_granted(spread, "tariffs")),
              StartsWith("aggregate not granted: "));
}

TEST(BatchGrants, TellNoGroupThatIsSmallerThanTheGrantDemands) {
  BatchMarket market{{.terms = {.minimum_group = 4, .aggregate_only = true}}};
  std::vector<Row> rows;
  for (int m = 0; m < 40; ++m)
    for (int at = 0; at <= m % 8; ++at) {
      const Value known = m == 39 && at > 0 ? Value{} : Value{1.0};  // one value, eight rows
      rows.push_back({"meter " + std::to_string(m), std::int64_t{at}, known, std::string{"a"}});
    }
  ASSERT_TRUE(market.wait(5, market.at(5).access->put_all("meters", std::move(rows))));
  const Result<BatchResult> result = market.run_granted(means_by(meter));
  ASSERT_TRUE(result) << result.error().detail;
  EXPECT_EQ(result->groups.size(), 24u);
  for (const GroupResult& group : result->groups) EXPECT_GE(group.rows, 4u);
}

TEST(BatchGrants, CountARowOnceHoweverOftenItSaysAWord) {
  BatchMarket market{{.terms = {.minimum_group = 3, .aggregate_only = true}}};
  std::vector<Row> rows;
  for (int m = 0; m < 3; ++m)
    rows.push_back({"meter", std::int64_t{m}, 1.0,
                    std::string{m == 0 ? "secret secret secret secret street" : "street"}});
  ASSERT_TRUE(market.wait(5, market.at(5).access->put_all("meters", std::move(rows))));
  BatchSpec spec{.input = "table:meters"};
  spec.mapper = {.name = "words", .numbers = {{"column", address}}};
  spec.reduce = {{{.name = "count"}, {0}}};
  const Result<BatchResult> result = market.run_granted(spec);
  ASSERT_TRUE(result) << result.error().detail;
  ASSERT_EQ(result->groups.size(), 1u);
  EXPECT_EQ(std::get<std::string>(result->groups[0].key.at(0)), "street");
}

TEST(BatchGrants, ForAggregatesOnlyAreNotEnoughForValuesOfRows) {
  BatchMarket market{{.terms = {.minimum_group = 2, .aggregate_only = true}}};
  market.fill(5);
  EXPECT_TRUE(market.run_granted(means_by(meter)));
  EXPECT_THAT(market.refusal(market.run_granted(most_frequent())), StartsWith("aggregates only: "));
  // Nor where the asker says that it takes aggregates.
  GrantRequest lie = request_for(most_frequent());
  lie.operation = GrantOperation::query;
  lie.aggregates = {"count"};
  EXPECT_THAT(market.refusal(market.run(most_frequent(), *market.shown(lie))),
              StartsWith("wrong operation: "));
}

TEST(BatchGrants, ToReadLetRowsBeBroughtAsFarAsTheyGo) {
  const std::vector<std::string> columns = {"at", "meter", "watts"};
  BatchMarket market{{.terms = {.rows = {{"watts", RowComparison::at_least, std::int64_t{20}}},
                                .columns = columns}}};
  market.fill(5);
  std::size_t rows = 0;
  const Result<BatchTokens> tokens =
      market.shown({.operation = GrantOperation::read, .resource = std::string{brought_part}});
  ASSERT_TRUE(tokens);
  for (std::uint32_t part = 0; part < partitions; ++part) {
    FetchPart question{.input = "table:meters", .part = part, .most_bytes = 1 << 20};
    const auto bring = [&] {
      return market.wait(4, ask(market.world.node(4), NodeId{1}, Port::jobs, question, seconds(5)));
    };
    EXPECT_FALSE(bring());
    question.token = tokens->at(NodeId{1});
    const Result<FetchPart::Answer> page = bring();
    ASSERT_TRUE(page) << page.error().detail;
    rows += page->rows.size();
    for (const Row& row : page->rows) {
      EXPECT_GE(std::get<double>(row.at(2)), 20);
      EXPECT_EQ(row.at(3), Value{});
    }
  }
  EXPECT_EQ(rows, 15u);
}

// What was mapped before does not leave any more.
TEST(BatchGrants, EndWithinTheLeaseWhenTheyAreRevoked) {
  BatchMarket market{{}};
  market.fill(5);
  const BatchSpec spec = means_by(meter);
  const Result<BatchTokens> tokens = market.shown(request_for(spec));
  ASSERT_TRUE(tokens);
  const RunMap wanted{{7, 1, 0}, spec, tokens->at(NodeId{1})};
  const auto map = [&] {
    return market.wait(4, ask(market.world.node(4), NodeId{1}, Port::jobs, wanted, seconds(5)));
  };
  const auto fetch = [&] {
    const FetchGroups groups{wanted.attempt, 0};
    return market.wait(4, ask(market.world.node(4), NodeId{1}, Port::jobs, groups, seconds(5)));
  };
  ASSERT_TRUE(map());
  ASSERT_TRUE(fetch());
  market.take_back(3, "use");
  market.world.run_for(seconds(10));
  const Result<std::uint64_t> mapped = map();
  ASSERT_FALSE(mapped);
  EXPECT_THAT(mapped.error().detail, StartsWith("revoked: "));
  const auto fetched = fetch();
  ASSERT_FALSE(fetched);
  EXPECT_THAT(fetched.error().detail, StartsWith("revoked: "));
  EXPECT_THAT(market.refusal(market.run(spec, *tokens)), StartsWith("revoked: "));
}

}  // namespace
}  // namespace evenkeel::test
