// Who owns which nodes of a scenario, and all of sharing on them: guards before the data,
// contracts, audit trails, the catalogue, files that spread from peer to peer.
//
// A node belongs to one party: by its name or kind, or, a gateway, by the devices that stand there.
// Nodes that keep data and belong to nobody are the party "operator", which owns nothing else.
#pragma once

#include "models/sharing/guarded_access.h"
#include "models/sharing/offers.h"
#include "sim/actions/shared_client.h"
#include "sim/deployment/data_nodes.h"
#include "sim/deployment/sharing_watch.h"

namespace evenkeel {

class SharingNodes {
 public:
  /// All outlive it. UserError if a node is of two parties, or a data set has no node.
  SharingNodes(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
               const DataNodes& data);
  SharingNodes(const SharingNodes&) = delete;

  /// Nothing is shared.
  bool empty() const { return !scenario_.sharing; }
  /// Adds the data sets that actions may be about.
  void describe_to(ActionSetting& setting) const;
  /// Starts what stands on this node; called whenever it boots, after the data nodes' modules.
  void boot(Node& node);
  /// Adds what actions on that node may use. Valid until it boots again.
  void offer(NodeId node, ModuleClients& clients) const;
  /// Accuses whoever serves without a grant, and looks at all audit trails at the end.
  void be_seen_by(Witness& witness);

  const PartyDirectory& directory() const { return directory_; }
  /// Null on a node of no party.
  Sharing* sharing(NodeId node) const;

 private:
  // In the order in which they are made.
  struct Modules {
    std::unique_ptr<Offers> offers;
    std::unique_ptr<Sharing> sharing;
    std::unique_ptr<GuardedAccess> guarded;
    std::unique_ptr<StoredBlocks> blocks;
    std::unique_ptr<BlockSwarm> swarm;
    std::unique_ptr<SharedFiles> files;
    std::unique_ptr<GrantDesk> desk;
    SharedClient client;
  };
  static constexpr std::size_t nobody = ~std::size_t{0};

  void give_nodes(const Deployment& deployment, const Platform& platform);
  void give(NodeId node, std::size_t party, const Place& place);
  void own_data();
  void check_asked() const;
  std::vector<OfferedDataSet> offered_by(std::size_t party) const;
  SharingSettings settings_of(NodeId node, Modules& modules) const;
  SwarmSettings swarm_settings(std::size_t party) const;
  std::size_t party_named(const Name& name) const;
  Blob content_of(const DataSetChoice& data_set) const;
  void notice_lost_disk(Node& node, Modules& modules);

  Task<> publish(Node& node, Modules& modules);
  Task<> take_back(Node& node, Modules& modules, RevocationChoice event);
  Task<> watch_catalogue(Node& node, Modules& modules) const;
  CatalogueFields fields_of(const DataSetChoice& data_set) const;

  const Scenario& scenario_;
  const Platform& platform_;
  const DataNodes& data_;
  std::vector<PartyKeys> keys_;        // by party; the operator's last
  std::vector<std::size_t> party_of_;  // by node
  std::vector<NodeId> everyone_;       // nodes of parties, ascending
  PartyDirectory directory_;
  Ownership owned_;
  std::map<std::string, DataSetId> data_sets_;
  std::unique_ptr<SharingWatch> watch_;
  std::vector<std::unique_ptr<Modules>> nodes_;  // by NodeId
};

}  // namespace evenkeel
