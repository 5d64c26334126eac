// Which messages cannot get through at the moment: links that are cut, groups that do not hear each
// other.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/topology/platform.h"

namespace evenkeel {

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
  }

  bool blocks(NodeId from, NodeId to, const PlatformRoute& route) const {
    if (!route.reachable) return true;
    if (grouped_ && groups_[index(from)] != groups_[index(to)]) return true;
    if (cuts_ == 0) return false;
    return std::ranges::any_of(route.links, [this](PlatformLinkId link) { return cut_[link]; });
  }

 private:
  bool set(PlatformLinkId link, bool is_cut) {
    if (cut_[link] == is_cut) return false;
    cut_[link] = is_cut;
    is_cut ? ++cuts_ : --cuts_;
    return true;
  }

  std::vector<bool> cut_;
  std::size_t cuts_ = 0;
  std::vector<std::uint32_t> groups_;
  bool grouped_ = false;
};

}  // namespace evenkeel
