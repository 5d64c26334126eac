// Secrets while keepers crash, are cut off and lose their disks, one disk at a time: what was
// acknowledged last, or may have been put after it, is what comes back.
#include <gmock/gmock.h>

#include <set>

#include "tests/secrets/keepers.h"

namespace evenkeel::test {
namespace {

const Duration faults_end = seconds(60);

class FaultyRun {
 public:
  FaultyRun(std::uint64_t seed, SecretsFlaw flaw)
      : random_(Random::stream(seed, "faults")),
        keepers_({.n = 5,
                  .threshold = 2,
                  .seed = seed,
                  .refresh = seconds(2),
                  .flaw = flaw,
                  .loss = 0.02}) {
    keepers_.keeps_up = true;
    keepers_.world.start();
  }

  /// What is wrong in the end; nothing if all is right.
  std::string run() {
    while (keepers_.world.now() < faults_end) {
      break_something();
      if (random_.chance(0.3)) put();
      if (random_.chance(0.3)) get();
      keepers_.world.run_for(seconds(random_.uniform() * 1.5));
    }
    for (std::uint32_t i = 0; i < 5; ++i) keepers_.world.cut_off(i, false);
    for (std::uint32_t i = 0; i < 5; ++i)
      if (!keepers_.world.node(i).is_up()) keepers_.world.restart(i);
    keepers_.world.settings.loss = 0;
    keepers_.world.run_for(seconds(30));
    for (const auto& [name, known] : possible_) look(name);
    return wrong_;
  }
  std::size_t acknowledged() const { return acknowledged_; }
  double count(const std::string& name) { return keepers_.world.counts[name]; }

 private:
  // The rest of the shares are whole; so one disk more may go.
  bool are_whole() {
    for (std::uint32_t i = 0; i < 5; ++i) {
      ShareStore store{*keepers_.world.disks[i]};
      store.read(true);
      if (!store.is_complete()) return false;
    }
    return true;
  }

  void break_something() {
    const auto who = static_cast<std::uint32_t>(random_.below(5));
    const bool is_up = keepers_.world.node(who).is_up();
    const double dice = random_.uniform();
    if (dice < 0.3 && is_up) keepers_.world.crash(who);
    if (dice < 0.3 && !is_up) keepers_.world.restart(who);
    if (dice >= 0.3 && dice < 0.45) keepers_.world.cut_off(who, random_.chance(0.5));
    if (dice >= 0.45 && dice < 0.6 && is_up && are_whole()) keepers_.lose_disk(who);
  }

  void put() {
    const std::string name = "key " + std::to_string(random_.below(3));
    const std::string value = "value " + std::to_string(++values_);
    std::set<std::string>& known = possible_[name];
    const Result<Done> put = keepers_.put(name, value);
    if (put) {
      known.clear();
      ++acknowledged_;
      was_put_.insert(name);
    }
    known.insert(value);
  }

  void get() {
    const std::string name = "key " + std::to_string(random_.below(3));
    const std::string got = keepers_.get(name);
    if (got == "no quorum") return;
    judge(name, got, "was read");
  }

  void look(const std::string& name) { judge(name, keepers_.get(name), "came back"); }

  void judge(const std::string& name, const std::string& got, std::string_view how) {
    if (got == "not found" && !was_put_.contains(name)) return;
    if (possible_[name].contains(got)) return;
    wrong_ += fmt::format("at {} s of '{}' {} {}; {}", to_seconds(keepers_.world.now()), name, got,
                          how, what_is_kept(name));
  }

  std::string what_is_kept(const std::string& name) {
    std::string text;
    for (std::uint32_t i = 0; i < 5; ++i) {
      ShareStore store{*keepers_.world.disks[i]};
      store.read(true);
      text += fmt::format("keeper {}{}:", i, store.is_complete() ? "" : " (incomplete)");
      if (const ShareStore::Record* record = store.find(name))
        for (const ShareStore::Share& share : record->shares)
          text += fmt::format(" {}.{:x}", share.lineage.period, share.lineage.ballot >> 24);
      text += "; ";
    }
    return text;
  }

  Random random_;
  Keepers keepers_;
  std::map<std::string, std::set<std::string>> possible_;
  std::set<std::string> was_put_;  // and acknowledged
  int values_ = 0;
  std::size_t acknowledged_ = 0;
  std::string wrong_;
};

TEST(SecretsUnderFaults, ComeBackWhateverBreaks) {
  std::size_t acknowledged = 0;
  double recovered = 0;
  double refreshed = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    FaultyRun run{seed, SecretsFlaw::none};
    EXPECT_EQ(run.run(), "") << "seed " << seed;
    acknowledged += run.acknowledged();
    recovered += run.count("shares recovered");
    refreshed += run.count("secrets refreshed");
  }
  // It is no test if nothing was put, lost and made anew.
  EXPECT_GT(acknowledged, 400U);
  EXPECT_GT(recovered, 300);
  EXPECT_GT(refreshed, 1000);
}

TEST(SecretsUnderFaults, ARefreshThatIsNotAtomicIsFound) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    FaultyRun run{seed, SecretsFlaw::torn_refresh};
    found += run.run() != "";
  }
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace evenkeel::test
