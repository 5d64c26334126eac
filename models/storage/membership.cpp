#include "models/storage/membership.h"

#include <algorithm>

#include "models/runtime/portable_math.h"
#include "models/runtime/quorum.h"

namespace evenkeel {
namespace {

constexpr std::uint8_t membership_topic = 0;
constexpr std::uint64_t most_incarnation = std::uint64_t{1} << 62;

constexpr std::uint64_t first_life = std::uint64_t{1} << 32;

bool is_dead(Liveness state) { return state == Liveness::dead || state == Liveness::left; }

}  // namespace

void MembershipSettings::describe(Fields& fields) {
  fields.duration("period", period, {"between pings of one node", 1e-3});
  fields.duration("ping_timeout", ping_timeout, {"how long to wait for its answer", 1e-3});
  fields.integer("relays", relays, {"others asked to ping whoever does not answer", 0, 100});
  fields.number("suspicion", suspicion, Unit::none,
                {"periods, times log10 of the nodes, until a suspect is dead, at least", 1, 1000});
  fields.number("suspicion_longer", suspicion_longer, Unit::none,
                {"times longer while nobody else suspects it", 1, 1000});
  fields.duration("gossip_period", gossip_period, {"between messages with news", 1e-3});
  fields.integer("gossip_to", gossip_to, {"nodes that each of them goes to", 0, 100});
  fields.integer("gossip_bytes", gossip_bytes, {"news in one message", 100, 1e6});
  fields.number("retransmissions", retransmissions, Unit::none,
                {"how often news is sent on, times log10 of the nodes", 1, 1000});
  fields.duration("compare_period", compare_period, {"between comparisons of all news", 0.1});
  fields.duration("dead_told", dead_told, {"how long a dead node is still sent news", 0});
  fields.integer("most_slowness", most_slowness,
                 {"how much longer a node waits that misses answers, at most", 0, 100});
}

Membership::Membership(Node& node, std::vector<NodeId> contacts, const MembershipSettings& settings)
    : node_(node),
      settings_(settings),
      incarnation_(node.incarnation() * first_life),
      news_(node.world()),
      service_(node, Port::membership) {
  std::erase(contacts, node.id());
  peers_.resize(index(node.id()) + 1);
  for (const NodeId contact : contacts) {
    Peer& known = peer(contact);
    if (!known.known) order_.push_back(contact);
    known = {first_life, node.now(), Liveness::alive, true};
  }
  alive_ = order_.size();
  node.listen(Port::gossip, *this);
  service_.on(&Membership::answer_ping, *this);
  service_.on(&Membership::ping_for, *this);
  service_.on(&Membership::compare_members, *this);
  node.spawn(join_and_probe(std::move(contacts)));
  node.spawn(gossip());
  node.spawn(compare_now_and_then());
}

bool Membership::is_alive(NodeId node) const { return !is_dead(state(node)); }

Liveness Membership::state(NodeId node) const {
  if (is_self(node)) return leaving_ ? Liveness::left : Liveness::alive;
  return index(node) < peers_.size() ? peers_[index(node)].state : Liveness::alive;
}

std::vector<NodeId> Membership::alive() const {
  std::vector<NodeId> alive;
  for (std::uint32_t i = 0; i < peers_.size(); ++i)
    if (is_self(NodeId{i}) || (peers_[i].known && is_alive(NodeId{i}))) alive.push_back(NodeId{i});
  return alive;
}

void Membership::listen(std::uint8_t topic, RumourListener listener) {
  EVENKEEL_CHECK(topic != membership_topic, "topic 0 is membership's own");
  topics_[topic] = std::move(listener);
}

void Membership::spread(Rumour rumour) {
  EVENKEEL_CHECK(rumour.body.size() <= longest_rumour, "a rumour is small");
  rumours_.add(std::move(rumour));
  news_.raise();
}

Task<> Membership::leave() {
  leaving_ = true;
  announce_self(Liveness::left);
  co_await node_.sleep(settings_.gossip_period * static_cast<std::int64_t>(retransmissions()));
}

Membership::Peer& Membership::peer(NodeId node) {
  if (index(node) >= peers_.size()) peers_.resize(index(node) + 1);
  return peers_[index(node)];
}

SuspicionTimes Membership::times() const {
  return suspicion_times(alive_ + 1, settings_.suspicion, settings_.suspicion_longer,
                         settings_.period);
}

std::size_t Membership::retransmissions() const {
  const double tens = portable::log(static_cast<double>(alive_) + 2) / portable::log(10);
  return static_cast<std::size_t>(std::ceil(settings_.retransmissions * std::ceil(tens)));
}

void Membership::slower(std::int64_t change) {
  slowness_ = std::clamp(slowness_ + change, std::int64_t{0}, settings_.most_slowness);
}

// What is believed.

bool Membership::learn(const MemberNews& news, bool is_first_hand_death) {
  if (index(news.node) >= most_nodes || news.incarnation >= most_incarnation ||
      static_cast<std::uint8_t>(news.state) >= livenesses)
    return false;
  if (is_self(news.node)) return learn_of_self(news);
  Peer& known = peer(news.node);
  if (news.state == Liveness::suspect) return suspect(news, known);
  const bool is_newer = !known.known || news.incarnation > known.incarnation;
  if (news.state == Liveness::alive) {
    if (!is_newer) return false;
  } else {
    if (!is_newer && news.incarnation < known.incarnation) return false;
    if (known.known && news.incarnation == known.incarnation &&
        (known.state == news.state || known.state == Liveness::left))
      return false;
    // Whoever compares may have been cut off: its dead may live, and should be able to say so.
    if (news.state == Liveness::dead && !is_first_hand_death && known.known &&
        !is_dead(known.state)) {
      MemberNews milder = news;
      milder.state = Liveness::suspect;
      milder.accuser = node_.id();
      return suspect(milder, known);
    }
  }
  believe(news, known);
  return true;
}

bool Membership::learn_of_self(const MemberNews& news) {
  const bool is_wrong = news.state != Liveness::alive && news.incarnation >= incarnation_;
  const bool is_from_before = news.state == Liveness::alive && news.incarnation > incarnation_;
  if (leaving_ || !(is_wrong || is_from_before)) return false;
  incarnation_ = news.incarnation + 1;
  if (is_wrong) slower(1);
  announce_self(Liveness::alive);
  return false;
}

void Membership::announce_self(Liveness state) {
  tell({node_.id(), incarnation_, state, node_.id()});
}

bool Membership::suspect(const MemberNews& news, Peer& known) {
  if (!known.known) {
    // Never heard of it: it is there, if perhaps not for long.
    believe({news.node, news.incarnation, Liveness::alive, {}}, known);
  }
  if (news.incarnation < known.incarnation || is_dead(known.state)) return false;
  if (known.state == Liveness::suspect && news.incarnation == known.incarnation) {
    Suspicion& suspicion = suspicions_[news.node];
    if (suspicion.accusers.size() > times().enough ||
        !suspicion.accusers.insert(news.accuser).second)
      return false;
    tell(news);
    return true;
  }
  known.incarnation = news.incarnation;
  known.state = Liveness::suspect;
  suspicions_[news.node] = {node_.now(), {news.accuser}};
  tell(news);
  return true;
}

void Membership::believe(const MemberNews& news, Peer& known) {
  const bool was_alive = known.known && !is_dead(known.state);
  const bool lives = !is_dead(news.state);
  const bool changes = !known.known || was_alive != lives || known.state == Liveness::left;
  if (lives && !was_alive) {
    ++alive_;
    if (std::ranges::find(order_, news.node) == order_.end()) {
      const std::size_t at = node_.random().below(order_.size() + 1);
      order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(at), news.node);
    }
  }
  if (!lives && was_alive) --alive_;
  known = {news.incarnation, node_.now(), news.state, true};
  suspicions_.erase(news.node);
  tell(news);
  if (!changes) return;
  for (const Listener& listener : listeners_) listener(news.node, news.state);
}

