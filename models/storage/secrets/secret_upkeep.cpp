#include "models/storage/secrets/secret_upkeep.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/mpc/tools/robust_decoding.h"

namespace evenkeel {
namespace {

constexpr int looks_a_period = 4;

Error no_quorum(std::string why) { return {ErrorCode::no_quorum, std::move(why)}; }

}  // namespace

Task<> SecretUpkeep::run() {
  const double part = node_.random().uniform();  // not all at once
  co_await node_.sleep(seconds(part * to_seconds(settings_.timeout)));
  while (true) {
    const bool is_fine = co_await pass();
    const Duration pause = is_fine ? settings_.refresh / looks_a_period : settings_.timeout;
    co_await node_.sleep(std::max(pause, settings_.timeout / looks_a_period));
  }
}

Task<bool> SecretUpkeep::pass() {
  KeeperAnswers<ListSecrets::Answer> lists{node_, settings_};
  lists.ask_all(ListSecrets{});
  co_await lists.all();
  std::set<std::string> names;
  for (std::uint32_t place = 0; place < settings_.n(); ++place)
    if (const ListSecrets::Answer* list = lists.of(place))
      for (const std::string& name : list->names)
        if (names.size() < most_secrets && name.size() <= longest_secret_name) names.insert(name);
  // What was acknowledged is known to more than `threshold` of the others, whatever they lost.
  bool is_fine = lists.count() + settings_.threshold >= settings_.n();
  for (const std::string& name : names) {
    Task<bool> looking = look_after(name);
    const bool is_there = co_await std::move(looking);
    is_fine = is_fine && is_there;
  }
  if (is_fine && is_repairing()) {
    if (const Result<Done> completed = keeper_.store().complete(); !completed) co_return false;
    co_await node_.disk_done();
    node_.probe().event(node_.now(), node_.id(), "secrets recovered", "has all its shares again");
  }
  co_return is_fine;
}

Task<bool> SecretUpkeep::look_after(std::string name) {
  Task<SecretCensus> looking = take_census(node_, settings_, name, 0, true);
  const SecretCensus census = co_await std::move(looking);
  const SecretJudgement judgement = judge(census, settings_);
  if (!judgement.is_decided) co_return false;
  if (!judgement.base) co_return true;
  const Lineage base = *judgement.base;
  Seen& seen = seen_[name];
  if (seen.lineage != base) seen = {base, node_.now()};
  const std::vector<std::uint32_t> holders = census.holders(base);
  if (std::ranges::find(holders, keeper_.place()) == holders.end()) {
    Task<Result<Done>> recovering = recover(std::move(name));
    const Result<Done> recovered = co_await std::move(recovering);
    co_return recovered.has_value();
  }
  // Fewer may yet turn out to be of an attempt that came to nothing: then what counts is an older
  // share, which a keeper that lost its disk does not have.
  if (holders.size() < settings_.quorum()) co_return false;
  const auto leader =
      std::ranges::find_if(census.states, [](const auto& state) { return state.has_value(); });
  const bool leads = leader - census.states.begin() == keeper_.place();
  if (!leads) co_return true;
  const bool is_untidy = std::ranges::any_of(
      census.states, [](const auto& state) { return state && state->held.size() > 1; });
  if (is_untidy) {
    Task<Result<Done>> tidying = tidy(name);
    const Result<Done> tidied = co_await std::move(tidying);
    if (!tidied) co_return true;
  }
  if (node_.now() - seen.since >= settings_.refresh) {
    Task<Result<Done>> refreshing = refresh(std::move(name));
    const Result<Done> refreshed = co_await std::move(refreshing);
    node_.probe().count(refreshed ? "secrets refreshed" : "refreshes failed", node_.id(), 1);
  }
  co_return true;
}

Task<Result<SecretCensus>> SecretUpkeep::prepare(std::string name) {
  Task<SecretCensus> looking = take_census(node_, settings_, name, 0, true);
  const SecretCensus seen = co_await std::move(looking);
  const std::uint64_t ballot = ballot_above(seen.highest_ballot(), node_.random());
  Task<SecretCensus> preparing = take_census(node_, settings_, std::move(name), ballot, true);
  SecretCensus census = co_await std::move(preparing);
  census.leave_out_unpromised();
  const SecretJudgement judgement = judge(census, settings_);
  if (!judgement.is_decided || !judgement.base)
    co_return no_quorum("too few keepers say what they have");
  co_return census;
}

Task<std::uint32_t> SecretUpkeep::commit(std::string name, std::uint64_t ballot, Lineage lineage,
                                         std::vector<std::uint32_t> holders) {
  KeeperAnswers<Done> answers{node_, settings_};
  const CommitShare question{std::move(name), ballot, lineage};
  for (const std::uint32_t place : holders) answers.ask(place, question);
  co_await answers.all();
  co_return answers.count();
}

Task<Result<Done>> SecretUpkeep::tidy(std::string name) {
  Task<Result<SecretCensus>> preparing = prepare(name);
  const Result<SecretCensus> census = co_await std::move(preparing);
  if (!census) co_return census.error();
  const Lineage base = *judge(*census, settings_).base;
  std::vector<std::uint32_t> holders = census->holders(base);
  if (holders.size() < settings_.quorum()) co_return no_quorum("too few keepers have the share");
  Task<std::uint32_t> committing =
      commit(std::move(name), census->ballot, base, std::move(holders));
  co_await std::move(committing);
  co_return Done{};
}

// A dealer of whom few took a part is left out, until enough receivers have a part of all others.
Task<SecretUpkeep::Agreed> SecretUpkeep::have_dealt(Dealing dealing,
                                                    std::vector<std::uint32_t> holders,
                                                    std::size_t receivers) {
  KeeperAnswers<DealParts::Answer> answers{node_, settings_};
  const DealParts question{std::move(dealing), holders};
  for (const std::uint32_t place : holders) answers.ask(place, question, 2);
  co_await answers.all();
  std::map<std::uint32_t, std::set<std::uint32_t>> accepted;  // by dealer
  for (const std::uint32_t place : holders)
    if (const DealParts::Answer* answer = answers.of(place))
      accepted[place].insert(answer->accepted.begin(), answer->accepted.end());
  while (accepted.size() > settings_.threshold) {
    Agreed agreed;
    for (const std::uint32_t place : holders)
      if (std::ranges::all_of(accepted,
                              [&](const auto& one) { return one.second.contains(place); }))
        agreed.receivers.push_back(place);
    if (agreed.receivers.size() >= receivers) {
      for (const auto& [dealer, its] : accepted) agreed.dealers.push_back(dealer);
      co_return agreed;
    }
    accepted.erase(
        std::ranges::min_element(accepted, {}, [](const auto& one) { return one.second.size(); }));
  }
  co_return Agreed{};
}

Task<Result<Done>> SecretUpkeep::refresh(std::string name) {
  Task<Result<SecretCensus>> preparing = prepare(name);
  const Result<SecretCensus> census = co_await std::move(preparing);
  if (!census) co_return census.error();
  const Lineage base = *judge(*census, settings_).base;
  std::vector<std::uint32_t> holders = census->holders(base);
  if (holders.size() < settings_.quorum()) co_return no_quorum("too few keepers have the share");
  const Dealing dealing{.name = name, .ballot = census->ballot, .base = base};
  Task<Agreed> having_dealt = have_dealt(dealing, std::move(holders), settings_.quorum());
  const Agreed agreed = co_await std::move(having_dealt);
  if (agreed.dealers.empty()) co_return no_quorum("too few keepers dealt and were dealt to");
  KeeperAnswers<Done> staged{node_, settings_};
  const StageRefreshed question{dealing, agreed.dealers};
  for (const std::uint32_t place : agreed.receivers) staged.ask(place, question);
  co_await staged.all();
  if (staged.count() < settings_.quorum()) co_return no_quorum("too few keepers have a new share");
  const Lineage fresh{base.period + 1, census->ballot};
  Task<std::uint32_t> committing = commit(std::move(name), census->ballot, fresh, agreed.receivers);
  co_await std::move(committing);
  co_return Done{};
}

Task<Result<Done>> SecretUpkeep::recover(std::string name) {
  Task<Result<SecretCensus>> preparing = prepare(name);
  const Result<SecretCensus> census = co_await std::move(preparing);
  if (!census) co_return census.error();
  const Lineage base = *judge(*census, settings_).base;
  std::vector<std::uint32_t> holders = census->holders(base);
  if (std::ranges::find(holders, keeper_.place()) != holders.end()) co_return Done{};
  const Dealing dealing{
      .name = name, .ballot = census->ballot, .base = base, .zero_at = keeper_.place()};
  Task<Agreed> having_dealt =
      have_dealt(dealing, std::move(holders), std::size_t{settings_.threshold} + 1);
  Agreed agreed = co_await std::move(having_dealt);
  if (agreed.dealers.empty()) co_return no_quorum("too few keepers dealt and were dealt to");
  Task<Result<ShareStore::Share>> collecting = collect(dealing, std::move(agreed));
  Result<ShareStore::Share> share = co_await std::move(collecting);
  if (!share) co_return share.error();
  Task<Result<Done>> keeping =
      keeper_.keep_recovered(std::move(name), census->ballot, std::move(*share));
  Result<Done> kept = co_await std::move(keeping);
  if (kept) node_.probe().count("shares recovered", node_.id(), 1);
  co_return kept;
}

Task<Result<ShareStore::Share>> SecretUpkeep::collect(Dealing dealing, Agreed agreed) {
  KeeperAnswers<WireShare> answers{node_, settings_};
  const FetchMasked question{dealing, std::move(agreed.dealers)};
  for (const std::uint32_t place : agreed.receivers) answers.ask(place, question);
  co_await answers.all();
  shamir::Elements points;
  std::vector<Words> values;
  std::vector<std::uint32_t> places;
  std::uint64_t bytes = 0;
  for (const std::uint32_t place : agreed.receivers) {
    WireShare* const masked = answers.of(place);
    const bool is_usable =
        masked != nullptr && masked->lineage == dealing.base && masked->bytes <= longest_secret &&
        masked->values.size() == share_elements(masked->bytes) &&
        shamir::are_elements(masked->values) && (values.empty() || masked->bytes == bytes);
    if (!is_usable) continue;
    bytes = masked->bytes;
    points.push_back(shamir::point_of(place));
    places.push_back(place);
    values.push_back(taken(masked->values));
  }
  if (points.size() <= settings_.threshold)
    co_return no_quorum("too few keepers gave what they have");
  const shamir::Elements own{shamir::point_of(keeper_.place())};
  std::optional<DecodedShares> decoded = decode_shares(points, values, settings_.threshold, own);
  if (!decoded)
    co_return Error{ErrorCode::cheating, "what the keepers gave makes no share: one of them lies"};
  for (const std::size_t wrong : decoded->wrong)
    node_.probe().event(node_.now(), node_.id(), "wrong share",
                        fmt::format("of keeper {}", places[wrong]));
  co_return ShareStore::Share{dealing.base, bytes, std::move(decoded->values[0])};
}

}  // namespace evenkeel
