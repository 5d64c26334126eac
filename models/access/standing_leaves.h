// Leaves that are asked for once and used again: by all tasks of a batch on a node, by all pages of
// a stream. So what goes on for a while shows its grant once, and each piece of it is checked
// still.
#pragma once

#include <map>
#include <memory>

#include "models/access/access_rules.h"
#include "models/crypto/crypto.h"
#include "models/runtime/node.h"

namespace evenkeel {

struct StandingLeaveSettings {
  Duration keep_for = std::chrono::seconds{600};  // since it was last used
  std::size_t most = 10'000;                      // one more is ErrorCode::overloaded
};

class StandingLeaves {
 public:
  using Leave = std::shared_ptr<const AccessLeave>;

  /// The node outlives its tasks, and they this.
  explicit StandingLeaves(Node& node, const StandingLeaveSettings& settings = {})
      : node_(node), settings_(settings) {}
  StandingLeaves(const StandingLeaves&) = delete;

  /// Without a rule everything is allowed.
  void guard(AccessRule rule) { rule_ = std::move(rule); }
  /// The leave for this very request, which holds at this instant. Never null. Errors as the rule
  /// says; what was refused is asked for anew the next time.
  Task<Result<Leave>> leave(AccessRequest request);

 private:
  struct Standing {
    Time used{};
    std::optional<Result<Leave>> answer = {};
  };
  Task<> ask(std::shared_ptr<Standing> standing, AccessRequest request);
  void drop_old();

  Node& node_;
  StandingLeaveSettings settings_;
  AccessRule rule_;
  std::map<Digest, std::shared_ptr<Standing>> standing_;
};

}  // namespace evenkeel
