// The models that a node has: its own, and those it fetched from others and keeps while there is
// room.
#pragma once

#include <list>
#include <map>

#include "models/processing/model.h"
#include "models/runtime/node.h"
#include "models/runtime/service.h"
#include "models/runtime/signal.h"

namespace evenkeel {

/// The model of that name, from its home. ErrorCode::not_found: it is not published there.
struct FetchModel {
  static constexpr std::uint16_t tag = 20;
  using Answer = Model;
  std::string name = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name);
  }
};

struct ModelStoreSettings {
  std::uint64_t room_bytes = 64 << 20;  // of models fetched; those used least recently go first
  Duration timeout = std::chrono::seconds{30};
};

class ModelStore {
 public:
  using Settings = ModelStoreSettings;
  /// Both outlive the node's tasks; the service answers Port::jobs.
  ModelStore(Node& node, Service& service, const Settings& settings = {});
  ModelStore(const ModelStore&) = delete;

  /// A model of this node's own: always here, and others may fetch it. ErrorCode::malformed.
  Result<Done> publish(Model model);
  /// From here if it is here, else from its home, over the network, once: who asks for it meanwhile
  /// waits for the same transfer. ErrorCode::full: it is larger than the room.
  Task<Result<std::shared_ptr<const Model>>> get(std::string name, NodeId home);
  /// Only if it is here.
  std::shared_ptr<const Model> find(const std::string& name);

  std::uint64_t cached_bytes() const { return cached_bytes_; }

 private:
  struct Cached {
    std::shared_ptr<const Model> model;
    std::uint64_t bytes = 0;
    std::uint64_t used = 0;  // by a count of uses
  };

  Task<Result<Model>> give(NodeId from, FetchModel question);
  Result<std::shared_ptr<const Model>> keep(Model model);

  Node& node_;
  Settings settings_;
  std::map<std::string, std::shared_ptr<const Model>> own_;
  std::map<std::string, Cached> cached_;
  std::map<std::string, Time> fetching_;  // until when at most
  std::uint64_t cached_bytes_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace evenkeel
