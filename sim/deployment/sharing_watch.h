// Sees what no node sees of sharing: who was served what by which node, and when a grant was
// revoked, in the world's own time. It counts, and accuses before the witness whoever serves
// without a valid grant (I8) or whose audit trail does not say so (I9).
#pragma once

#include <map>
#include <set>

#include "models/sharing/sharing.h"
#include "sim/faults/checks/witness.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

class SharingWatch {
 public:
  /// Both outlive it.
  SharingWatch(const SharingChoice& choice, const PartyDirectory& directory)
      : choice_(choice), directory_(directory) {}
  SharingWatch(const SharingWatch&) = delete;

  void be_seen_by(Witness& witness) { witness_ = &witness; }

  /// A revocation of this block has been acknowledged.
  void revoked(const Signature& block, Time at) { revoked_.try_emplace(block, at); }
  /// A piece leaves the node at this instant.
  void served(Node& node, const AdmittedGrant& grant, const GrantPiece& piece);
  /// So many bytes made of the table's rows leave the node at this instant, for `whom` (a batch, a
  /// stream of another party): if the table is a party's, the guard has served them.
  void told(Node& node, const std::string& table, std::string_view whom, std::uint64_t bytes);
  /// The node's disk lost its trail, or part of it: what it served before is not asked of it.
  void lost_trail(NodeId node) { served_.erase(node); }
  /// When the run is over.
  void check_trail(NodeId node, const std::string& name, AuditTrail& trail, const PublicKey& key);

 private:
  struct Served {
    std::uint64_t bytes = 0;
    std::uint64_t pieces = 0;
    Time last{};
  };
  void accuse(std::string invariant, Time at, std::string subject, std::string why);
  const DataSetChoice* data_set_of(const std::string& resource) const;
  void check_terms(Node& node, const AdmittedGrant& grant);
  void check_revoked(Node& node, const AdmittedGrant& grant, const GrantPiece& piece);

  const SharingChoice& choice_;
  const PartyDirectory& directory_;
  Witness* witness_ = nullptr;
  std::map<Signature, Time> revoked_;
  std::map<Signature, Duration> served_for_;           // of revoked blocks: how long after that
  std::map<NodeId, std::map<Digest, Served>> served_;  // by request
  // Served for batches and streams, and not told yet; by node and table.
  std::map<std::pair<NodeId, std::string>, std::uint64_t> to_be_told_;
};

}  // namespace evenkeel
