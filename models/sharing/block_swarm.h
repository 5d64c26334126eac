// Spreading a list of blocks from peer to peer, so that the owner's thin link carries little more
// than one copy. Bitswap's roles (want-have to several, want-block to one, cancel); the rarest
// block first; a token with each want, checked for each block by the guard of who serves it.
//
// Two questions on Port::swarm: WantHave -> which blocks are there; WantBlock -> the block, and
// which are there. Who loses interest cancels its call. A block is checked by its hash; a peer that
// sends a wrong one is never asked again, one that stays silent twice not for a while.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "models/runtime/service.h"
#include "models/runtime/signal.h"
#include "models/sharing/grants.h"

namespace evenkeel {

/// Where a node keeps blocks by the hash of their bytes.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  virtual bool has(const Digest& block) const = 0;
  virtual Result<Blob> get(const Digest& block) const = 0;
  virtual Result<Done> put(const Digest& block, View8 bytes) = 0;
};

/// What is spread: blocks in order, at most `most_blocks`.
struct BlockList {
  PublicKey owner = {};
  std::string resource = {};  // what a grant must cover
  std::vector<Digest> blocks = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, resource, blocks);
  }
  Digest id() const { return sha256(encoded(*this)); }
  static constexpr std::size_t most_blocks = 1 << 15;
};

struct SwarmSettings {
  std::size_t most_outstanding = 16;  // wants at one peer
  std::size_t most_outstanding_in_all = 64;
  double upload_bytes_per_s = 0;  // token bucket; 0: no limit
  double burst_bytes = 256e3;
  Duration longest_queue = seconds(2);  // of uploads; who comes then is told to ask others
  Duration timeout = seconds(5);        // of one want
  Duration ask_haves_every = seconds(0.5);
  Duration shun_for = seconds(30);  // a silent peer
  /// The owner gives each block away once, until so long has passed: others have it by then.
  Duration give_again_after = seconds(5);
  bool gives_each_once = false;
  std::optional<PublicKey> self = {};  // whose node it is: its own data is counted apart
};

/// What a fetch came to.
struct SwarmReport {
  std::uint64_t blocks = 0;
  std::uint64_t wrong_blocks = 0;
  std::uint64_t banned_peers = 0;
};

struct WantHave;
struct WantBlock;
struct BlockAnswer;

class BlockSwarm {
 public:
  /// `guard` null: what is served is public. All outlive the node's tasks.
  BlockSwarm(Node& node, BlockSource& source, GrantGuard* guard, const SwarmSettings& settings);
  BlockSwarm(const BlockSwarm&) = delete;

  /// From now on serves what it has of the list, to who may have it.
  Result<Done> offer(const BlockList& list);
  /// What a request for a block of this list to that node must show; for public lists empty.
  using Shows = std::function<Presentation(NodeId server, const std::string& resource)>;
  /// Fetches what is missing from the peers, and offers it meanwhile. ErrorCode::timeout: not all
  /// came until `limit`; ErrorCode::denied: every peer refuses the grant.
  Task<Result<SwarmReport>> fetch(BlockList list, std::vector<NodeId> peers, Shows shows,
                                  Time limit);
  std::uint64_t uploaded_bytes() const { return uploaded_; }

 private:
  struct Offer {
    BlockList list;
    std::map<std::uint32_t, Time> given;  // when last
  };
  struct Peer;
  struct Fetching;

  Task<Result<Blob>> answer_have(NodeId from, WantHave question);
  Task<Result<BlockAnswer>> answer_block(NodeId from, WantBlock question);
  Task<> ask_haves(std::shared_ptr<Fetching> fetching, std::size_t peer);
  Task<> want(std::shared_ptr<Fetching> fetching, std::size_t peer, std::uint32_t block);
  void next_wants(const std::shared_ptr<Fetching>& fetching);
  std::optional<std::uint32_t> rarest(const Fetching& fetching, const Peer& peer);
  void take_block(Fetching& fetching, Peer& peer, std::uint32_t block, const BlockAnswer& answer);
  void refused(Fetching& fetching, Peer& peer, std::uint32_t block, const Error& why);
  Blob haves(const Offer& offer) const;
  Result<Time> upload_slot(std::size_t bytes);
  bool was_given(const Offer& offer, std::uint32_t block) const;

  Node& node_;
  BlockSource& source_;
  GrantGuard* guard_;
  SwarmSettings settings_;
  std::map<Digest, Offer> offers_;
  Time upload_free_at_{};
  std::uint64_t uploaded_ = 0;
  Service service_;
};

struct WantHave {
  static constexpr std::uint16_t tag = 1;
  using Answer = Blob;  // one bit a block
  Digest list = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(list);
  }
};
struct BlockAnswer {
  Blob bytes = {};
  Blob haves = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(bytes, haves);
  }
};
struct WantBlock {
  static constexpr std::uint16_t tag = 2;
  using Answer = BlockAnswer;
  Digest list = {};
  std::uint32_t block = 0;
  std::optional<Presentation> shown = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(list, block, shown);
  }
};

}  // namespace evenkeel
