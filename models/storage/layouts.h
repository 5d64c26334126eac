// The layouts in force, on a live node, while one follows another without a read being lost: the
// rules of Garage 1.0, but with leases instead of waiting for every node to have heard, so that a
// node which is down or cut off holds up nothing.
//
//   learn    every node, member or not, asks the wardens (7 members of each layout in force) each
//            period for newer layouts and for how far the members are. It may use its layouts for
//            `lease` after a majority of each layout's wardens answered; then it must stop.
//   ack      a member knows a layout, durably. When a majority of the wardens of each older layout
//            have acked it for lease + longest_operation, nobody writes by the older ones alone.
//   sync     then the member copies what it newly keeps from a majority of the old replicas.
//   read     the layout is read from once all its members have synced.
//   sync_ack a member knows that. When a majority of all layouts' wardens have known it for lease +
//            longest_operation, nobody reads by the older layouts, and they end.
#pragma once

#include <functional>
#include <map>

#include "models/runtime/fields.h"
#include "models/runtime/service.h"
#include "models/storage/flaw.h"
#include "models/storage/membership.h"
#include "models/storage/placement.h"

namespace evenkeel {

struct LayoutSettings {
  Duration period = seconds(1);
  Duration timeout = seconds(1);
  Duration lease = seconds(5);
  Duration longest_operation = seconds(8);  // of whoever uses the layouts
  std::int64_t most_in_force = 4;
  Flaw flaw = Flaw::none;

  void describe(Fields& fields);
};

/// How far a member is: the newest layouts that it knows, has all data of, and knows that all have
/// all data of. They only grow.
struct LayoutProgress {
  std::uint64_t ack = 0;
  std::uint64_t sync = 0;
  std::uint64_t sync_ack = 0;
  friend bool operator==(const LayoutProgress&, const LayoutProgress&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(ack, sync, sync_ack);
  }
};

/// What is newer than what the asker knows, who says how far itself is.
struct CompareLayouts {
  static constexpr std::uint16_t tag = 1;
  struct Answer {
    std::uint64_t oldest = 0;  // in force
    std::vector<Layout> newer = {};
    std::map<NodeId, LayoutProgress> progress = {};  // none if the digests were equal

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(oldest, newer, progress);
    }
  };
  std::uint64_t newest = 0;
  std::uint64_t progress_digest = 0;
  LayoutProgress own = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(newest, progress_digest, own);
  }
};

class Layouts final : public Placement {
 public:
  /// Begins with what is on the node's disk, else with `first`, which is the same on all nodes. The
  /// contacts are asked for newer layouts if no warden answers. `membership` may be null. All
  /// outlive the node's tasks.
  Layouts(Node& node, Layout first, std::vector<NodeId> contacts, const Membership* membership,
          const LayoutSettings& settings = {});

  const Layout& newest() const override { return layouts_.rbegin()->second; }
  std::vector<const Layout*> in_force() const override;
  const Layout& readable() const override;
  bool is_alive(NodeId node) const override {
    return membership_ == nullptr || membership_->is_alive(node);
  }
  bool is_current() const override;

  bool is_member() const;  // of any layout in force
  LayoutProgress progress(NodeId member) const;
  /// Nobody writes by layouts older than this one alone any more.
  bool is_quiet(std::uint64_t version) const;

  /// Copies what this node keeps by the newer layout; done when it has all that was written by the
  /// older one. Without it there is nothing to copy.
  using Synchronise = std::function<Task<Result<Done>>(Layout older, Layout newer)>;
  void on_synchronise(Synchronise synchronise) { synchronise_.push_back(std::move(synchronise)); }
  /// After a layout became known, readable or ended.
  void on_change(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }

  /// Agrees with others who propose at the same time on one layout for its version: gives that.
  using Decide = std::function<Task<Result<Layout>>(Layout proposed)>;
  /// The layout after the newest. ErrorCode::conflict: another was decided, which is in force now.
  /// ErrorCode::overloaded: earlier changes are not yet done. ErrorCode::no_quorum from `decide`.
  Task<Result<Layout>> propose(std::vector<Member> members, std::uint32_t copies, Decide decide);
  /// Asks that node for what is newer.
  Task<Result<Done>> refresh(NodeId from);

 private:
  Task<Result<CompareLayouts::Answer>> compare_layouts(NodeId from, CompareLayouts question);
  Task<> run();
  Task<> ask_around();
  Task<> advance();
  Task<Result<Done>> synchronise(std::uint64_t version);
  Task<bool> persist(LayoutProgress own);
  Task<> refresh_from(NodeId node);
  void install(Layout layout);
  void merge(NodeId member, const LayoutProgress& heard);
  void end_before(std::uint64_t oldest);
  void load();
  void note_majorities();
  bool most_wardens(const Layout& layout, const std::function<bool(NodeId)>& are) const;
  std::uint64_t progress_digest() const;
  void changed();

  Node& node_;
  LayoutSettings settings_;
  std::vector<NodeId> contacts_;
  const Membership* membership_;
  std::map<std::uint64_t, Layout> layouts_;  // in force, by version
  std::map<std::uint64_t, std::vector<NodeId>> wardens_;
  std::map<NodeId, LayoutProgress> progress_;
  std::map<NodeId, Time> asked_;               // when the last question was sent that was answered
  std::map<std::uint64_t, Time> acked_since_;  // by most wardens of all older layouts
  std::map<std::uint64_t, Time> sync_acked_since_;  // the same
  std::vector<Synchronise> synchronise_;
  std::vector<std::function<void()>> listeners_;
  std::uint64_t saved_ = 0;  // how often
  Service service_;
};

}  // namespace evenkeel
