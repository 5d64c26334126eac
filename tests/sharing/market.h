// A small world for tests of shared data: nodes 0, 1 and 2 keep all rows, each for another party;
// node 0 is the owner's, who also has node 5; node 3 is the buyer's, node 4 a stranger's.
#pragma once

#include <gmock/gmock.h>

#include "models/access/query_service.h"
#include "models/processing/batch_worker.h"
#include "models/processing/kept_rows.h"
#include "models/sharing/grant_desk.h"
#include "models/sharing/guarded_access.h"
#include "models/sharing/offers.h"
#include "models/storage/backup/backup_node.h"
#include "models/storage/backup/backups.h"
#include "models/storage/files/file_node.h"
#include "models/storage/storage.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

inline TableSchema meters_table() {
  return {.name = "meters",
          .columns = {{"meter", ColumnType::text},
                      {"at", ColumnType::integer},
                      {"watts", ColumnType::real},
                      {"address", ColumnType::text}},
          .key_columns = 2,
          .placed_by = 1};
}

struct MarketSettings {
  ClusterWorld::Settings world = {.nodes = 6};
  Caveats terms = {.operations = operations_of(GrantOperation::read, GrantOperation::query)};
  std::optional<Duration> lasts = {};
  double upload_bytes_per_s = 0;
  std::optional<std::uint32_t> vault = {};  // the node that takes and keeps backups
};

struct Market {
  explicit Market(const MarketSettings& its_settings)
      : settings(its_settings), world(settings.world), placement(layout()) {
    Random drawn{4};
    const char* names[] = {"owner", "host", "other host", "buyer", "stranger"};
    std::vector<Party> parties;
    for (std::uint32_t p = 0; p < 5; ++p) {
      keys.push_back(PartyKeys::draw(drawn));
      std::vector<NodeId> nodes = {NodeId{p}};
      if (p == 0) nodes.push_back(NodeId{5});
      parties.push_back(keys[p].party(names[p], nodes));
    }
    keys.push_back(keys[0]);
    directory = PartyDirectory{parties};
    owned.tables = {{"meters", owner(), {"use"}}};
    owned.spaces = {{"films", owner()}};
    for (std::uint32_t i = 0; i < 6; ++i) everyone.push_back(NodeId{i});
    desks.resize(6);
    for (std::uint32_t i = 0; i < 6; ++i)
      world.node(i).on_start([this, i](Node& node) {
        desks[i].reset();
        desks[i] = std::make_unique<Desk>(*this, node, i);
      });
    world.start();
  }
  ~Market() { world.stop(); }

  static Layout layout() {
    Layout layout{.version = 1, .copies = 3};
    for (std::uint32_t i = 0; i < 3; ++i) layout.members.push_back({.node = NodeId{i}});
    layout.replicas.assign(partitions, {NodeId{0}, NodeId{1}, NodeId{2}});
    return layout;
  }

  struct Desk {
    Desk(Market& market, Node& node, std::uint32_t i)
        : offers(node, market.offered_by(i)),
          sharing(node, market.keys[i], market.directory, market.settings_of(offers)),
          guarded(sharing.guard, market.directory, market.placement, market.owned),
          blocks(node),
          swarm(node, blocks, &sharing.guard,
                {.upload_bytes_per_s = market.settings.upload_bytes_per_s, .burst_bytes = 16e3}),
          files(node, sharing.service, market.keys[i], market.directory, sharing.guard, blocks,
                swarm, {.block_bytes = 4096}) {
      if (i < 3) {
        storage = std::make_unique<Storage>(node, market.placement, StorageSettings{});
        queries = std::make_unique<QueryService>(node, storage->replica(), market.placement);
        queries->guard(guarded.query_rule());
        storage->replica().guard(guarded.row_rule());
        rows_of_batches =
            std::make_unique<KeptRows>(&market.placement, NodeId{i}, storage.get(), nullptr);
        jobs = std::make_unique<Service>(node, Port::jobs);
        worker = std::make_unique<BatchWorker>(node, *rows_of_batches, *jobs);
        worker->guard(guarded.query_rule());
      } else {
        records = std::make_unique<Records>(node, market.placement);
      }
      Records& rows = storage ? storage->records() : *records;
      if (i < 3) {
        file_node = std::make_unique<FileNode>(node, rows, market.placement);
        file_node->server().guard(guarded.list_rule());
      } else {
        plain_files = std::make_unique<Files>(node, rows, market.placement);
      }
      if (market.settings.vault) take_part_in_backups(market, node, i);
      access = std::make_unique<Access>(node, rows, market.placement);
      access->know(meters_table());
      desk = std::make_unique<GrantDesk>(node, sharing.contracts, market.keys[i], market.directory,
                                         access.get(), &files,
                                         GrantDeskSettings{.peers = market.everyone});
    }
    void take_part_in_backups(Market& market, Node& node, std::uint32_t i) {
      const VaultClientSettings vault{.vault = NodeId{*market.settings.vault}};
      backup_node = std::make_unique<BackupNode>(node);
      if (i < 3) {
        backup_node->take_part(storage->replica(), &file_node->files().chunks(), market.backup_key,
                               {.vault = vault});
        backup_node->agent()->guard(guarded.backup_rule());
      }
      if (i != *market.settings.vault) return;
      backup_node->keep_objects({});
      backups = std::make_unique<Backups>(
          node, market.placement, market.backup_key,
          BackupSettings{
              .tables = {"meters"}, .spaces = std::vector<std::string>{}, .vault = vault});
    }
    Files& tree() { return file_node ? file_node->files() : *plain_files; }