void Membership::tell(const MemberNews& news) {
  rumours_.add({membership_topic, index(news.node), encoded(news)});
  news_.raise();
}

void Membership::hear(const std::vector<Rumour>& rumours) {
  for (const Rumour& rumour : rumours) {
    if (rumour.topic == membership_topic) {
      if (const auto news = decoded<MemberNews>(rumour.body)) learn(*news, true);
    } else if (const auto topic = topics_.find(rumour.topic);
               topic != topics_.end() && rumour.body.size() <= longest_rumour) {
      topic->second(rumour);
    }
  }
}

void Membership::bury_suspects() {
  const SuspicionTimes limits = times();
  std::vector<NodeId> due;
  for (const auto& [node, suspicion] : suspicions_) {
    const Duration span = suspicion_time(limits, suspicion.accusers.size() - 1);
    if (suspicion.since + span <= node_.now()) due.push_back(node);
  }
  for (const NodeId node : due) {
    Peer& known = peer(node);
    believe({node, known.incarnation, Liveness::dead, node_.id()}, known);
    node_.probe().event(node_.now(), node_.id(), "held dead", std::to_string(index(node)));
  }
}

// Talking.

std::vector<Rumour> Membership::news_for(NodeId node) {
  std::vector<Rumour> news =
      rumours_.take(static_cast<std::size_t>(settings_.gossip_bytes), retransmissions());
  if (index(node) < peers_.size() && peers_[index(node)].known) {
    const Peer& known = peers_[index(node)];
    if (known.state != Liveness::alive)
      news.push_back({membership_topic, index(node),
                      encoded(MemberNews{node, known.incarnation, known.state, node_.id()})});
  }
  return news;
}

