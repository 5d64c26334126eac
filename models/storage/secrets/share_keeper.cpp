#include "models/storage/secrets/share_keeper.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {
namespace {

Word zero_of(const Dealing& dealing) {
  return dealing.zero_at ? shamir::point_of(*dealing.zero_at) : 0;
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_secret_name;
}

bool is_share(const WireShare& share) {
  return share.bytes <= longest_secret && share.values.size() == share_elements(share.bytes) &&
         shamir::are_elements(share.values);
}

}  // namespace

ShareKeeper::ShareKeeper(Node& node, const SecretSettings& settings)
    : node_(node),
      settings_(settings),
      place_(settings.place_of(node.id()).value()),
      store_(node.disk()),
      prg_(draw_prg_key(node.random())),
      service_(node, Port::secrets) {
  // A node that has run before and finds nothing has lost its disk.
  if (const Result<Done> opened = store_.open(node.incarnation() > 1); !opened)
    node.probe().event(node.now(), node.id(), "secrets damaged", opened.error().detail);
  service_.on(&ShareKeeper::prepare, *this);
  service_.on(&ShareKeeper::stage, *this);
  service_.on(&ShareKeeper::commit, *this);
  service_.on(&ShareKeeper::fetch, *this);
  service_.on(&ShareKeeper::list, *this);
  service_.on(&ShareKeeper::deal, *this);
  service_.on(&ShareKeeper::take_part, *this);
  service_.on(&ShareKeeper::stage_refreshed, *this);
  service_.on(&ShareKeeper::masked, *this);
}

Error ShareKeeper::refuse(ErrorCode code, std::string_view what) const {
  return {code, fmt::format("{} {}", node_.name(), what)};
}
Error ShareKeeper::refuse(const Error& why) const { return refuse(why.code, why.detail); }

// What there is, with the ballot promised; it is not saved yet.
Result<ShareStore::Record> ShareKeeper::record_for(const std::string& name,
                                                   std::uint64_t ballot) const {
  if (!is_name(name)) return refuse(ErrorCode::invalid, "keeps no secret of that name");
  const ShareStore::Record* const found = store_.find(name);
  if (found == nullptr && store_.all().size() >= most_secrets)
    return refuse(ErrorCode::full, "keeps as many secrets as it may");
  ShareStore::Record record = found == nullptr ? ShareStore::Record{} : *found;
  if (ballot < record.promised) return refuse(ErrorCode::conflict, "takes part in a newer attempt");
  record.promised = ballot;
  return record;
}

Task<Result<Done>> ShareKeeper::save(std::string name, ShareStore::Record record) {
  if (Result<Done> saved = store_.put(name, std::move(record)); !saved) co_return saved;
  co_await node_.disk_done();
  co_return Done{};
}

Task<Result<SecretState>> ShareKeeper::prepare(NodeId, PrepareSecret question) {
  bool is_promised = false;
  if (question.ballot > 0) {
    Result<ShareStore::Record> record = record_for(question.name, question.ballot);
    if (!record && record.error().code != ErrorCode::conflict) co_return record.error();
    if (record) {
      Task<Result<Done>> saving = save(question.name, std::move(*record));
      const Result<Done> saved = co_await std::move(saving);
      if (!saved) co_return saved.error();
      is_promised = true;
    }
  }
  SecretState state{.is_promised = is_promised, .has_lost = !store_.is_complete()};
  if (const ShareStore::Record* record = store_.find(question.name)) {
    state.is_promised = is_promised && record->promised == question.ballot;
    state.promised = record->promised;
    for (const ShareStore::Share& share : record->shares) state.held.push_back(share.lineage);
  }
  co_return state;
}

Task<Result<Done>> ShareKeeper::stage(NodeId, StageShare question) {
  WireShare& share = question.share;
  if (!is_share(share)) co_return refuse(ErrorCode::malformed, "was sent what is no share");
  Result<ShareStore::Record> record = record_for(question.name, share.lineage.ballot);
  if (!record) co_return record.error();
  record->keep({share.lineage, share.bytes, taken(share.values)}, question.base);
  Task<Result<Done>> saving = save(std::move(question.name), std::move(*record));
  Result<Done> saved = co_await std::move(saving);
  co_return saved;
}

