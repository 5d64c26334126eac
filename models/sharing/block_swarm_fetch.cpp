// The fetching side: which block to want next, of whom.
#include <algorithm>

#include "models/sharing/block_swarm.h"

namespace evenkeel {
namespace {

constexpr Duration try_again_after = std::chrono::seconds{1};
constexpr int silences_forgiven = 2;

bool bit(const Blob& bits, std::size_t i) {
  return i / 8 < bits.size() &&
         (bits[i / 8] & static_cast<std::byte>(1u << (i % 8))) != std::byte{};
}

}  // namespace

struct BlockSwarm::Peer {
  NodeId node{};
  Blob haves = {};
  std::map<std::uint32_t, Time> not_before = {};  // blocks that it refused, for a while
  std::size_t outstanding = 0;
  int silences = 0;
  Time shunned_until{};
  bool banned = false;
  bool denies = false;
};

struct BlockSwarm::Fetching {
  explicit Fetching(World& world) : changed(world) {}
  BlockList list;
  Digest id = {};
  Shows shows;
  std::vector<Peer> peers;
  std::vector<std::uint32_t> missing;  // ascending
  std::set<std::uint32_t> wanted;      // from somebody, now
  std::vector<std::uint32_t> holders;  // of each block: how many peers
  SwarmReport report;
  Signal changed;
  TaskList tasks;  // last: they use the rest, and end with the fetch

