// The modules of a scenario on its nodes: who keeps data, and the clients that the sites' gateways
// have of it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "models/storage/storage.h"
#include "sim/actions/seen_row.h"
#include "sim/study/deployment.h"

namespace evenkeel {

class ModuleNodes {
 public:
  /// The scenario, the deployment and the platform outlive it. UserError if too few nodes keep
  /// data.
  ModuleNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform);
  ModuleNodes(const ModuleNodes&) = delete;

  /// Starts what stands on this node; called whenever it boots.
  void boot(Node& node);
  /// What actions on that node may use. Valid until it boots again.
  ModuleClients clients(NodeId node) const;
  bool keeps_data(NodeId node) const;
  Storage* storage(NodeId node) const;
  /// Says to the witness what is promised of each table, and, when the run is over, what each
  /// replica holds. Lives as long as the witness is asked.
  void be_seen_by(Witness& witness);

 private:
  struct Modules {
    std::unique_ptr<Storage> storage;
    std::unique_ptr<Records> records;  // where no data is kept
  };

  void look_at(const TableSchema& table, Witness& witness) const;
  void lay_out(const Deployment& deployment, const Platform& platform);

  const Scenario& scenario_;
  const Platform& platform_;
  StorageSettings settings_;
  std::unique_ptr<Placement> placement_;
  std::vector<Modules> nodes_;  // by NodeId
};

}  // namespace evenkeel
