// The modules of a scenario on its nodes: who keeps data, and the clients that the sites' gateways
// have of it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "models/access/query_service.h"
#include "models/storage/files/file_node.h"
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
  // In the order in which they are made.
  struct Modules {
    std::unique_ptr<Storage> storage;
    std::unique_ptr<QueryService> queries;
    std::unique_ptr<Records> records;  // where no data is kept
    std::unique_ptr<FileNode> file_node;
    std::unique_ptr<Files> files;  // the same
    std::unique_ptr<Access> access;
  };

  void boot_files(Node& node, Modules& modules, Records& records);
  static Task<> make_spaces(Node& node, Files& files, std::vector<FileSpaceChoice> spaces);

  void look_at(const TableSchema& table, Witness& witness) const;
  void lay_out(const Deployment& deployment, const Platform& platform);

  const Scenario& scenario_;
  const Platform& platform_;
  StorageSettings settings_;
  std::unique_ptr<Placement> placement_;
  std::vector<std::unique_ptr<Modules>> nodes_;  // by NodeId
};

}  // namespace evenkeel
