#include "models/storage/secrets/secret_keeping.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {
namespace {

constexpr int most_attempts = 3;

using SharesOfKeepers = KeeperAnswers<FetchShares::Answer>;

SecretCensus census_of(const SharesOfKeepers& answers, std::uint32_t n) {
  SecretCensus census;
  census.states.resize(n);
  for (std::uint32_t place = 0; place < n; ++place) {
    const FetchShares::Answer* const answer = answers.of(place);
    if (answer == nullptr) continue;
    SecretState& state = census.states[place].emplace();
    state.has_lost = answer->has_lost;
    for (const WireShare& share : answer->shares) state.held.push_back(share.lineage);
  }
  return census;
}

std::vector<ThresholdShare> shares_in(const SharesOfKeepers& answers, std::uint32_t n,
                                      const Lineage& lineage) {
  std::vector<ThresholdShare> shares;
  for (std::uint32_t place = 0; place < n; ++place) {
    const FetchShares::Answer* const answer = answers.of(place);
    if (answer == nullptr) continue;
    for (const WireShare& share : answer->shares)
      if (share.lineage == lineage && share.bytes <= longest_secret &&
          share.values.size() == share_elements(share.bytes) &&
          shamir::are_elements(share.values)) {
        Words values(share.values.size());
        std::ranges::copy(share.values, values.begin());
        shares.push_back({place, lineage.period, share.bytes, std::move(values)});
        break;
      }
  }
  return shares;
}

}  // namespace

Task<Result<Done>> SecretKeeping::put(std::string name, SecretBytes secret) {
  if (name.empty() || name.size() > longest_secret_name || secret.size() > longest_secret)
    co_return Error{ErrorCode::invalid,
                    fmt::format("a secret has a name of 1 to {} bytes, and at most {} bytes itself",
                                longest_secret_name, longest_secret)};
  std::uint64_t highest = 0;
  Result<Done> done = Error{ErrorCode::no_quorum, "no attempt was made"};
  for (int i = 0; i < most_attempts; ++i) {
    const std::uint64_t ballot = ballot_above(highest, node_.random());
    Task<Result<Done>> attempting = attempt(name, ballot, secret, highest);
    done = co_await std::move(attempting);
    if (done || done.error().code != ErrorCode::conflict) break;
    const double part = node_.random().uniform();
    co_await node_.sleep(seconds(part * to_seconds(settings_.timeout) / 4));
  }
  co_return done;
}

Task<Result<Done>> SecretKeeping::attempt(std::string name, std::uint64_t ballot,
                                          const SecretBytes& secret, std::uint64_t& highest) {
  Task<SecretCensus> preparing = take_census(node_, settings_, name, ballot, false);
  SecretCensus census = co_await std::move(preparing);
  highest = std::max(highest, census.highest_ballot());
  const std::uint32_t answered = census.answered();
  std::vector<std::uint32_t> takers;  // all but those that take part in something newer
  for (std::uint32_t place = 0; place < settings_.n(); ++place)
    if (!census.states[place] || census.states[place]->is_promised) takers.push_back(place);
  census.leave_out_unpromised();
  if (answered < settings_.quorum())
    co_return Error{ErrorCode::no_quorum, fmt::format("{} of {} keepers answered, {} must",
                                                      answered, settings_.n(), settings_.quorum())};
  if (census.answered() < settings_.quorum())
    co_return Error{ErrorCode::conflict, fmt::format("somebody else changes '{}'", name)};
  const SecretJudgement judgement = judge(census, settings_);
  if (!judgement.is_decided)
    co_return Error{ErrorCode::no_quorum,
                    fmt::format("what '{}' is depends on keepers that did not answer", name)};
  const Lineage fresh{census.newest_period() + 1, ballot};
  const std::vector<ThresholdShare> shares =
      share_secret(secret, settings_.n(), settings_.threshold, prg_);
  const Work work = sharing_work(shares[0].values.size(), settings_.n(), settings_.threshold);
  co_await node_.compute(work);
  KeeperAnswers<Done> staged{node_, settings_};
  for (const std::uint32_t place : takers) {
    StageShare question{
        name, judgement.base, {fresh, shares[place].bytes, on_wire(shares[place].values)}};
    staged.ask(place, question);
    taken(question.share.values);
  }
  while (staged.is_open() && staged.count() < settings_.quorum()) co_await staged.next();
  if (staged.count() < settings_.quorum())
    co_return Error{ErrorCode::no_quorum,
                    fmt::format("{} of {} keepers took their share, {} must", staged.count(),
                                settings_.n(), settings_.quorum())};
  KeeperAnswers<Done> committed{node_, settings_};  // which nobody waits for
  const CommitShare commit{name, ballot, fresh};
  for (std::uint32_t place = 0; place < settings_.n(); ++place)
    if (staged.of(place) != nullptr) committed.ask(place, commit);
  co_return Done{};
}

Task<Result<SecretBytes>> SecretKeeping::get(std::string name) {
  last_wrong_.clear();
  SharesOfKeepers answers{node_, settings_};
  answers.ask_all(FetchShares{name});
  while (true) {
    std::optional<Result<SecretBytes>> secret = opened(name, answers);
    if (secret) co_return std::move(*secret);
    if (!answers.is_open()) break;
    co_await answers.next();
  }
  co_return Error{ErrorCode::no_quorum, fmt::format("too few keepers gave their share of '{}'; {}",
                                                    name, silent_of(answers))};
}

std::string SecretKeeping::silent_of(const SharesOfKeepers& answers) const {
  std::string silent;
  for (std::uint32_t place = 0; place < settings_.n(); ++place)
    if (answers.of(place) == nullptr)
      silent += fmt::format("{}{}", silent.empty() ? "silent: keepers " : ", ", place);
  return silent.empty() ? "all answered" : silent;
}

std::optional<Result<SecretBytes>> SecretKeeping::opened(const std::string& name,
                                                         const SharesOfKeepers& answers) {
  const SecretCensus census = census_of(answers, settings_.n());
  const SecretJudgement judgement = judge(census, settings_);
  if (!judgement.is_decided) return std::nullopt;
  if (!judgement.base)
    return Error{ErrorCode::not_found, fmt::format("there is no secret '{}'", name)};
  const std::vector<ThresholdShare> shares = shares_in(answers, settings_.n(), *judgement.base);
  Result<OpenedSecret> secret = open_secret(shares, settings_.threshold);
  if (!secret && answers.is_open()) return std::nullopt;
  if (!secret)
    return Error{ErrorCode::cheating,
                 fmt::format("of {} shares of '{}' no {} fit together: keepers lie, or their disks "
                             "do",
                             shares.size(), name, settings_.threshold + 1)};
  last_wrong_ = secret->wrong;
  for (const std::uint32_t place : last_wrong_) {
    node_.probe().count("wrong shares", node_.id(), 1);
    node_.probe().event(node_.now(), node_.id(), "wrong share",
                        fmt::format("of '{}' by keeper {} (node {})", name, place,
                                    index(settings_.keepers[place])));
  }
  return std::move(secret->secret);
}

}  // namespace evenkeel
