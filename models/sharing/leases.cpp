#include "models/sharing/leases.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr std::size_t most_pushed = 512;
constexpr std::size_t most_rounds = 1000;  // of asking one home for all it has

struct KeptLease {
  PublicKey owner = {};
  Time until{};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, until);
  }
};

}  // namespace

struct Leases::Renewal {
  Renewal(World& world, std::size_t homes) : over(world), open(homes) {}
  Signal over;
  std::size_t good = 0;
  std::size_t open;
  std::size_t needed = 0;
};

Leases::Leases(Node& node, Service& service, const PartyKeys& keys, const PartyDirectory& directory,
               LeaseSettings settings)
    : node_(node),
      keys_(keys),
      directory_(directory),
      settings_(std::move(settings)),
      revocations_(node.disk(), node.random()),
      journal_(node.disk(), "sharing/leases") {
  for (const Blob& bytes : journal_.take_loaded())
    if (const auto kept = decoded<KeptLease>(bytes)) leases_[kept->owner].until = kept->until;
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(node.wall_clock());
  revocations_.drop_expired(wall.count(), node.random());
  service.on(&Leases::answer_renew, *this);
  service.on(&Leases::answer_push, *this);
  node_.spawn(renew_for_ever());
}

Time Leases::local_now() const { return seconds(to_seconds(node_.now()) * settings_.clock_rate); }

std::vector<NodeId> Leases::homes_of(const PublicKey& owner) const {
  const Party* party = directory_.find(owner);
  if (party == nullptr) return {};
  std::vector<NodeId> homes = party->nodes;
  if (homes.size() > most_homes) homes.resize(most_homes);
  return homes;
}

bool Leases::is_fresh(const PublicKey& owner) const {
  if (settings_.ignores_lease) return true;
  const std::vector<NodeId> homes = homes_of(owner);
  if (homes.size() == 1 && homes.front() == node_.id()) return true;  // all there is, is here
  const auto lease = leases_.find(owner);
  return lease != leases_.end() && local_now() < lease->second.until;
}

void Leases::keep_fresh(const PublicKey& owner) {
  if (directory_.find(owner) != nullptr)
    leases_[owner].wanted = time_after(node_.now(), settings_.idle_after);
}

Task<> Leases::renew_for_ever() {
  while (true) {
    co_await node_.sleep(settings_.renew_every);
    for (const auto& [owner, lease] : leases_)
      if (lease.wanted > node_.now() && !lease.renewing) node_.spawn(renew_in_background(owner));
  }
}

Task<> Leases::renew_in_background(PublicKey owner) {
  Task<Result<bool>> renewing = renew(owner);
  const Result<bool> fresh = co_await std::move(renewing);
  if (!fresh || !*fresh) node_.probe().count("leases not renewed", node_.id(), 1);
}

Task<Result<bool>> Leases::renew(PublicKey owner) {
  const std::vector<NodeId> homes = homes_of(owner);
  if (homes.empty())
    co_return Error{ErrorCode::not_found, "a grant of an owner that is in no directory"};
  const Time asked = local_now();
  auto renewal = std::make_shared<Renewal>(node_.world(), homes.size());
  renewal->needed = Quorum::majority(homes.size());
  Lease& lease = leases_[owner];
  lease.renewing = true;
  for (const NodeId home : homes) node_.spawn(renew_from(owner, home, renewal));
  const Signal::Wait wait = renewal->over.wait_until(never);
  co_await wait;
  lease.renewing = false;  // leases are never erased
  if (renewal->good >= renewal->needed) {
    const double honest = 1 - settings_.clock_rate_error;
    const Time until = asked + seconds(to_seconds(settings_.lease) * honest);
    lease.until = std::max(lease.until, until);
    remember(owner, lease);
  }
  co_return is_fresh(owner);
}

// So that a node that starts again while it is cut off serves as long as it would have.
void Leases::remember(const PublicKey& owner, const Lease& lease) {
  Result<Done> kept = Done{};
  if (journal_.size() < 64 + 4 * leases_.size()) {
    kept = journal_.append(encoded(KeptLease{owner, lease.until}));
    if (kept) kept = journal_.sync();
  } else {
    std::vector<Blob> all;
    for (const auto& [each, its_lease] : leases_)
      all.push_back(encoded(KeptLease{each, its_lease.until}));
    kept = journal_.rewrite(all);
  }
  if (!kept) node_.probe().count("leases not kept on disk", node_.id(), 1);
}

