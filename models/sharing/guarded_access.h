// Puts grants between a node's data and whoever asks for it: the rules by which queries, watches
// (QueryService), batches (BatchWorker), streams (EventSource), backups (BackupAgent), rows
// (Replica) and names of files are given to other parties. Sharing knows access and storage; they
// know only a rule that somebody gave them.
//
// Rows of a party's tables are for that party's nodes, and for the nodes that keep copies of the
// same rows; everybody else needs a grant: Port::queries takes it at the levels `bounded` and `any`
// (a strong read compares rows, or what tells their number, on Port::records, where grants count
// nothing). So are names of files in a party's name spaces; a piece of a file is given to whoever
// knows its hash, which only they do. Who asks is known by its node, as certificates say; for whom
// a batch asks, only by the token, which is for that batch alone.
//
// What a host keeps for others in plain rows it could read itself: hosts are taken to be honest.
#pragma once

#include "models/access/access_rules.h"
#include "models/sharing/grants.h"
#include "models/storage/backup/backup_rules.h"
#include "models/storage/files/chunk_server.h"
#include "models/storage/placement.h"
#include "models/storage/replica.h"

namespace evenkeel {

/// A table that belongs to a party.
struct OwnedTable {
  std::string table = {};
  PublicKey owner = {};
  std::vector<std::string> data_sets = {};  // that are made of it: what grants are for
};

/// A name space for files that belongs to a party.
struct OwnedSpace {
  std::string space = {};
  PublicKey owner = {};
};

struct Ownership {
  std::vector<OwnedTable> tables = {};
  std::vector<OwnedSpace> spaces = {};
};

/// What a grant leaves over, in access' terms; where access says "nothing: all", an empty list
/// stays empty. ErrorCode::denied: a rule names a column that the table does not have.
Result<Restriction> restriction_of(const DataRules& rules, const TableSchema& table);

class GuardedAccess {
 public:
  /// All outlive the node's tasks.
  GuardedAccess(GrantGuard& guard, const PartyDirectory& directory, const Placement& placement,
                const Ownership& owned)
      : guard_(guard), directory_(directory), placement_(placement), owned_(owned) {}
  GuardedAccess(const GuardedAccess&) = delete;

  /// For QueryService::guard. The token is an encoded Presentation. Refusals: refusal.h.
  AccessRule query_rule();
  /// For Replica::guard.
  RowRule row_rule();
  /// For ChunkServer::guard.
  ListRule list_rule();
  /// For BackupAgent::guard. A grant must be to read, or to write for a restore, and whole: of all
  /// rows and columns.
  BackupRule backup_rule();

 private:
  Task<Result<AccessLeave>> admit(AccessRequest request);
  Task<Result<Done>> serve(AdmittedGrant grant, AnswerSize size);
  Task<Result<BackupLeave>> may_back_up(BackupAsked asked);
  static Task<Result<Done>> serve_all(std::vector<AccessLeave> leaves, AnswerSize size);
  Result<Done> may_touch(const RowsAsked& asked) const;
  Result<Done> may_see_names(const RowsAsked& asked) const;
  bool is_of(NodeId node, const PublicKey& owner) const;
  bool keeps(NodeId node, Partition partition) const;
  std::string name_of(const PublicKey& owner) const;

  GrantGuard& guard_;
  const PartyDirectory& directory_;
  const Placement& placement_;
  const Ownership& owned_;
};

}  // namespace evenkeel
