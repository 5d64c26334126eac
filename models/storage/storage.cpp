#include "models/storage/storage.h"

namespace evenkeel {

Storage::Storage(Node& node, const Placement& placement, const StorageSettings& settings)
    : store_(node.disk(), node.random()()), records_(node, placement, settings.records) {
  if (Result<Done> opened = store_.open(); !opened) {
    node.probe().event(node.now(), node.id(), "store damaged", opened.error().detail);
    store_.destroy();
    static_cast<void>(store_.open().has_value());  // else while it recovers
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
