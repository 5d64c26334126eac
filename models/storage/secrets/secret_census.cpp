#include "models/storage/secrets/secret_census.h"

#include <algorithm>
#include <set>

namespace evenkeel {
namespace {

constexpr int random_bits = 40;

bool holds(const SecretState& state, const Lineage& lineage) {
  return std::ranges::find(state.held, lineage) != state.held.end();
}

}  // namespace

std::uint32_t SecretCensus::answered() const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(states, [](const auto& state) { return state.has_value(); }));
}

std::uint32_t SecretCensus::promised() const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(states, [](const auto& state) { return state && state->is_promised; }));
}

void SecretCensus::leave_out_unpromised() {
  for (auto& state : states)
    if (state && !state->is_promised) state.reset();
}

std::uint64_t SecretCensus::highest_ballot() const {
  std::uint64_t highest = ballot;
  for (const auto& state : states)
    if (state) highest = std::max(highest, state->promised);
  return highest;
}

std::uint64_t SecretCensus::newest_period() const {
  std::uint64_t newest = 0;
  for (const auto& state : states)
    if (state && !state->held.empty()) newest = std::max(newest, state->held.back().period);
  return newest;
}

std::vector<std::uint32_t> SecretCensus::holders(const Lineage& lineage) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t place = 0; place < states.size(); ++place)
    if (states[place] && holds(*states[place], lineage)) found.push_back(place);
  return found;
}

SecretJudgement judge(const SecretCensus& census, const SecretSettings& settings) {
  std::set<Lineage, std::greater<>> lineages;
  for (const auto& state : census.states)
    if (state) lineages.insert(state->held.begin(), state->held.end());
  const std::uint32_t silent = settings.n() - census.answered();
  for (const Lineage& lineage : lineages) {
    std::uint32_t held = 0;
    std::uint32_t lost = 0;  // by some that may have held it
    for (const auto& state : census.states) {
      if (!state) continue;
      const bool is_holder = holds(*state, lineage);
      held += is_holder;
      lost += !is_holder && state->has_lost;
    }
    if (held + lost + silent < settings.quorum()) continue;
    if (held + silent <= settings.threshold) continue;
    if (held <= settings.threshold) return {.is_decided = false};
    return {.base = lineage};
  }
  return {.is_decided = silent <= settings.threshold};  // they may have what nobody else knows
}

Task<SecretCensus> take_census(Node& node, const SecretSettings& settings, std::string name,
                               std::uint64_t ballot, bool all) {
  KeeperAnswers<SecretState> answers{node, settings};
  answers.ask_all(PrepareSecret{std::move(name), ballot});
  SecretCensus census{.ballot = ballot};
  while (true) {
    census.states.assign(settings.n(), std::nullopt);
    for (std::uint32_t place = 0; place < settings.n(); ++place)
      if (const SecretState* state = answers.of(place)) census.states[place] = *state;
    const bool is_enough =
        census.promised() >= settings.quorum() && judge(census, settings).is_decided && !all;
    if (is_enough || !answers.is_open()) break;
    co_await answers.next();
  }
  co_return census;
}

std::uint64_t ballot_above(std::uint64_t highest, Random& random) {
  return ((highest >> random_bits) + 1) << random_bits |
         random.below(std::uint64_t{1} << random_bits);
}

}  // namespace evenkeel