Task<Result<Pong>> Membership::answer_ping(NodeId from, Ping ping) {
  learn({from, ping.incarnation, Liveness::alive, from}, true);
  hear(ping.rumours);
  co_return Pong{incarnation_, news_for(from)};
}

Task<Result<PingFor::Answer>> Membership::ping_for(NodeId, PingFor question) {
  if (index(question.target) >= most_nodes)
    co_return Error{ErrorCode::invalid, "no node has this number"};
  const Ping ping{incarnation_, news_for(question.target)};
  Task<Result<Pong>> asked =
      ask(node_, question.target, Port::membership, ping, settings_.ping_timeout * 4 / 5);
  const Result<Pong> pong = co_await std::move(asked);
  if (!pong) co_return PingFor::Answer{};
  learn({question.target, pong->incarnation, Liveness::alive, {}}, true);
  hear(pong->rumours);
  co_return PingFor::Answer{true, pong->incarnation};
}

CompareMembers::Answer Membership::page_from(std::uint32_t first) const {
  CompareMembers::Answer page;
  const auto end = static_cast<std::uint32_t>(peers_.size());
  for (std::uint32_t i = first; i < end; ++i) {
    if (page.known.size() >= CompareMembers::page) {
      page.next = i;
      break;
    }
    if (is_self(NodeId{i})) {
      page.known.push_back({node_.id(), incarnation_, state(node_.id()), node_.id()});
    } else if (peers_[i].known) {
      page.known.push_back({NodeId{i}, peers_[i].incarnation, peers_[i].state, node_.id()});
    }
  }
  return page;
}

Task<Result<CompareMembers::Answer>> Membership::compare_members(NodeId, CompareMembers question) {
  if (question.known.size() > CompareMembers::page + 1)
    co_return Error{ErrorCode::malformed, "more members than fit on a page"};
  for (const MemberNews& news : question.known) learn(news, false);
  co_return page_from(question.first);
}

void Membership::arrived(Message message) {
  const Bytes& bytes = message.payload.bytes;
  const auto rumours = decoded<std::vector<Rumour>>({bytes.data(), bytes.size()});
  if (!rumours) return node_.probe().count("malformed messages", node_.id(), 1);
  hear(*rumours);
}

Task<bool> Membership::compare(NodeId with, std::uint32_t first, bool all) {
  do {
    CompareMembers question{first, page_from(first).known};
    if (first != 0) question.known.push_back({node_.id(), incarnation_, state(node_.id()), {}});
    Task<Result<CompareMembers::Answer>> asked =
        ask(node_, with, Port::membership, question, settings_.period);
    const Result<CompareMembers::Answer> answer = co_await std::move(asked);
    if (!answer) co_return false;
    for (const MemberNews& news : answer->known) learn(news, false);
    if (answer->next != 0 && answer->next <= first) co_return false;
    first = answer->next;
  } while (all && first != 0);
  co_return true;
}

// What it does by itself.

Task<> Membership::join_and_probe(std::vector<NodeId> contacts) {
  announce_self(Liveness::alive);
  for (std::size_t i = contacts.size(); i > 1; --i)
    std::swap(contacts[i - 1], contacts[node_.random().below(i)]);
  for (std::size_t i = 0; !contacts.empty(); ++i) {
    Task<bool> comparing = compare(contacts[i % contacts.size()], 0, true);
    const bool joined = co_await std::move(comparing);
    if (joined) break;
    if (i % contacts.size() == contacts.size() - 1) co_await node_.sleep(settings_.period);
  }
  co_await node_.sleep(seconds(node_.random().uniform() * to_seconds(settings_.period)));
  while (!leaving_) {
    const Time next = node_.now() + settings_.period * (slowness_ + 1);
    const NodeId target = next_to_probe();
    if (!is_self(target)) {
      Task<> probing = probe(target);
      co_await std::move(probing);
    }
    co_await node_.sleep_until(next);
  }
}

