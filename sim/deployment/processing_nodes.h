// The nodes that process a scenario's data: streams, models and batches; and what actions on every
// node use of them.
#pragma once

#include "models/processing/batch_server.h"
#include "models/processing/offload.h"
#include "sim/deployment/data_nodes.h"
#include "sim/deployment/sharing_nodes.h"
#include "sim/deployment/stream_station.h"

namespace evenkeel {

class ProcessingNodes {
 public:
  /// All outlive it. UserError if what the scenario says does not fit together.
  ProcessingNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
                  const DataNodes& data, SharingNodes& sharing);
  ProcessingNodes(const ProcessingNodes&) = delete;

  /// The scenario processes nothing.
  bool empty() const { return !scenario_.processing; }
  /// Adds what actions may be about.
  void describe_to(ActionSetting& setting) const;
  /// Starts what stands on this node; called whenever it boots, after the storage.
  void boot(Node& node);
  /// Lets the node's server do jobs; called after boot.
  void serve(Node& node, Server& server);
  /// Adds what actions on that node may use. Valid until it boots again.
  void offer(NodeId node, ModuleClients& clients) const;
  /// Tells the witness what streams came to, when the run is over; and what is put into tables.
  void be_seen_by(Witness& witness);

 private:
  // In the order in which they are made.
  struct Modules {
    std::unique_ptr<Database> database;
    std::unique_ptr<StreamStation> station;
    std::unique_ptr<Service> jobs;
    std::unique_ptr<KeptRows> rows;
    std::unique_ptr<BatchWorker> worker;
    std::unique_ptr<ModelStore> models;
    std::unique_ptr<Offloader> offloader;
    std::unique_ptr<JobServer> server;
    std::unique_ptr<ModelServer> model_server;
    std::unique_ptr<BatchServer> batch_server;
  };

  void plan_streams();
  void plan_models();
  void plan_jobs();
  BatchJob batch_of(const JobChoice& choice) const;
  void boot_streams(Node& node, Modules& modules);
  void boot_jobs(Node& node, Modules& modules);
  void look_at(const PlacedStream& stream, Witness& witness) const;
  bool look_at(const PlacedStream& stream, const PlacedJob& job,
               std::vector<EmittedWindow>& found) const;
  bool look_at_source(const PlacedStream& stream, const std::vector<SourcePosition>& positions,
                      NodeId source, std::vector<EmittedWindow>& found) const;
  bool look_at_table(const PlacedStream& stream, NodeId source,
                     std::vector<EmittedWindow>& found) const;
  StreamStation* station_at(NodeId node) const;
  bool is_of(NodeId node, const std::vector<Name>& kinds) const;
  StreamOutletWatch watch_of(const PlacedStream& stream, Node& node) const;

  const Scenario& scenario_;
  const Deployment& deployment_;
  const Platform& platform_;
  const DataNodes& data_;
  SharingNodes& sharing_;
  Witness* witness_ = nullptr;
  std::vector<PlacedStream> streams_;
  std::vector<BatchJob> jobs_;
  std::vector<bool> is_gateway_;                       // by NodeId
  std::vector<std::map<std::string, NodeId>> takers_;  // by NodeId, by stream
  std::vector<std::map<std::string, NodeId>> homes_;   // by NodeId, by model
  std::vector<std::unique_ptr<Modules>> nodes_;        // by NodeId
};

}  // namespace evenkeel
