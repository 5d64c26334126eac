// The nodes that keep a scenario's data, and every node's clients of it.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "models/access/query_service.h"
#include "models/storage/files/file_node.h"
#include "models/storage/layout_change.h"
#include "sim/actions/seen_row.h"
#include "sim/deployment/deployment.h"

namespace evenkeel {

class DataNodes {
 public:
  /// The scenario, the deployment and the platform outlive it. UserError if too few nodes keep
  /// data.
  DataNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform);
  DataNodes(const DataNodes&) = delete;

  /// No node keeps data.
  bool empty() const { return first_ == nullptr; }
  /// Adds the tables and name spaces that actions may be about.
  void describe_to(ActionSetting& setting) const;
  /// Starts what stands on this node; called whenever it boots.
  void boot(Node& node);
  /// Adds what actions on that node may use. Valid until it boots again.
  void offer(NodeId node, ModuleClients& clients) const;
  /// Some node still copies what a lost disk had.
  bool is_repairing() const;
  bool keeps_data(NodeId node) const { return keepers_.contains(node); }
  Storage* storage(NodeId node) const;
  /// What guards of data hold on to, on that node; null where there is none. Valid until it boots
  /// again.
  struct Guarded {
    QueryService* queries = nullptr;
    Replica* replica = nullptr;
    ChunkServer* chunks = nullptr;
    const Placement* placement = nullptr;
    Access* access = nullptr;
  };
  Guarded guarded(NodeId node) const;
  /// Null where there is none; valid until the node boots again.
  Records* records(NodeId node) const;
  ChunkStore* chunks(NodeId node) const;
  /// Null: no node keeps data. Else as the node knows it.
  const Placement* placement(NodeId node) const;
  /// The nodes that keep data, ascending.
  std::vector<NodeId> keepers() const;
  /// Of each row of the table the newest that any replica has. For whoever looks at a whole run.
  std::vector<StoredRow> newest_rows(const TableSchema& table, Partition partition) const;
  /// Says what replicas hold of the table in the end.
  void look_at(const TableSchema& table, Witness& witness) const;
  /// Null where there are no files.
  Files* files(NodeId node) const;
  /// Says to the witness what is promised of each table, and, when the run is over, what each
  /// replica holds. Lives as long as the witness is asked.
  void be_seen_by(Witness& witness);

 private:
  // In the order in which they are made.
  struct Modules {
    std::unique_ptr<Membership> membership;  // these two where layouts may change
    std::unique_ptr<Layouts> layouts;
    std::unique_ptr<Storage> storage;
    std::unique_ptr<QueryService> queries;
    std::unique_ptr<Records> records;  // where no data is kept
    std::unique_ptr<FileNode> file_node;
    std::unique_ptr<Files> files;  // the same
    std::unique_ptr<Access> access;
    std::shared_ptr<AccessSession> session;
  };

  bool is_live() const;
  const Placement& placement_at(Node& node, Modules& modules) const;
  Task<> change_layouts(Node& node, Layouts& layouts, Records& records) const;
  void boot_files(Node& node, Modules& modules, const Placement& placement, Records& records);
  static Task<> make_spaces(Node& node, Files& files, std::vector<FileSpaceChoice> spaces);

  std::vector<std::vector<NodeId>> homes_among(const std::set<NodeId>& members) const;
  void lay_out(const Deployment& deployment, const Platform& platform);
  /// What the last layout is that all its nodes have the data of.
  const Layout& layout_at_end() const;

  const Scenario& scenario_;
  const Platform& platform_;
  StorageSettings settings_;
  LayoutSettings layout_settings_;
  std::unique_ptr<FixedPlacement> first_;        // the layout at the start
  std::vector<std::vector<Member>> then_;        // the members after each change
  std::set<NodeId> keepers_;                     // who keeps data at any time
  std::vector<std::unique_ptr<Modules>> nodes_;  // by NodeId
};

}  // namespace evenkeel
