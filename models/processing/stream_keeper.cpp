#include "models/processing/stream_keeper.h"

#include "models/runtime/check.h"

namespace evenkeel {

StreamKeeper::StreamKeeper(Node& node, StreamStore& store, Service& service, StreamOwners* owners,
                           const StreamKeeperSettings& settings)
    : node_(node), store_(store), owners_(owners), settings_(settings) {
  service.on(&StreamKeeper::answer, *this);
}

void StreamKeeper::keep(KeptStream stream) {
  const std::string name = stream.plan.spec.name;
  auto kept = std::make_unique<Kept>(Kept{std::move(stream)});
  Kept& its = *kept;
  kept_[name] = std::move(kept);
  if (!its.stream.second) {
    node_.spawn(run_alone(its));
    return;
  }
  EVENKEEL_CHECK(owners_ != nullptr, "two nodes for a stream, and nothing that says who owns it");
  its.other = its.stream.first == node_.id() ? *its.stream.second : its.stream.first;
  node_.spawn(run(its));
}

StreamJob* StreamKeeper::running(const std::string& job) {
  const auto found = kept_.find(job);
  if (found == kept_.end() || found->second->running == nullptr) return nullptr;
  StreamJob* running = found->second->running;
  return running->failure() ? nullptr : running;
}

Task<Result<std::uint64_t>> StreamKeeper::answer(NodeId, AskStreamOwner question) {
  const StreamJob* job = running(question.job);
  co_return job != nullptr ? job->head().epoch : std::uint64_t{0};
}

Task<Result<std::uint64_t>> StreamKeeper::ask_other(Kept& kept) {
  const AskStreamOwner question{kept.stream.plan.spec.name};
  return ask(node_, kept.other, Port::streams, question, settings_.timeout);
}

bool StreamKeeper::start(Kept& kept, std::uint64_t epoch, bool with_other) {
  stop(kept);
  StreamJobSettings settings = kept.stream.job;
  settings.standby = with_other ? std::optional{kept.other} : std::nullopt;
  auto job = std::make_unique<StreamJob>(node_, store_, kept.stream.plan, settings);
  const Result<Done> started = job->start(epoch);
  if (started) kept.running = job.get();
  kept.jobs.push_back(std::move(job));
  return started.has_value();
}

void StreamKeeper::stop(Kept& kept) {
  if (kept.running != nullptr) kept.running->stop();
  kept.running = nullptr;
}

// Nobody else ever owns it, so its epoch never changes.
Task<> StreamKeeper::run_alone(Kept& kept) {
  while (!start(kept, 1, false)) co_await node_.sleep(settings_.ask_every);
}

Task<> StreamKeeper::run(Kept& kept) {
  const std::string& name = kept.stream.plan.spec.name;
  while (true) {
    Task<Result<StreamOwner>> finding = owners_->find(name);
    const Result<StreamOwner> owner = co_await std::move(finding);
    if (owner && owner->epoch > 0 && owner->node != node_.id()) {
      Task<> standing = stand_by(kept, *owner);
      co_await std::move(standing);
    } else if (owner && (owner->epoch > 0 || kept.stream.first == node_.id())) {
      Task<> owning = own(kept, *owner);
      co_await std::move(owning);
      stop(kept);
    }
    co_await node_.sleep(settings_.ask_every);
  }
}

bool StreamKeeper::lost_its_disk(const Kept& kept, const StreamOwner& owner) {
  const Result<bool> lost = sql_result([&]() -> Result<bool> {
    return store_.head(kept.stream.plan.spec.name).epoch < owner.epoch;
  });
  return !lost || *lost;
}

// Comes back when it does not own the job any more, or does not know.
Task<> StreamKeeper::own(Kept& kept, StreamOwner owner) {
  const std::string& name = kept.stream.plan.spec.name;
  if (!owner.alone && lost_its_disk(kept, owner)) co_return;  // until the standby has it
  bool alone = owner.alone;
  bool with_other = !alone;
  while (true) {
    Task<Result<std::uint64_t>> claiming = owners_->claim_after(name, owner, alone);
    const Result<std::uint64_t> epoch = co_await std::move(claiming);
    if (!epoch) co_return;
    owner = {node_.id(), *epoch, alone};
    if (!start(kept, *epoch, with_other)) co_return;
    Task<bool> watching = watch(kept, owner, with_other);
    const bool is_ours = co_await std::move(watching);
    if (!is_ours) co_return;
    with_other = !with_other;
    alone = true;
  }
}

// Until the other node goes or comes back (true), or the job is not this node's any more. `owner`
// becomes what its row says.
Task<bool> StreamKeeper::watch(Kept& kept, StreamOwner& owner, bool with_other) {
  const std::string& name = kept.stream.plan.spec.name;
  Time heard = node_.now();
  while (true) {
    co_await node_.sleep(settings_.ask_every);
    if (kept.running->failure()) co_return false;
    Task<Result<std::uint64_t>> asking = ask_other(kept);
    const Result<std::uint64_t> there = co_await std::move(asking);
    if (there) heard = node_.now();
    if (!with_other && there) co_return true;
    if (with_other && node_.now() - heard > settings_.take_over_after) co_return true;
    if (!with_other || !owner.alone || !kept.running->has_standby()) continue;
    Task<Result<std::uint64_t>> telling = owners_->accompany(name, owner);
    const Result<std::uint64_t> told = co_await std::move(telling);
    if (!told) co_return false;  // or nobody knows whether
    owner.alone = false;
  }
}

// Until the job has another owner, or it is to be seen whether it has.
Task<> StreamKeeper::stand_by(Kept& kept, StreamOwner owner) {
  const std::string& name = kept.stream.plan.spec.name;
  Time heard = node_.now();
  while (true) {
    co_await node_.sleep(settings_.ask_every);
    Task<Result<std::uint64_t>> asking = ask_other(kept);
    const Result<std::uint64_t> epoch = co_await std::move(asking);
    if (epoch && *epoch > 0) {
      if (*epoch != owner.epoch) co_return;  // it was claimed anew
      heard = node_.now();
    }
    if (node_.now() - heard <= settings_.take_over_after) continue;
    Task<Result<StreamOwner>> finding = owners_->find(name);
    const Result<StreamOwner> found = co_await std::move(finding);
    if (!found) continue;
    if (found->epoch != owner.epoch || found->node != owner.node) co_return;
    owner = *found;
    if (owner.alone) continue;  // only its owner has all of it
    Task<Result<std::uint64_t>> claiming = owners_->claim_after(name, owner, true);
    const Result<std::uint64_t> claimed = co_await std::move(claiming);
    if (!claimed) co_return;
    node_.probe().event(node_.now(), node_.id(), "stream taken over", name);
    co_return;
  }
}

}  // namespace evenkeel
