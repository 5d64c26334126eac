// What a node knows of the layouts that are in force, while one follows another: whom to write to,
// and whom to read from.
#pragma once

#include <functional>

#include "models/runtime/quorum.h"
#include "models/storage/layout.h"

namespace evenkeel {

/// Layouts follow one another without a read being lost (Garage 1.0): data is written to the
/// replicas of every layout in force, a quorum in each, and read from the newest one whose data all
/// its nodes have. An old layout ends when everybody knows that.
class Placement {
 public:
  virtual ~Placement() = default;

  /// The newest known.
  virtual const Layout& newest() const = 0;
  /// All that are in force, the newest first; at least one.
  virtual std::vector<const Layout*> in_force() const = 0;
  /// The newest whose data all its nodes have.
  virtual const Layout& readable() const = 0;
  /// False: believed dead. Only says whom not to wait for, never who owns what.
  virtual bool is_alive(NodeId) const { return true; }
  /// False: there may be newer layouts that this node has not heard of, so it must neither write
  /// nor read; its quorums then cannot be reached.
  virtual bool is_current() const { return true; }

  Quorum write_quorum(Partition partition) const {
    Quorum quorum;
    if (!is_current()) return unreachable_quorum();
    for (const Layout* layout : in_force())
      if (std::ranges::find(quorum.sets, layout->replicas[partition]) == quorum.sets.end())
        quorum.sets.push_back(layout->replicas[partition]);
    return quorum;
  }
  Quorum read_quorum(Partition partition) const {
    if (!is_current()) return unreachable_quorum();
    return {{readable().replicas[partition]}};
  }
  static Quorum unreachable_quorum() { return {{std::vector<NodeId>{}}}; }
};

/// One layout, for ever.
class FixedPlacement final : public Placement {
 public:
  explicit FixedPlacement(Layout layout) : layout_(std::move(layout)) {}
  const Layout& newest() const override { return layout_; }
  std::vector<const Layout*> in_force() const override { return {&layout_}; }
  const Layout& readable() const override { return layout_; }

 private:
  Layout layout_;
};

}  // namespace evenkeel
