// Which messages cannot get through at the moment, and what befalls those that can: links that are
// cut, groups that do not hear each other, walls, and disturbances.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "sim/topology/platform.h"
#include "sim/world/disturbance.h"

namespace evenkeel {

/// Nothing gets from any of `from` to any of `to`; the other way is open. Node by node.
struct Wall {
  std::vector<bool> from = {};  // by NodeId
  std::vector<bool> to = {};

  bool stops(NodeId sender, NodeId receiver) const {
    return from[index(sender)] && to[index(receiver)];
  }
};

/// What names a wall or a disturbance, so that it can be taken away again.
using FaultId = std::uint32_t;

class NetworkFaults {
 public:
  explicit NetworkFaults(const Platform& platform)
      : cut_(platform.links().size()), groups_(platform.size()) {}

  /// True if the link was not so before.
  bool cut(PlatformLinkId link) { return set(link, true); }
  bool mend(PlatformLinkId link) { return set(link, false); }
  /// All nodes start in group 0.
  void set_group(NodeId id, std::uint32_t group) {
    groups_[index(id)] = group;
    grouped_ = std::ranges::any_of(groups_, [](std::uint32_t its) { return its != 0; });
    note_change();
  }
  /// A wall replaces the one of the same name.
  void build(FaultId id, Wall wall) {
    walls_[id] = std::move(wall);
    note_change();
  }
  void tear_down(FaultId id) {
    walls_.erase(id);
    note_change();
  }
  /// Between these nodes and all, these nodes themselves included.
  void disturb(FaultId id, std::vector<bool> nodes, const Disturbance& disturbance) {
    disturbed_[id] = {std::move(nodes), disturbance};
  }
  void calm(FaultId id) { disturbed_.erase(id); }

  bool blocks(NodeId from, NodeId to, const PlatformRoute& route) const {
    if (!route.reachable) return true;
    if (!anything_) return false;
    if (from == to) return false;
    if (grouped_ && groups_[index(from)] != groups_[index(to)]) return true;
    for (const auto& [id, wall] : walls_)
      if (wall.stops(from, to)) return true;
    if (cuts_ == 0) return false;
    return std::ranges::any_of(route.links, [this](PlatformLinkId link) { return cut_[link]; });
  }

  bool disturbs_any() const { return !disturbed_.empty(); }
  Disturbance disturbance(NodeId from, NodeId to) const {
    Disturbance all;
    if (from == to) return all;
    for (const auto& [id, one] : disturbed_)
      if (one.nodes[index(from)] || one.nodes[index(to)]) all = all.and_then(one.disturbance);
    return all;
  }

 private:
  struct Disturbed {
    std::vector<bool> nodes;
    Disturbance disturbance;
  };

  bool set(PlatformLinkId link, bool is_cut) {
    if (cut_[link] == is_cut) return false;
    cut_[link] = is_cut;
    is_cut ? ++cuts_ : --cuts_;
    note_change();
    return true;
  }
  void note_change() { anything_ = grouped_ || cuts_ > 0 || !walls_.empty(); }

  std::vector<bool> cut_;
  std::size_t cuts_ = 0;
  std::vector<std::uint32_t> groups_;
  bool grouped_ = false;
  bool anything_ = false;  // that blocks
  std::map<FaultId, Wall> walls_;
  std::map<FaultId, Disturbed> disturbed_;
};

}  // namespace evenkeel
