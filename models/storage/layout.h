// Which nodes keep which part of the keys: a table, computed once and agreed on, never a rule that
// each node works out for itself.
#pragma once

#include <vector>

#include "models/crypto/crypto.h"
#include "models/runtime/node_id.h"
#include "models/storage/table.h"

namespace evenkeel {

/// A node that keeps data.
struct Member {
  NodeId node{};
  std::uint32_t zone = 0;  // what may fail together: a site, a region
  double capacity = 1;     // bytes, or any unit that all members share
  friend bool operator==(const Member&, const Member&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(node, zone, capacity);
  }
};

struct Layout {
  std::uint64_t version = 0;
  std::uint32_t copies = 3;
  std::vector<Member> members = {};                // ascending by node
  std::vector<std::vector<NodeId>> replicas = {};  // by partition: `copies` nodes, or all there are
  /// Partition p is of region p modulo the number of regions. By region from 1 on, ascending: the
  /// members that may keep its partitions. Those of region 0 any member may keep.
  std::vector<std::vector<NodeId>> homes = {};
  friend bool operator==(const Layout&, const Layout&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(version, copies, members, replicas, homes);
  }
  std::size_t regions() const { return homes.size() + 1; }
  /// That may keep the partitions of that region.
  std::vector<Member> members_of(std::size_t region) const;
};

/// More are ErrorCode::invalid.
inline constexpr std::size_t most_members = 10'000;
inline constexpr std::uint32_t most_copies = 16;

/// The layout that follows `previous` (null: the first): each partition in as many zones as it can
/// be (min(copies, zones)); every member's load its fair share, rounded up or down; and among all
/// such layouts one that moves the fewest copies. After Garage's optimal_layout.tex, but evenness
/// comes before moving little: there a member added to a zone may get nothing. The first of a
/// partition's nodes is no more likely to be one than another. All that for each region by itself.
/// ErrorCode::invalid without members, with one twice or without capacity, or if a home has no
/// member. `homes`: of the first layout; later ones keep those of their members who still are.
Result<Layout> make_layout(std::vector<Member> members, std::uint32_t copies,
                           const Layout* previous, std::vector<std::vector<NodeId>> homes = {});

/// Checks what came over the network: the table is whole, and names members only.
bool is_sound(const Layout& layout);

/// The nodes for `count` pieces of a file's chunk, the first first: by weighted rendezvous hashing
/// (score -capacity / ln u), a zone again only when all were used. Fewer if there are fewer
/// members.
std::vector<NodeId> rendezvous(const Layout& layout, const Digest& chunk, std::size_t count);

}  // namespace evenkeel