  void learn(Peer& peer, const Blob& haves) {
    if (haves.size() != (list.blocks.size() + 7) / 8) return;
    for (std::size_t i = 0; i < holders.size(); ++i) {
      if (bit(haves, i) && !bit(peer.haves, i)) ++holders[i];
      if (!bit(haves, i) && bit(peer.haves, i)) --holders[i];
    }
    peer.haves = haves;
  }
};

// The blocks that the fewest peers have; of those any.
std::optional<std::uint32_t> BlockSwarm::rarest(const Fetching& fetching, const Peer& peer) {
  std::optional<std::uint32_t> best;
  std::uint64_t alike = 0;
  for (const std::uint32_t block : fetching.missing) {
    if (!bit(peer.haves, block) || fetching.wanted.contains(block)) continue;
    const auto refused = peer.not_before.find(block);
    if (refused != peer.not_before.end() && node_.now() < refused->second) continue;
    if (best && fetching.holders[block] > fetching.holders[*best]) continue;
    const bool is_rarer = !best || fetching.holders[block] < fetching.holders[*best];
    alike = is_rarer ? 1 : alike + 1;
    if (is_rarer || node_.random().below(alike) == 0) best = block;
  }
  return best;
}

void BlockSwarm::next_wants(const std::shared_ptr<Fetching>& fetching) {
  bool any = true;
  while (any && fetching->wanted.size() < settings_.most_outstanding_in_all) {
    any = false;
    // One for each peer in turn, from anywhere, so that all are used alike.
    const std::size_t first = node_.random().below(fetching->peers.size());
    for (std::size_t i = 0; i < fetching->peers.size(); ++i) {
      const std::size_t at = (first + i) % fetching->peers.size();
      Peer& peer = fetching->peers[at];
      if (peer.banned || node_.now() < peer.shunned_until ||
          peer.outstanding >= settings_.most_outstanding ||
          fetching->wanted.size() >= settings_.most_outstanding_in_all)
        continue;
      const std::optional<std::uint32_t> block = rarest(*fetching, peer);
      if (!block) continue;
      any = true;
      fetching->wanted.insert(*block);
      ++peer.outstanding;
      fetching->tasks.spawn(want(fetching, at, *block));
    }
  }
}

void BlockSwarm::take_block(Fetching& fetching, Peer& peer, std::uint32_t block,
                            const BlockAnswer& answer) {
  const Digest& hash = fetching.list.blocks[block];
  if (sha256(answer.bytes) != hash) {
    ++fetching.report.wrong_blocks;
    ++fetching.report.banned_peers;
    peer.banned = true;
    node_.probe().count("peers that sent a wrong block", node_.id(), 1);
    node_.probe().event(node_.now(), node_.id(), "swarm",
                        "node " + std::to_string(index(peer.node)) + " sent a wrong block");
    return;
  }
  peer.silences = 0;
  peer.denies = false;
  fetching.learn(peer, answer.haves);
  if (!source_.put(hash, answer.bytes)) return;  // tried again: the disk may have room then
  const auto place = std::ranges::lower_bound(fetching.missing, block);
  if (place != fetching.missing.end() && *place == block) fetching.missing.erase(place);
  ++fetching.report.blocks;
}

void BlockSwarm::refused(Fetching& fetching, Peer& peer, std::uint32_t block, const Error& why) {
  peer.not_before[block] = node_.now() + try_again_after;
  if (why.code == ErrorCode::denied) {
    peer.denies = true;
    peer.shunned_until = node_.now() + settings_.shun_for;
  } else if (why.code == ErrorCode::timeout && ++peer.silences >= silences_forgiven) {
    peer.silences = 0;
    peer.shunned_until = node_.now() + settings_.shun_for;
    node_.probe().count("peers shunned for silence", node_.id(), 1);
  } else if (why.code == ErrorCode::malformed) {
    peer.banned = true;
    ++fetching.report.banned_peers;
  }
}

Task<> BlockSwarm::want(std::shared_ptr<Fetching> fetching, std::size_t at, std::uint32_t block) {
  WantBlock question{.list = fetching->id, .block = block};
  if (fetching->shows)
    question.shown = fetching->shows(fetching->peers[at].node, fetching->list.resource);
  Task<Result<BlockAnswer>> asked =
      ask(node_, fetching->peers[at].node, Port::swarm, question, settings_.timeout);
  const Result<BlockAnswer> answer = co_await std::move(asked);
  Peer& peer = fetching->peers[at];
  --peer.outstanding;
  fetching->wanted.erase(block);
  if (answer) {
    take_block(*fetching, peer, block, *answer);
  } else {
    refused(*fetching, peer, block, answer.error());
  }
  fetching->changed.raise();
}

Task<> BlockSwarm::ask_haves(std::shared_ptr<Fetching> fetching, std::size_t at) {
  const WantHave question{fetching->id};
  while (true) {
    Peer& peer = fetching->peers[at];
    if (peer.banned) co_return;
    Task<Result<Blob>> asked = ask(node_, peer.node, Port::swarm, question, settings_.timeout);
    const Result<Blob> haves = co_await std::move(asked);
    if (haves) fetching->learn(peer, *haves);
    fetching->changed.raise();
    co_await node_.sleep(settings_.ask_haves_every);
  }
}

Task<Result<SwarmReport>> BlockSwarm::fetch(BlockList list, std::vector<NodeId> peers, Shows shows,
                                            Time limit) {
  const Result<Done> offered = offer(list);
  if (!offered) co_return offered.error();
  auto fetching = std::make_shared<Fetching>(node_.world());
  fetching->id = list.id();
  fetching->holders.resize(list.blocks.size());
  for (std::uint32_t i = 0; i < list.blocks.size(); ++i)
    if (!source_.has(list.blocks[i])) fetching->missing.push_back(i);
  fetching->list = std::move(list);
  fetching->shows = std::move(shows);
  for (const NodeId peer : peers)
    if (peer != node_.id()) fetching->peers.push_back({.node = peer});
  if (fetching->peers.empty() && !fetching->missing.empty())
    co_return Error{ErrorCode::not_found, "nobody to fetch from"};
  // Its tasks hold the fetch, and the fetch its tasks: cut at the end, however it ends.
  struct Ending {
    Fetching& fetching;
    ~Ending() { fetching.tasks.cancel_all(); }
  } ending{*fetching};
  for (std::size_t i = 0; i < fetching->peers.size(); ++i)
    fetching->tasks.spawn(ask_haves(fetching, i));
  while (!fetching->missing.empty() && node_.now() < limit) {
    next_wants(fetching);
    const Time wake = std::min(limit, time_after(node_.now(), try_again_after));
    const Signal::Wait wait = fetching->changed.wait_until(wake);
    co_await wait;
    fetching->changed.reset();
    const bool hopeless = std::ranges::all_of(
        fetching->peers, [](const Peer& peer) { return peer.denies || peer.banned; });
    if (hopeless) co_return Error{ErrorCode::denied, "no peer honours the grant; ask the owner"};
  }
  if (!fetching->missing.empty())
    co_return Error{ErrorCode::timeout,
                    std::to_string(fetching->missing.size()) + " blocks are still missing"};
  co_return fetching->report;
}

}  // namespace evenkeel
