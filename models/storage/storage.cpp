#include "models/storage/storage.h"

namespace evenkeel {

Storage::Storage(Node& node, const Placement& placement, const StorageSettings& settings)
    : store_(node.disk(), node.random()()), records_(node, placement, settings.records) {
  // A node that has run before and finds nothing has lost its disk.
  const bool has_lost_it =
      node.incarnation() > 1 && settings.replica.flaw != Flaw::lost_disk_answers;
  const auto if_new = has_lost_it ? RowStore::IfNew::incomplete : RowStore::IfNew::complete;
  if (Result<Done> opened = store_.open(if_new); !opened) {
    node.probe().event(node.now(), node.id(), "store damaged", opened.error().detail);
    store_.destroy();
    static_cast<void>(store_.open(if_new).has_value());  // else while it recovers
  }
  replica_ = std::make_unique<Replica>(node, store_, placement, settings.replica);
  anti_entropy_ = std::make_unique<AntiEntropy>(node, *replica_, placement, settings.replica);
  anti_entropy_->settle_by(
      [this](TableSchema table, Row key) { return settle(std::move(table), std::move(key)); });
}

Task<Result<Done>> Storage::settle(TableSchema table, Row key) {
  Task<Result<StoredRow>> settling = records_.settle(std::move(table), std::move(key));
  const Result<StoredRow> settled = co_await std::move(settling);
  if (!settled) co_return settled.error();
  co_return Done{};
}

}  // namespace evenkeel
