// Three utilities that share their meters as a pool: nodes 0, 1 and 2 are one's each and keep its
// rows, node 3 is the planner's, who may ask; 4, 5 and 6 compute, and are of no party.
#pragma once

#include <gmock/gmock.h>

#include "models/access/query_service.h"
#include "models/sharing/guarded_access.h"
#include "models/sharing/offers.h"
#include "models/sharing/pooling/pool_desk.h"
#include "models/storage/storage.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

struct PoolTown {
  static constexpr std::uint32_t owners = 3;
  static constexpr std::uint32_t planner = 3;

  struct Settings {
    Caveats terms = {.operations = operations_of(GrantOperation::query), .purpose = "planning"};
    std::int64_t min_group = 4;
    std::int64_t min_owners = 2;
    double epsilon = 0;
    std::int64_t most_rows = 1000;
  };

  explicit PoolTown(Settings its_settings)
      : settings(std::move(its_settings)), world({.nodes = 7}), placement(layout()) {
    Random drawn{4};
    std::vector<Party> parties;
    for (std::uint32_t p = 0; p <= planner; ++p) {
      keys.push_back(PartyKeys::draw(drawn));
      parties.push_back(keys[p].party("party " + std::to_string(p), {NodeId{p}}));
    }
    directory = PartyDirectory{parties};
    Pool pool{.name = "all_meters",
              .columns = {{"watts", -100, 300}},
              .min_group = settings.min_group,
              .min_owners = settings.min_owners,
              .epsilon = settings.epsilon,
              .most_rows = settings.most_rows};
    for (std::uint32_t i = 0; i < owners; ++i) {
      owned.tables.push_back({table(i).name, key_of(i), {"use"}});
      pool.members.push_back({{key_of(i), "use"}, table(i).name, NodeId{i}});
    }
    pools = {pool};
    rules = {.kind = protocol_named("replicated3"),
             .parties = {NodeId{4}, NodeId{5}, NodeId{6}},
             .functions = {{function_name(pool), function_of(pool)}}};
    desks.resize(7);
    for (std::uint32_t i = 0; i < 7; ++i)
      world.node(i).on_start([this, i](Node& node) {
        desks[i].reset();
        desks[i] = std::make_unique<Desk>(*this, node, i);
      });
    world.start();
  }
  ~PoolTown() { world.stop(); }

  static TableSchema table(std::uint32_t owner) {
    return {.name = "meters_" + std::to_string(owner),
            .columns = {{"meter", ColumnType::integer},
                        {"zone", ColumnType::integer},
                        {"watts", ColumnType::real},
                        {"address", ColumnType::text}},
            .region = static_cast<std::uint8_t>(owner + 1),
            .regions = owners + 1};
  }
  static Layout layout() {
    std::vector<Member> members;
    std::vector<std::vector<NodeId>> homes;
    for (std::uint32_t i = 0; i < owners; ++i) {
      members.push_back({NodeId{i}, i, 1});
      homes.push_back({NodeId{i}});
    }
    return *make_layout(std::move(members), 1, nullptr, std::move(homes));
  }

  struct Desk {
    Desk(PoolTown& town, Node& node, std::uint32_t i) {
      if (i < owners) {
        storage = std::make_unique<Storage>(node, town.placement, StorageSettings{});
        queries = std::make_unique<QueryService>(node, storage->replica(), town.placement);
      } else {
        records = std::make_unique<Records>(node, town.placement);
      }
      access =
          std::make_unique<Access>(node, storage ? storage->records() : *records, town.placement);
      for (std::uint32_t its = 0; its < owners; ++its) access->know(table(its));
      council = std::make_unique<Council>(node, town.rules, [this](const Meeting& meeting) {
        return owner ? owner->numbers_for(meeting) : std::vector<double>{};
      });
      if (i <= planner) take_part(town, node, i);
    }
    void take_part(PoolTown& town, Node& node, std::uint32_t i) {
      offers = std::make_unique<Offers>(node, town.offered_by(i));
      SharingSettings its;
      its.contracts.terms = [this](const PublicKey& consumer, const std::string& data_set) {
        return offers->terms(consumer, data_set);
      };
      sharing = std::make_unique<Sharing>(node, town.keys[i], town.directory, its);
      desk = std::make_unique<GrantDesk>(node, sharing->contracts, town.keys[i], town.directory,
                                         access.get(), nullptr, GrantDeskSettings{});
      pool_desk = std::make_unique<PoolDesk>(node, *desk, sharing->audit, town.key_of(i), *access,
                                             *council, town.pools);
      if (i == planner) return;
      guarded = std::make_unique<GuardedAccess>(sharing->guard, town.directory, town.placement,
                                                town.owned);
      queries->guard(guarded->query_rule());
      storage->replica().guard(guarded->row_rule());
      owner = std::make_unique<PoolOwner>(node, sharing->service, sharing->guard, town.key_of(i),
                                          *access, town.pools);
    }

    std::unique_ptr<Storage> storage;
    std::unique_ptr<QueryService> queries;
    std::unique_ptr<Records> records;
    std::unique_ptr<Access> access;
    std::unique_ptr<Council> council;
    std::unique_ptr<Offers> offers;
    std::unique_ptr<Sharing> sharing;
    std::unique_ptr<GuardedAccess> guarded;
    std::unique_ptr<GrantDesk> desk;
    std::unique_ptr<PoolDesk> pool_desk;
    std::unique_ptr<PoolOwner> owner;
  };

  std::vector<OfferedDataSet> offered_by(std::uint32_t i) const {
    if (i == planner) return {};
    return {{"use", {{keys[planner].signing.public_key(), settings.terms, std::nullopt}}}};
  }
  PublicKey key_of(std::uint32_t party) const { return keys[party].signing.public_key(); }
  Desk& at(std::uint32_t i) { return *desks[i]; }

  template <class T>
  Result<T> wait(std::uint32_t i, Task<Result<T>> task) {
    return world.wait(i, std::move(task));
  }

  /// One row: a meter's zone and watts.
  void put(std::uint32_t owner, std::int64_t meter, std::int64_t zone, double watts) {
    Row row{meter, zone, watts, std::string{"Main Street"}};
    ASSERT_TRUE(wait(owner, at(owner).access->put(table(owner).name, std::move(row))));
  }
  Result<QueryResult> ask(const std::string& sql, const std::string& purpose = "planning") {
    return wait(planner, at(planner).pool_desk->query("all_meters", purpose, sql, {}));
  }
  std::string refusal(const std::string& sql, const std::string& purpose = "planning") {
    const Result<QueryResult> answer = ask(sql, purpose);
    return answer ? "answered" : answer.error().detail;
  }

  Settings settings;
  std::vector<PartyKeys> keys;
  PartyDirectory directory;
  Ownership owned;
  std::vector<Pool> pools;
  CouncilRules rules;
  ClusterWorld world;
  FixedPlacement placement;
  std::vector<std::unique_ptr<Desk>> desks;
};

}  // namespace evenkeel::test
