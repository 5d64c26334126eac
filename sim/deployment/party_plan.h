// Who owns what in a scenario: which party's each node is, which data sets there are, and on what
// terms they are offered to whom.
//
// A node belongs to one party: by its name or kind, or, a gateway, by the devices that stand there.
// Nodes that keep data and belong to nobody are the party "operator", which owns nothing else.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/sharing/catalogue.h"
#include "models/sharing/guarded_access.h"
#include "models/sharing/offers.h"
#include "sim/deployment/deployment.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"

namespace evenkeel {

class DataNodes;

class PartyPlan {
 public:
  static constexpr std::size_t nobody = ~std::size_t{0};

  /// Of a scenario with a section `sharing`. The scenario and the platform outlive it. UserError if
  /// a node is of two parties, a data set has no node, or somebody of no party asks for one.
  PartyPlan(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
            const DataNodes& data);

  /// `nobody` for a node of none. The operator is the last one.
  std::size_t party_of(NodeId node) const { return party_of_[index(node)]; }
  /// UserError at the name's place if there is none.
  std::size_t party_named(const Name& name) const;
  const PartyKeys& keys(std::size_t party) const { return keys_[party]; }
  /// Nodes of parties, ascending.
  const std::vector<NodeId>& everyone() const { return everyone_; }
  const PartyDirectory& directory() const { return directory_; }
  const Ownership& owned() const { return owned_; }
  const std::map<std::string, DataSetId>& data_sets() const { return data_sets_; }

  std::vector<OfferedDataSet> offered_by(std::size_t party) const;
  Blob content_of(const DataSetChoice& data_set) const;
  CatalogueFields fields_of(const DataSetChoice& data_set) const;
  /// Of another party than the table's owner. A node of no party is of another one.
  bool is_foreign(NodeId node, const std::string& table) const;
  /// The first that is made of the table, or, if there is one, of which the party may have some.
  std::optional<DataSetId> data_set_for(std::size_t party, const std::string& table) const;

 private:
  void give_nodes(const Deployment& deployment, const DataNodes& data);
  void give(NodeId node, std::size_t party, const Place& place);
  void own_data();
  void check_asked() const;

  const Scenario& scenario_;
  const Platform& platform_;
  std::vector<PartyKeys> keys_;        // by party
  std::vector<std::size_t> party_of_;  // by node
  std::vector<NodeId> everyone_;
  PartyDirectory directory_;
  Ownership owned_;
  std::map<std::string, DataSetId> data_sets_;
};

}  // namespace evenkeel
