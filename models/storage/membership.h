// Who is alive: SWIM (Das, Gupta & Motivala, DSN 2002) with Lifeguard's corrections (DSN-W 2018);
// numbers of HashiCorp's memberlist for local networks.
//
//   each period   ping one node, the next of a shuffled list; if it does not answer, ask 3 others
//   to
//                 ping it; if they do not reach it, suspect it
//   suspects      may refute, in a new incarnation; else they are dead after a while
//   news          rides on pings and answers, and on messages of its own while there is some
//   comparison    of all that is known: when joining, then from time to time a page of it, with a
//                 node that is alive and with one held to be dead, so that a healed network heals
//
// What a node sends in a period does not grow with the number of nodes. That a node is dead is a
// belief: it never decides who owns what.
#pragma once

#include <functional>
#include <set>

#include "models/runtime/fields.h"
#include "models/runtime/service.h"
#include "models/runtime/signal.h"
#include "models/storage/membership_messages.h"
#include "models/storage/suspicion.h"

namespace evenkeel {

struct MembershipSettings {
  Duration period = seconds(1);
  Duration ping_timeout = seconds(0.5);
  std::int64_t relays = 3;
  double suspicion = 4;         // times log10(nodes) periods, at least
  double suspicion_longer = 6;  // times that, while nobody else suspects it
  Duration gossip_period = seconds(0.2);
  std::int64_t gossip_to = 3;
  std::int64_t gossip_bytes = 1000;  // in one message
  double retransmissions = 4;        // times log10(nodes + 1)
  Duration compare_period = seconds(30);
  Duration dead_told = seconds(30);  // the dead get news so long, and so may say that they live
  std::int64_t most_slowness = 8;    // a node that misses answers waits so many times longer

  void describe(Fields& fields);
};

class Membership final : private Receiver {
 public:
  /// Nodes with higher numbers are not believed to exist.
  static constexpr std::uint32_t most_nodes = 20'000;
  /// Bytes of other modules' items.
  static constexpr std::size_t longest_rumour = 512;

  /// Believes the contacts to be alive, and learns of all others from any of them; without any it
  /// waits for others. If all contacts of all nodes are everybody, nothing needs to be told when
  /// they start. The node outlives its tasks, and they this.
  Membership(Node& node, std::vector<NodeId> contacts, const MembershipSettings& settings = {});
  Membership(const Membership&) = delete;

  /// False: believed dead, or it left. True of nodes that it never heard of.
  bool is_alive(NodeId node) const;
  Liveness state(NodeId node) const;
  /// Not dead and not gone, itself among them; ascending.
  std::vector<NodeId> alive() const;
  std::uint64_t incarnation() const { return incarnation_; }
  /// How much it distrusts itself, 0 to most_slowness.
  std::int64_t slowness() const { return slowness_; }

  /// Called when a node becomes alive, dead or gone.
  using Listener = std::function<void(NodeId, Liveness)>;
  void on_change(Listener listener) { listeners_.push_back(std::move(listener)); }

  /// Says that this node goes, and comes back when most have had time to hear it.
  Task<> leave();

  /// Items of other modules (topics from 1 on) travel along. What is heard is told to the topic's
  /// listener, who spreads it again if it was news.
  using RumourListener = std::function<void(const Rumour&)>;
  void listen(std::uint8_t topic, RumourListener listener);
  void spread(Rumour rumour);

 private:
  struct Peer {
    std::uint64_t incarnation = 0;
    Time since{};
    Liveness state = Liveness::alive;
    bool known = false;
  };
  struct Suspicion {
    Time since{};
    std::set<NodeId> accusers;
  };

  Task<Result<Pong>> answer_ping(NodeId from, Ping ping);
  Task<Result<PingFor::Answer>> ping_for(NodeId from, PingFor question);
  Task<Result<CompareMembers::Answer>> compare_members(NodeId from, CompareMembers question);
  void arrived(Message message) override;  // gossip

  Task<> join_and_probe(std::vector<NodeId> contacts);
  Task<> probe(NodeId target);
  Task<> gossip();
  Task<> compare_now_and_then();
  Task<bool> compare(NodeId with, std::uint32_t first, bool all);

  /// Whether it changed what is believed.
  bool learn(const MemberNews& news, bool is_first_hand_death);
  bool learn_of_self(const MemberNews& news);
  bool suspect(const MemberNews& news, Peer& peer);
  void believe(const MemberNews& news, Peer& peer);
  void tell(const MemberNews& news);
  void announce_self(Liveness state);
  void hear(const std::vector<Rumour>& rumours);
  void bury_suspects();

  CompareMembers::Answer page_from(std::uint32_t first) const;
  std::vector<Rumour> news_for(NodeId node);
  std::vector<NodeId> draw(std::size_t count, NodeId besides, bool recently_dead_too);
  NodeId next_to_probe();
  SuspicionTimes times() const;
  std::size_t retransmissions() const;
  void slower(std::int64_t change);
  bool is_self(NodeId node) const { return node == node_.id(); }
  Peer& peer(NodeId node);

  Node& node_;
  MembershipSettings settings_;
  std::uint64_t incarnation_;
  std::vector<Peer> peers_;    // by number
  std::size_t alive_ = 0;      // others
  std::vector<NodeId> order_;  // of probing; whoever is not dead, and some who are
  std::size_t next_ = 0;
  std::map<NodeId, Suspicion> suspicions_;
  Rumours rumours_;
  std::int64_t slowness_ = 0;
  bool leaving_ = false;
  std::vector<Listener> listeners_;
  std::map<std::uint8_t, RumourListener> topics_;
  Signal news_;
  Service service_;
};

}  // namespace evenkeel
