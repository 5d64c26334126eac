// The agent at a site that does for its devices what their request classes say with `does`, and
// records how it ends, as Client does for requests to servers.
#pragma once

#include "sim/actions/action.h"

namespace evenkeel {

class ActionClient {
 public:
  /// `actions`: by request class; null for those that servers answer. All outlive it.
  ActionClient(Node& node, const ModuleClients& clients, const ActionSetting& setting,
               const ClientSettings& settings, const std::vector<std::unique_ptr<Action>>& actions,
               std::uint32_t site)
      : node_(node),
        clients_(clients),
        setting_(setting),
        settings_(settings),
        actions_(actions),
        site_(site) {}
  ActionClient(const ActionClient&) = delete;

  /// While the site's node is down it is dropped at once.
  void submit(const Issue& issue);

 private:
  Task<> run(Issue issue, Time sent);
  void record(const Issue& issue, Time sent, Time began, RequestEnd end, const Answer& phases);

  Node& node_;
  ModuleClients clients_;
  const ActionSetting& setting_;
  const ClientSettings& settings_;
  const std::vector<std::unique_ptr<Action>>& actions_;
  std::uint32_t site_;
};

}  // namespace evenkeel