Task<Result<Done>> ShareKeeper::keep_recovered(std::string name, std::uint64_t ballot,
                                               ShareStore::Share share) {
  Result<ShareStore::Record> record = record_for(name, ballot);
  if (!record) co_return record.error();
  const std::vector<ShareStore::Share> others = record->shares;
  record->keep(std::move(share), std::nullopt);
  for (const ShareStore::Share& other : others)
    if (record->find(other.lineage) == nullptr) record->shares.push_back(other);
  std::ranges::sort(record->shares, {}, &ShareStore::Share::lineage);
  Task<Result<Done>> saving = save(std::move(name), std::move(*record));
  Result<Done> saved = co_await std::move(saving);
  co_return saved;
}

Task<Result<Done>> ShareKeeper::commit(NodeId, CommitShare question) {
  Result<ShareStore::Record> record = record_for(question.name, question.ballot);
  if (!record) co_return record.error();
  const ShareStore::Share* const kept = record->find(question.lineage);
  if (kept == nullptr) co_return refuse(ErrorCode::not_found, "does not have that share");
  if (record->shares.size() == 1) co_return Done{};
  ShareStore::Share only = *kept;
  record->keep(std::move(only), std::nullopt);
  Task<Result<Done>> saving = save(std::move(question.name), std::move(*record));
  Result<Done> saved = co_await std::move(saving);
  co_return saved;
}

Task<Result<FetchShares::Answer>> ShareKeeper::fetch(NodeId, FetchShares question) {
  FetchShares::Answer answer{.has_lost = !store_.is_complete()};
  if (const ShareStore::Record* record = store_.find(question.name))
    for (const ShareStore::Share& share : record->shares)
      answer.shares.push_back({share.lineage, share.bytes, on_wire(share.values)});
  co_return answer;
}

Task<Result<ListSecrets::Answer>> ShareKeeper::list(NodeId, ListSecrets) {
  ListSecrets::Answer answer;
  for (const auto& [name, record] : store_.all())
    if (!record.shares.empty()) answer.names.push_back(name);
  co_return answer;
}

const ShareStore::Share* ShareKeeper::base_of(const Dealing& dealing) const {
  const ShareStore::Record* const record = store_.find(dealing.name);
  if (record == nullptr || record->promised > dealing.ballot) return nullptr;
  return record->find(dealing.base);
}

Task<Result<DealParts::Answer>> ShareKeeper::deal(NodeId from, DealParts question) {
  const Dealing& dealing = question.dealing;
  const ShareStore::Share* const base = base_of(dealing);
  if (base == nullptr) co_return refuse(ErrorCode::not_found, "does not have that share");
  const bool is_known = std::ranges::all_of(
      question.receivers, [&](std::uint32_t place) { return place < settings_.n(); });
  if (!settings_.place_of(from) || !is_known || !DealtParts::are_distinct(question.receivers) ||
      (dealing.zero_at && *dealing.zero_at >= settings_.n()))
    co_return refuse(ErrorCode::malformed, "was asked to deal to nobody");
  if (const Result<Done> begun = dealt_.begin(dealing); !begun) co_return refuse(begun.error());
  const std::size_t values = base->values.size();
  const Work work = sharing_work(values, settings_.n(), settings_.threshold);
  co_await node_.compute(work);
  const Refreshment dealt =
      deal_refreshment(values, settings_.n(), settings_.threshold, prg_, zero_of(dealing));
  KeeperAnswers<Done> answers{node_, settings_};
  for (const std::uint32_t place : question.receivers) {
    TakePart part{.dealing = dealing,
                  .digests = dealt.digests,
                  .salt = dealt.parts[place].salt,
                  .values = on_wire(dealt.parts[place].values)};
    for (std::size_t i = 0; i < Refreshment::proofs; ++i)
      part.mixtures[i] = on_wire(dealt.mixtures[i]);
    answers.ask(place, part);
    taken(part.values);
  }
  co_await answers.all();
  DealParts::Answer answer;
  for (const std::uint32_t place : question.receivers)
    if (answers.of(place) != nullptr) answer.accepted.push_back(place);
  co_return answer;
}