    Offers offers;
    Sharing sharing;
    GuardedAccess guarded;
    StoredBlocks blocks;
    BlockSwarm swarm;
    SharedFiles files;
    std::unique_ptr<Storage> storage;
    std::unique_ptr<QueryService> queries;
    std::unique_ptr<KeptRows> rows_of_batches;
    std::unique_ptr<Service> jobs;
    std::unique_ptr<BatchWorker> worker;
    std::unique_ptr<Records> records;
    std::unique_ptr<FileNode> file_node;
    std::unique_ptr<Files> plain_files;
    std::unique_ptr<BackupNode> backup_node;
    std::unique_ptr<Backups> backups;
    std::unique_ptr<Access> access;
    std::unique_ptr<GrantDesk> desk;
  };

  std::vector<OfferedDataSet> offered_by(std::uint32_t i) const {
    if (i != 0) return {};
    const GrantOffer buyer{keys[3].signing.public_key(), settings.terms, settings.lasts};
    const GrantOffer host{keys[1].signing.public_key(), settings.terms, settings.lasts};
    return {{"use", {buyer}}, {"film", {buyer, host}}};
  }
  SharingSettings settings_of(const Offers& offers) const {
    SharingSettings its;
    its.catalogue.peers = its.leases.peers = everyone;
    its.contracts.terms = [&offers](const PublicKey& consumer, const std::string& data_set) {
      return offers.terms(consumer, data_set);
    };
    return its;
  }

  PublicKey owner() const { return keys[0].signing.public_key(); }
  DataSetId data_set(const std::string& name) const { return {owner(), name}; }
  Desk& at(std::uint32_t i) { return *desks[i]; }

  template <class T>
  Result<T> wait(std::uint32_t i, Task<Result<T>> task, Duration limit = seconds(60)) {
    return world.wait(i, std::move(task), limit);
  }

  // Rows of so many meters, by the owner.
  void fill(std::uint32_t meters, std::uint32_t readings = 5) {
    std::vector<Row> rows;
    for (std::uint32_t m = 0; m < meters; ++m)
      for (std::uint32_t at = 0; at < readings; ++at)
        rows.push_back({"meter " + std::to_string(m), std::int64_t{at}, 10.0 * m + at,
                        std::string{"Main Street"}});
    const Result<Done> written = wait(5, at(5).access->put_all("meters", std::move(rows)));
    ASSERT_TRUE(written) << written.error().detail;
  }
  Result<QueryResult> ask(const std::string& sql, const std::string& purpose = "",
                          std::uint32_t by = 3, ReadLevel level = ReadLevel::any) {
    const ReadOptions options{.level = level};
    return wait(by, at(by).desk->query(data_set("use"), purpose, sql, {}, options));
  }
  std::string refusal(const std::string& sql, const std::string& purpose = "", std::uint32_t by = 3,
                      ReadLevel level = ReadLevel::any) {
    const Result<QueryResult> answer = ask(sql, purpose, by, level);
    return answer ? "answered" : answer.error().detail;
  }
  Result<Blob> fetch(std::uint32_t by = 3, Duration limit = seconds(60)) {
    return wait(by, at(by).desk->fetch(data_set("film"), "", limit), limit + seconds(30));
  }
  // What the owner does to take back what that party has of a data set.
  void take_back(std::uint32_t party, const std::string& name) {
    const PublicKey consumer = keys[party].signing.public_key();
    EXPECT_TRUE(at(0).offers.take_back(consumer, name));
    Contracts& contracts = at(0).sharing.contracts;
    for (const std::uint64_t agreement : contracts.agreements())
      if (contracts.find(agreement)->other() == consumer &&
          contracts.find(agreement)->log().front().data_set == name) {
        EXPECT_TRUE(wait(0, contracts.retire(agreement)));
      }
  }
  Blob film(std::size_t bytes = 200'000) {
    Blob content(bytes);
    for (std::byte& byte : content) byte = static_cast<std::byte>(random());
    return content;
  }

  MarketSettings settings;
  std::vector<PartyKeys> keys;  // by node
  std::vector<NodeId> everyone;
  PartyDirectory directory;
  Ownership owned;
  Random random{9};
  BackupKey backup_key{SecretKey{}};
  ClusterWorld world;
  FixedPlacement placement;
  std::vector<std::unique_ptr<Desk>> desks;
};

}  // namespace evenkeel::test
