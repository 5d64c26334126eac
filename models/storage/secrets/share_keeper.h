// A node that keeps shares of secrets: it answers those who put and get them, and deals and adds up
// for the others when shares are made anew. It never sees a secret.
#pragma once

#include "models/runtime/service.h"
#include "models/storage/secrets/ask_keepers.h"
#include "models/storage/secrets/dealt_parts.h"
#include "models/storage/secrets/share_store.h"

namespace evenkeel {

/// As long as its node runs. Its errors: `conflict` where a newer ballot was promised, `not_found`
/// where the shares asked about are not here, `cheating` for a dealing whose proof is wrong.
class ShareKeeper {
 public:
  /// The settings outlive it; the node is one of their keepers.
  ShareKeeper(Node& node, const SecretSettings& settings);
  ShareKeeper(const ShareKeeper&) = delete;

  Node& node() { return node_; }
  const SecretSettings& settings() const { return settings_; }
  ShareStore& store() { return store_; }
  std::uint32_t place() const { return place_; }

  /// Keeps a share that was got back, if nothing newer than the ballot was promised; gives up
  /// nothing.
  Task<Result<Done>> keep_recovered(std::string name, std::uint64_t ballot,
                                    ShareStore::Share share);

 private:
  Task<Result<SecretState>> prepare(NodeId from, PrepareSecret question);
  Task<Result<Done>> stage(NodeId from, StageShare question);
  Task<Result<Done>> commit(NodeId from, CommitShare question);
  Task<Result<FetchShares::Answer>> fetch(NodeId from, FetchShares question);
  Task<Result<ListSecrets::Answer>> list(NodeId from, ListSecrets question);
  Task<Result<DealParts::Answer>> deal(NodeId from, DealParts question);
  Task<Result<Done>> take_part(NodeId from, TakePart question);
  Task<Result<Done>> stage_refreshed(NodeId from, StageRefreshed question);
  Task<Result<WireShare>> masked(NodeId from, FetchMasked question);

  Result<ShareStore::Record> record_for(const std::string& name, std::uint64_t ballot) const;
  Task<Result<Done>> save(std::string name, ShareStore::Record record);
  const ShareStore::Share* base_of(const Dealing& dealing) const;
  Error refuse(ErrorCode code, std::string_view what) const;
  Error refuse(const Error& why) const;

  Node& node_;
  const SecretSettings& settings_;
  std::uint32_t place_;
  ShareStore store_;
  Prg prg_;
  DealtParts dealt_;
  Service service_;
};

}  // namespace evenkeel
