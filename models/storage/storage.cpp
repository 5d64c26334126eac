#include "models/storage/storage.h"

namespace evenkeel {

std::unique_ptr<RowStore> Storage::open(Node& node) {
  Result<std::unique_ptr<RowStore>> store = RowStore::open(node.disk(), node.random()());
  if (store) return std::move(*store);
  node.probe().event(node.now(), node.id(), "store damaged", store.error().detail);
  RowStore::destroy(node.disk());
  store = RowStore::open(node.disk(), node.random()());
  EVENKEEL_CHECK(store.has_value(), "a new store cannot be made on an empty disk");
  return std::move(*store);
}

Storage::Storage(Node& node, const Placement& placement, const StorageSettings& settings)
    : store_(open(node)),
      replica_(std::make_unique<Replica>(node, *store_, placement, settings.replica)),
      anti_entropy_(std::make_unique<AntiEntropy>(node, *replica_, placement, settings.replica)),
      records_(node, placement, settings.records) {}

}  // namespace evenkeel
