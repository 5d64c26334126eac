// The long form of tests/mpc/operations_test.cpp: random programs under each protocol until they
// add up to so many operations, against plain arithmetic. Prints a table for results/mpc; ends with
// 1, and the command that plays it again, if one was wrong.
#include <CLI/CLI.hpp>
#include <chrono>

#include "tests/mpc/random_run.h"

namespace evenkeel::test {
namespace {

using Kind = DrawnProgram::Kind;

struct Settings {
  std::vector<std::string> protocols = {};  // none: all
  std::uint64_t operations = 1'000'000;
  std::uint64_t seed = 0;  // of one program alone
  std::uint32_t parties = 0;
  std::uint64_t elements = 1000;
};

struct Tally {
  std::map<Kind, std::uint64_t> operations = {};
  std::uint64_t programs = 0;
  std::uint32_t fewest_parties = 0;
  std::uint32_t most_parties = 0;
  double took_s = 0;

  std::uint64_t of(std::initializer_list<Kind> kinds) const {
    std::uint64_t sum = 0;
    for (const Kind kind : kinds)
      if (const auto found = operations.find(kind); found != operations.end()) sum += found->second;
    return sum;
  }
  std::uint64_t local() const {
    return of({Kind::add, Kind::subtract, Kind::scale, Kind::constants});
  }
  std::uint64_t between_parties() const {
    std::uint64_t sum = 0;
    for (const auto& [kind, count] : operations) sum += count;
    return sum - local();
  }
};

bool is_right(const RandomRun& run, Tally& tally) {
  const RandomOutcome outcome = outcome_of(run);
  if (!outcome.wrong.empty()) {
    fmt::print("{}: {}\n{}\n", run.protocol, outcome.wrong, replay(run));
    return false;
  }
  ++tally.programs;
  for (const auto& [kind, count] : outcome.operations) tally.operations[kind] += count;
  return true;
}

void print_head() {
  fmt::print(
      "| protocol | parties | programs | entered | multiplied | sums of products | compared | "
      "chosen | masked | opened and revealed | in all | local beside | seconds |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
}

void print(const std::string& protocol, const Tally& tally) {
  fmt::print("| {} | {} to {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.0f} |\n",
             protocol, tally.fewest_parties, tally.most_parties, tally.programs,
             tally.of({Kind::input}), tally.of({Kind::multiply}), tally.of({Kind::dot}),
             tally.of({Kind::less, Kind::equal}), tally.of({Kind::select}), tally.of({Kind::mask}),
             tally.of({Kind::open, Kind::reveal}), tally.between_parties(), tally.local(),
             tally.took_s);
  std::fflush(stdout);
}

bool run_all(const std::string& protocol, const Settings& settings) {
  const Guarantees promises = protocol_named(protocol).promises;
  Tally tally{.fewest_parties = promises.fewest_parties,
              .most_parties = std::min(promises.most_parties, promises.fewest_parties + 3)};
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t seed = 1; tally.between_parties() < settings.operations; ++seed) {
    const auto sizes = tally.most_parties - tally.fewest_parties + 1;
    const auto parties = tally.fewest_parties + static_cast<std::uint32_t>(seed % sizes);
    if (!is_right({protocol, parties, seed, settings.elements}, tally)) return false;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  tally.took_s = took.count();
  print(protocol, tally);
  return true;
}

int study(Settings settings) {
  if (settings.protocols.empty())
    for (const Entry& entry : protocols().entries())
      if (protocol_named(entry.name).make) settings.protocols.push_back(entry.name);
  if (settings.seed > 0) {
    Tally tally;
    const std::string& protocol = settings.protocols.front();
    const std::uint32_t parties =
        settings.parties > 0 ? settings.parties : protocol_named(protocol).promises.fewest_parties;
    return is_right({protocol, parties, settings.seed, settings.elements}, tally) ? 0 : 1;
  }
  bool all_right = true;
  print_head();
  for (const std::string& protocol : settings.protocols) all_right &= run_all(protocol, settings);
  return all_right ? 0 : 1;
}

}  // namespace
}  // namespace evenkeel::test

int main(int argc, char** argv) {
  evenkeel::test::Settings settings;
  CLI::App app{"Random programs under every protocol, against plain arithmetic"};
  app.add_option("--protocol", settings.protocols, "only these");
  app.add_option("--operations", settings.operations, "of each protocol, local ones beside");
  app.add_option("--seed", settings.seed, "only the program of this seed");
  app.add_option("--parties", settings.parties, "of that program");
  app.add_option("--elements", settings.elements, "of a vector, at most");
  CLI11_PARSE(app, argc, argv);
  return evenkeel::test::study(std::move(settings));
}