NodeId Membership::next_to_probe() {
  for (std::size_t tried = 0; tried <= order_.size(); ++tried) {
    if (next_ >= order_.size()) {
      std::erase_if(order_, [&](NodeId node) { return !is_alive(node); });
      for (std::size_t i = order_.size(); i > 1; --i)
        std::swap(order_[i - 1], order_[node_.random().below(i)]);
      next_ = 0;
      if (order_.empty()) break;
    }
    const NodeId node = order_[next_++];
    if (is_alive(node)) return node;
  }
  return node_.id();
}

Task<> Membership::probe(NodeId target) {
  const Duration period = settings_.period * (slowness_ + 1);
  const Time end = node_.now() + period;
  const std::uint64_t incarnation = peer(target).incarnation;
  const Ping ping{incarnation_, news_for(target)};
  Task<Result<Pong>> asked = ask(node_, target, Port::membership, ping,
                                 std::min(period, settings_.ping_timeout * (slowness_ + 1)));
  const Result<Pong> pong = co_await std::move(asked);
  if (pong) {
    slower(-1);
    learn({target, pong->incarnation, Liveness::alive, target}, true);
    hear(pong->rumours);
    co_return;
  }
  const std::vector<NodeId> relays =
      draw(static_cast<std::size_t>(settings_.relays), target, false);
  std::function<bool(const Answers<PingFor::Answer>&)> is_reached = [](const auto& answers) {
    return std::ranges::any_of(answers.good, [](const auto& one) { return one.second.reached; });
  };
  const PingFor question{target};
  Task<Answers<PingFor::Answer>> asking =
      ask_all<PingFor>(node_, Port::membership, relays, question,
                       std::max(end - node_.now(), settings_.ping_timeout), std::move(is_reached));
  const Answers<PingFor::Answer> answers = co_await std::move(asking);
  if (answers.enough) {
    slower(-1);
    co_return;
  }
  // Relays that did not even say that they failed tell of this node, not of the target.
  slower(relays.empty() ? 1 : static_cast<std::int64_t>(relays.size() - answers.good.size()));
  learn({target, incarnation, Liveness::suspect, node_.id()}, true);
}

std::vector<NodeId> Membership::draw(std::size_t count, NodeId besides, bool recently_dead_too) {
  std::vector<NodeId> drawn;
  for (std::size_t tried = 0; tried < 3 * count + 8 && drawn.size() < count; ++tried) {
    if (order_.empty()) break;
    const NodeId node = order_[node_.random().below(order_.size())];
    const Peer& known = peers_[index(node)];
    const bool fits = is_alive(node) || (recently_dead_too && known.state == Liveness::dead &&
                                         known.since + settings_.dead_told > node_.now());
    if (fits && node != besides && std::ranges::find(drawn, node) == drawn.end())
      drawn.push_back(node);
  }
  return drawn;
}

Task<> Membership::gossip() {
  while (true) {
    if (rumours_.empty() && suspicions_.empty()) {
      news_.reset();
      const Signal::Wait wait = news_.wait_until(never);
      co_await wait;
    }
    co_await node_.sleep(settings_.gossip_period);
    bury_suspects();
    const auto count = static_cast<std::size_t>(settings_.gossip_to);
    for (const NodeId node : draw(count, node_.id(), true)) {
      const std::vector<Rumour> news =
          rumours_.take(static_cast<std::size_t>(settings_.gossip_bytes), retransmissions());
      if (news.empty()) break;
      Payload payload;
      append(payload.bytes, news);
      node_.send(node, Port::gossip, std::move(payload));
    }
  }
}

Task<> Membership::compare_now_and_then() {
  co_await node_.sleep(seconds(node_.random().uniform() * to_seconds(settings_.compare_period)));
  while (!leaving_) {
    std::vector<NodeId> partners = draw(1, node_.id(), false);
    std::vector<NodeId> dead;
    for (std::uint32_t i = 0; i < peers_.size(); ++i)
      if (peers_[i].known && peers_[i].state == Liveness::dead) dead.push_back(NodeId{i});
    if (!dead.empty()) partners.push_back(dead[node_.random().below(dead.size())]);
    for (const NodeId partner : partners) {
      const auto pages = (peers_.size() + CompareMembers::page - 1) / CompareMembers::page;
      const std::size_t first = node_.random().below(std::max<std::size_t>(pages, 1));
      Task<bool> comparing =
          compare(partner, static_cast<std::uint32_t>(first * CompareMembers::page), false);
      co_await std::move(comparing);
    }
    co_await node_.sleep(settings_.compare_period);
  }
}

}  // namespace evenkeel