Task<> Leases::renew_from(PublicKey owner, NodeId home, std::shared_ptr<Renewal> renewal) {
  bool good = home == node_.id();
  for (std::size_t round = 0; round < most_rounds && !good; ++round) {
    Home& known = leases_[owner].homes[index(home)];
    const RenewLease question{owner, known.epoch, known.known};
    Task<Result<LeaseNews>> asked = ask(node_, home, Port::sharing, question, settings_.timeout);
    const Result<LeaseNews> news = co_await std::move(asked);
    if (!news) break;
    if (news->epoch != known.epoch) {
      // It has lost its disk, or dropped what is old: what we have may help.
      const std::vector<Revocation>& ours = revocations_.of(owner);
      if (!ours.empty()) {
        const std::size_t count = std::min(ours.size(), most_pushed);
        node_.spawn(
            push_to(home, {ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(count)}));
      }
      const bool was_asked_from_start = known.known == 0;
      known = {news->epoch, 0};
      if (!was_asked_from_start) continue;
    }
    const Result<std::vector<Revocation>> taken = take(news->since);
    if (!taken) break;
    if (!taken->empty()) spread(*taken, home);
    known.known += news->since.size();
    good = known.known >= news->last;
    if (news->since.empty() && !good) break;
  }
  renewal->good += good ? 1 : 0;
  --renewal->open;
  if (renewal->good >= renewal->needed || renewal->open == 0) renewal->over.raise();
}

Result<std::vector<Revocation>> Leases::take(const std::vector<Revocation>& revocations) {
  std::vector<Revocation> news;
  for (const Revocation& one : revocations) {
    if (directory_.find(one.owner) == nullptr) continue;
    const Result<bool> added = revocations_.add(one);
    if (!added) {
      node_.probe().count("revocations refused", node_.id(), 1);
      return added.error();
    }
    if (*added) news.push_back(one);
  }
  if (news.empty()) return news;
  node_.probe().count("revocations heard of", node_.id(), static_cast<double>(news.size()));
  const Result<Done> synced = revocations_.sync();
  if (!synced) return synced.error();
  return news;
}

Task<Result<LeaseNews>> Leases::answer_renew(NodeId, RenewLease question) {
  const std::vector<NodeId> homes = homes_of(question.owner);
  if (std::ranges::find(homes, node_.id()) == homes.end())
    co_return Error{ErrorCode::invalid, "this node does not keep that owner's revocations"};
  const std::vector<Revocation>& all = revocations_.of(question.owner);
  LeaseNews news{.epoch = revocations_.epoch(), .last = all.size()};
  const std::uint64_t first = question.epoch == news.epoch ? question.known : 0;
  for (std::uint64_t i = first; i < all.size() && news.since.size() < most_pushed; ++i)
    news.since.push_back(all[i]);
  co_return news;
}

Task<Result<Done>> Leases::answer_push(NodeId from, PushRevocations question) {
  if (question.revocations.size() > most_pushed)
    co_return Error{ErrorCode::malformed, "too many revocations in one message"};
  const Result<std::vector<Revocation>> taken = take(question.revocations);
  if (!taken) co_return taken.error();
  if (!taken->empty()) spread(*taken, from);
  co_await node_.disk_done();
  co_return Done{};
}

void Leases::spread(const std::vector<Revocation>& revocations, std::optional<NodeId> but) {
  std::vector<NodeId> peers;
  for (const NodeId peer : settings_.peers)
    if (peer != node_.id() && peer != but) peers.push_back(peer);
  for (std::size_t i = 0; i < settings_.fanout && !peers.empty(); ++i) {
    const std::size_t chosen = node_.random().below(peers.size());
    node_.spawn(push_to(peers[chosen], revocations));
    peers.erase(peers.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
}

Task<> Leases::push_to(NodeId peer, std::vector<Revocation> revocations) {
  const PushRevocations question{std::move(revocations)};
  Task<Result<Done>> asked = ask(node_, peer, Port::sharing, question, settings_.timeout);
  const Result<Done> done = co_await std::move(asked);
  if (!done) node_.probe().count("revocations not pushed", node_.id(), 1);
}

Task<Result<Done>> Leases::revoke(Signature block, std::int64_t expires_ms) {
  const Revocation revocation = make_revocation(keys_.signing, block, expires_ms);
  const std::vector<NodeId> homes = homes_of(revocation.owner);
  if (homes.empty())
    co_return Error{ErrorCode::not_found, "our own party is in no directory: nobody would ask"};
  const PushRevocations question{{revocation}};
  Task<Answers<Done>> asking =
      ask_quorum(node_, Port::sharing, Quorum{{homes}}, question, settings_.timeout);
  const Answers<Done> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("revoking");
  spread({revocation}, std::nullopt);
  node_.probe().count("revocations", node_.id(), 1);
  node_.probe().event(node_.now(), node_.id(), "revocation", hex(block).substr(0, 16));
  co_return Done{};
}

}  // namespace evenkeel