Task<Result<Done>> ShareKeeper::take_part(NodeId from, TakePart question) {
  const Dealing& dealing = question.dealing;
  const std::optional<std::uint32_t> dealer = settings_.place_of(from);
  const ShareStore::Share* const base = base_of(dealing);
  if (!dealer || base == nullptr)
    co_return refuse(ErrorCode::not_found, "does not have the share that this is for");
  Refreshment shown{.digests = std::move(question.digests)};
  for (std::size_t i = 0; i < Refreshment::proofs; ++i)
    shown.mixtures[i] = {question.mixtures[i].begin(), question.mixtures[i].end()};
  Refreshment::Part part{.salt = question.salt, .values = taken(question.values)};
  const bool is_fine = is_right(shown, part, place_, base->values.size(), settings_.n(),
                                settings_.threshold, zero_of(dealing));
  if (!is_fine) {
    node_.probe().count("false dealings", node_.id(), 1);
    node_.probe().event(node_.now(), node_.id(), "false dealing",
                        fmt::format("by keeper {} (node {})", *dealer, index(from)));
    co_return refuse(ErrorCode::cheating, "was dealt a part whose proof is wrong");
  }
  const Result<Done> kept = dealt_.keep(dealing, *dealer, std::move(part));
  if (!kept) co_return refuse(kept.error());
  co_return Done{};
}

Task<Result<Done>> ShareKeeper::stage_refreshed(NodeId, StageRefreshed question) {
  const Dealing& dealing = question.dealing;
  const ShareStore::Share* const base = base_of(dealing);
  if (base == nullptr || dealing.zero_at)
    co_return refuse(ErrorCode::not_found, "does not have the share that this is for");
  const Result<std::vector<Refreshment::Part>> parts =
      dealt_.of(dealing, question.dealers, settings_.threshold + 1);
  if (!parts) co_return refuse(parts.error());
  Result<ShareStore::Record> record = record_for(dealing.name, dealing.ballot);
  if (!record) co_return record.error();
  ThresholdShare share = refreshed({.place = place_,
                                    .period = base->lineage.period,
                                    .bytes = base->bytes,
                                    .values = base->values},
                                   *parts);
  const std::optional<Lineage> kept =
      settings_.flaw == SecretsFlaw::torn_refresh ? std::nullopt : std::optional{dealing.base};
  record->keep({{share.period, dealing.ballot}, share.bytes, std::move(share.values)}, kept);
  dealt_.forget(dealing);
  Task<Result<Done>> saving = save(dealing.name, std::move(*record));
  Result<Done> saved = co_await std::move(saving);
  co_return saved;
}

// To nobody but the one whose share it becomes: at any other place the sum would tell more.
Task<Result<WireShare>> ShareKeeper::masked(NodeId from, FetchMasked question) {
  const Dealing& dealing = question.dealing;
  const ShareStore::Share* const base = base_of(dealing);
  if (base == nullptr) co_return refuse(ErrorCode::not_found, "does not have that share");
  if (!dealing.zero_at || settings_.place_of(from) != dealing.zero_at)
    co_return refuse(ErrorCode::denied, "gives a share back to none but its keeper");
  const Result<std::vector<Refreshment::Part>> parts =
      dealt_.of(dealing, question.dealers, settings_.threshold + 1);
  if (!parts) co_return refuse(parts.error());
  const ThresholdShare sum =
      refreshed({.place = place_, .bytes = base->bytes, .values = base->values}, *parts);
  dealt_.forget(dealing);
  co_return WireShare{dealing.base, sum.bytes, on_wire(sum.values)};
}

}  // namespace evenkeel
