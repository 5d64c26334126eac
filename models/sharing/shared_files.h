// Data sets that are files: the owner seals them block by block with the data set's key and gives
// away the list of blocks; consumers fetch the blocks from each other and from the owner
// (block_swarm.h) and open them with the key that the owner sealed for their party.
//
// FetchSharedFile, to the owner's node under a grant -> the version that there is, and its key;
// then the swarm. Each question and each block counts as a call of the grant.
//
// Revoking a reader begins a new key (data_key.h), and a new version is sealed with it: the reader
// gets neither. What it has fetched, it has.
#pragma once

#include "models/sharing/data_key.h"
#include "models/sharing/shared_file.h"
#include "models/sharing/stored_blocks.h"

namespace evenkeel {

struct SharedFileSettings {
  std::uint32_t block_bytes = 64 << 10;  // of the file, in one block; at most 1 MiB
  Duration timeout = seconds(2);         // of a question to the owner
  double ops_per_byte = 4;               // to seal or open, and to hash: an estimate
};

struct FetchSharedFile;

/// The version and the key for whoever asked.
struct SharedFileAnswer {
  SharedFile file = {};
  std::vector<WrappedKey> keys = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(file, keys);
  }
};

class SharedFiles {
 public:
  /// Reads what the disk has, and offers it again. All outlive the node's tasks; `service` is that
  /// of Port::sharing.
  SharedFiles(Node& node, Service& service, const PartyKeys& keys, const PartyDirectory& directory,
              GrantGuard& guard, StoredBlocks& blocks, BlockSwarm& swarm,
              const SharedFileSettings& settings = {});
  SharedFiles(const SharedFiles&) = delete;

  /// A new version of a file of this node's party; there when it returns. ErrorCode::full: too
  /// long, or no room on the disk; ErrorCode::disk.
  Task<Result<Done>> publish(std::string name, Blob content);
  /// Nothing: no version yet.
  const SharedFile* find(const DataSetId& id) const;
  /// The party gets no key any more, and a new version no longer opens with those it has. Of one
  /// that never got a key nothing changes.
  /// ErrorCode::not_found: no such file of ours.
  Task<Result<Done>> revoke(std::string name, PublicKey reader);

  /// The file as it is at the owner's node `home`, from there and from the peers; what is here
  /// already is not fetched again. While the owner cannot be reached, the version that is here.
  /// ErrorCode::denied: no grant allows it; ErrorCode::timeout: not all came until `limit`;
  /// ErrorCode::malformed: what came is not what the owner signed.
  Task<Result<Blob>> fetch(DataSetId id, NodeId home, std::vector<NodeId> peers,
                           BlockSwarm::Shows shows, Time limit);

 private:
  struct Held {
    SharedFile file = {};
    std::vector<WrappedKey> keys = {};  // ours, as a reader
    template <class Visitor>
    void fields(Visitor& visit) {
      visit(file, keys);
    }
  };

  Task<Result<SharedFileAnswer>> answer(NodeId from, FetchSharedFile question);
  Task<Result<Done>> ask_owner(DataSetId id, NodeId home, BlockSwarm::Shows shows);
  Task<Result<Blob>> fetch_alone(DataSetId id, NodeId home, std::vector<NodeId> peers,
                                 BlockSwarm::Shows shows, Time limit);
  Task<Result<Blob>> open(DataSetId id);
  Result<Done> keep(const DataSetId& id, Held held);
  Result<Done> put_block(SharedFile& file, const SealedData& sealed);
  DataKeyRing& ring(const std::string& name);
  bool has_all(const SharedFile& file) const;

  Node& node_;
  const PartyKeys& keys_;
  const PartyDirectory& directory_;
  GrantGuard& guard_;
  StoredBlocks& blocks_;
  BlockSwarm& swarm_;
  SharedFileSettings settings_;
  FrameJournal journal_;
  std::map<DataSetId, Held> held_;
  std::map<std::string, std::unique_ptr<DataKeyRing>> rings_;
  std::map<DataSetId, std::vector<Digest>> replaced_;  // blocks of the version before
  std::set<DataSetId> busy_;                           // being fetched: one at a time
};

/// Tags 40-49 of Port::sharing.
struct FetchSharedFile {
  static constexpr std::uint16_t tag = 40;
  using Answer = SharedFileAnswer;
  Presentation shown = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(shown);
  }
};

}  // namespace evenkeel
