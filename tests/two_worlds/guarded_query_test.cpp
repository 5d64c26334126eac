// A query under a grant: agreed on at its first use, answered where the rows are, refused once the
// owner has taken the grant back. In both worlds alike.
#include "models/access/query_service.h"
#include "models/sharing/grant_desk.h"
#include "models/sharing/guarded_access.h"
#include "models/sharing/offers.h"
#include "models/sharing/refusal.h"
#include "models/storage/storage.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

TableSchema powers() {
  return {.name = "powers",
          .columns = {{"meter", ColumnType::integer}, {"watts", ColumnType::integer}}};
}

struct Fair {
  Fair() {
    Random random{6};
    for (std::uint32_t i = 0; i < 3; ++i) keys.push_back(PartyKeys::draw(random));
    directory = PartyDirectory{
        {keys[0].party("seller", {a}), keys[1].party("host", {b}), keys[2].party("buyer", {c})}};
    owned.tables = {{"powers", keys[0].signing.public_key(), {"use"}}};
  }
  // The host and the seller keep all rows.
  static Layout layout() {
    Layout layout{.version = 1, .copies = 2, .members = {{.node = a}, {.node = b}}};
    layout.replicas.assign(partitions, {a, b});
    return layout;
  }
  std::vector<PartyKeys> keys;
  PartyDirectory directory;
  Ownership owned;
  Notes notes;
};

struct Stand {
  Stand(Node& node, Fair& fair, std::size_t party)
      : placement(Fair::layout()),
        offers(node, party == 0 ? offered(fair) : std::vector<OfferedDataSet>{}),
        sharing(node, fair.keys[party], fair.directory, settings()),
        guarded(sharing.guard, fair.directory, placement, fair.owned) {
    if (party < 2) {
      storage = std::make_unique<Storage>(node, placement, StorageSettings{});
      queries = std::make_unique<QueryService>(node, storage->replica(), placement);
      queries->guard(guarded.query_rule());
      storage->replica().guard(guarded.row_rule());
    } else {
      records = std::make_unique<Records>(node, placement);
    }
    access = std::make_unique<Access>(node, storage ? storage->records() : *records, placement);
    access->know(powers());
    desk = std::make_unique<GrantDesk>(node, sharing.contracts, fair.keys[party], fair.directory,
                                       access.get(), nullptr, GrantDeskSettings{});
  }
  static std::vector<OfferedDataSet> offered(const Fair& fair) {
    const Caveats terms{.operations = operations_of(GrantOperation::query),
                        .minimum_group = 5,
                        .aggregate_only = true};
    return {{"use", {{fair.keys[2].signing.public_key(), terms}}}};
  }
  SharingSettings settings() {
    SharingSettings its;
    its.leases.peers = its.catalogue.peers = {a, b, c};
    its.contracts.every = seconds(0.3);
    its.contracts.terms = [this](const PublicKey& consumer, const std::string& data_set) {
      return offers.terms(consumer, data_set);
    };
    return its;
  }
  FixedPlacement placement;
  Offers offers;
  Sharing sharing;
  GuardedAccess guarded;
  std::unique_ptr<Storage> storage;
  std::unique_ptr<QueryService> queries;
  std::unique_ptr<Records> records;
  std::unique_ptr<Access> access;
  std::unique_ptr<GrantDesk> desk;
};

Task<> sell(Node& node, Stand& stand, Fair& fair) {
  co_await node.sleep(milliseconds{300});
  std::vector<Row> rows;
  for (std::int64_t meter = 0; meter < 50; ++meter) rows.push_back({meter, meter * 2});
  Task<Result<Done>> putting = stand.access->put_all("powers", std::move(rows));
  const Result<Done> put = co_await std::move(putting);
  if (!put) fair.notes.add("not put: " + put.error().detail);
  co_await node.sleep_until(seconds(3));
  const PublicKey buyer = fair.keys[2].signing.public_key();
  if (!stand.offers.take_back(buyer, "use")) fair.notes.add("not taken back");
  for (const std::uint64_t agreement : stand.sharing.contracts.agreements()) {
    Task<Result<Done>> retiring = stand.sharing.contracts.retire(agreement);
    const Result<Done> retired = co_await std::move(retiring);
    fair.notes.add(retired ? "retired" : "not retired");
  }
}

Task<> buy(Node& node, Stand& stand, Fair& fair) {
  const DataSetId id{fair.keys[0].signing.public_key(), "use"};
  const std::vector<std::pair<double, std::string>> questions = {
      {1.5, "SELECT count(*), sum(watts) FROM powers"},
      {2.0, "SELECT watts FROM powers"},
      {4.5, "SELECT count(*), sum(watts) FROM powers"}};
  for (const auto& [at_s, sql] : questions) {
    co_await node.sleep_until(seconds(at_s));
    ReadOptions options{.level = ReadLevel::any};
    Task<Result<QueryResult>> asking = stand.desk->query(id, "", sql, {}, std::move(options));
    const Result<QueryResult> answer = co_await std::move(asking);
    if (answer)
      fair.notes.add(std::to_string(std::get<std::int64_t>(answer->rows.at(0).at(0))) + " rows");
    else
      fair.notes.add(refusal_name(answer.error()));
  }
}

TEST_P(TwoWorlds, AGuardedQueryIsAnsweredUnderItsGrantUntilThatIsRevoked) {
  in_world([this] {
    Fair fair;
    std::array<std::unique_ptr<Stand>, 3> stands;
    play({.boots = {{a,
                     [&](Node& node) {
                       stands[0] = std::make_unique<Stand>(node, fair, 0);
                       node.spawn(sell(node, *stands[0], fair));
                     }},
                    {b, [&](Node& node) { stands[1] = std::make_unique<Stand>(node, fair, 1); }},
                    {c,
                     [&](Node& node) {
                       stands[2] = std::make_unique<Stand>(node, fair, 2);
                       node.spawn(buy(node, *stands[2], fair));
                     }}},
          .length = seconds(5)});
    EXPECT_THAT(fair.notes.all(),
                testing::ElementsAre("50 rows", "aggregates only", "retired", "revoked"));
  });
}

}  // namespace
}  // namespace evenkeel::test
