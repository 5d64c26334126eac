// How a node's party uses what others share: agrees with the owner when something is first used,
// keeps what it was given over restarts, and shows it with each question.
//
// The owner is asked at its first node. Its terms are taken as they are. A grant that turns out to
// be dead is given up, and the next use agrees anew; a refusal is remembered for a while.
#pragma once

#include "models/access/access.h"
#include "models/sharing/shared_files.h"
#include "models/sharing/sharing.h"

namespace evenkeel {

struct GrantDeskSettings {
  Duration patience = seconds(10);  // for an agreement, or a token under it
  Duration refused_for = seconds(5);
  Duration own_grants_last = seconds(600);  // that a party writes for itself
  Duration look_again_after = seconds(0.02);
  std::vector<NodeId> peers = {};  // who may have blocks of files
};

class GrantDesk {
 public:
  /// All outlive the node's tasks. Without access or files, what needs them is ErrorCode::invalid.
  GrantDesk(Node& node, Contracts& contracts, const PartyKeys& keys,
            const PartyDirectory& directory, Access* access, SharedFiles* files,
            const GrantDeskSettings& settings);
  GrantDesk(const GrantDesk&) = delete;

  /// A token for the data set that is believed good. ErrorCode::denied with the owner's reason;
  /// ErrorCode::timeout: the owner does not answer; ErrorCode::not_found: no such party.
  Task<Result<Token>> token(DataSetId id);
  /// A SELECT over one table that the data set is made of, at the level `bounded` or `any`.
  /// Errors as of Access::query and token(); refusals by name: refusal.h.
  Task<Result<QueryResult>> query(DataSetId id, std::string purpose, std::string sql,
                                  std::vector<Value> parameters, ReadOptions options);
  /// Watches rows of a table that the data set is made of; the grant must be to read. Rows and
  /// values that it hides are not told. Once revoked, RowWatch::next says so within the lease, and
  /// the watch is over. Errors as of Access::watch and token().
  Task<Result<std::shared_ptr<RowWatch>>> watch(DataSetId id, std::string purpose,
                                                std::string table, Row prefix);
  /// What shows such a request, about a part of the data set, to each of the servers, encoded: for
  /// whoever passes it on to them. Of its own data sets a party writes the grant itself. Errors as
  /// of token().
  Task<Result<std::map<NodeId, Blob>>> show_to(std::vector<NodeId> servers, DataSetId id,
                                               GrantRequest request);
  /// Gives the grant up if a refusal of what was so shown says that it is dead.
  void heard(const DataSetId& id, const Error& why);
  /// The data set's file. Errors as of SharedFiles::fetch and token().
  Task<Result<Blob>> fetch(DataSetId id, std::string purpose, Duration limit);

 private:
  struct Refusal {
    Error why;
    Time until{};
  };

  const ContractSide* living(std::uint64_t transfer) const;
  std::optional<Token> kept_token(const DataSetId& id) const;
  Task<Result<Done>> agree(DataSetId id, NodeId home);
  Task<Result<Done>> wait_for(std::uint64_t process, ContractState wanted);
  Presentation show(const Token& token, GrantRequest request, NodeId server);
  Result<Token> own_token(const DataSetId& id);
  std::int64_t wall_ms() const;

  Node& node_;
  Contracts& contracts_;
  const PartyKeys& keys_;
  const PartyDirectory& directory_;
  Access* access_;
  SharedFiles* files_;
  GrantDeskSettings settings_;
  std::map<DataSetId, std::uint64_t> transfers_;  // that are believed good
  std::map<DataSetId, Refusal> refused_;
  std::set<DataSetId> agreeing_;
};

}  // namespace evenkeel
