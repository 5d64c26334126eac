// Secrets kept over nodes: what comes back after what has broken, and what no few disks tell.
#include <gmock/gmock.h>

#include "models/mpc/tools/shamir.h"
#include "tests/secrets/keepers.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view text = "a key of the vault, of some length";

TEST(Secrets, ComeBackAsTheyWerePut) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  EXPECT_EQ(keepers.get("key"), text);
  ASSERT_TRUE(keepers.put("key", "another"));
  EXPECT_EQ(keepers.get("key"), "another");
  EXPECT_EQ(keepers.get("no such key"), "not found");
}

TEST(Secrets, OfEverySizeUpToTheLargest) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{8}, longest_secret}) {
    Keepers keepers{{.n = 3, .threshold = 1}};
    keepers.world.start();
    const std::string content(size, 'x');
    ASSERT_TRUE(keepers.put("key", content));
    EXPECT_EQ(keepers.get("key"), content);
  }
  Keepers keepers{{.n = 3, .threshold = 1}};
  keepers.world.start();
  const Result<Done> put = keepers.put("key", std::string(longest_secret + 1, 'x'));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::invalid);
}

TEST(Secrets, SurviveACrashOfAllKeepersAtOnce) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  for (std::uint32_t i = 0; i < 5; ++i) keepers.world.crash(i);
  for (std::uint32_t i = 0; i < 5; ++i) keepers.world.restart(i);
  EXPECT_EQ(keepers.get("key"), text);
}

TEST(Secrets, AreReadFromThresholdAndOneKeepers) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  keepers.world.crash(1);
  keepers.world.crash(3);
  EXPECT_EQ(keepers.get("key"), text);
  keepers.world.crash(4);
  EXPECT_EQ(keepers.get("key"), "no quorum");
}

TEST(Secrets, AreNotAcknowledgedByFewerThanAQuorum) {
  Keepers keepers{{}};
  keepers.world.start();
  keepers.world.crash(0);
  EXPECT_TRUE(keepers.put("one is down", text));
  keepers.world.crash(1);
  const Result<Done> put = keepers.put("two are down", text);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::no_quorum);
  EXPECT_THAT(put.error().detail, HasSubstr("3 of 5 keepers answered, 4 must"));
}

// Attempts that failed leave shares behind, which are not taken for those of a later one.
TEST(Secrets, AttemptsThatFailedDoNotMixWithTheNextOne) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Keepers keepers{{.seed = seed}};
    keepers.world.start();
    keepers.world.loses = [](const Message& message) {
      return message.from == NodeId{5} && message.payload.bytes.size() > 100 &&
             index(message.to) > 1;
    };
    EXPECT_FALSE(keepers.put("key", text));
    keepers.world.loses = [](const Message& message) {
      return message.from == NodeId{5} && message.payload.bytes.size() > 100 &&
             index(message.to) == 0;
    };
    ASSERT_TRUE(keepers.put("key", "another of the same size, more or less"));
    EXPECT_EQ(keepers.get("key"), "another of the same size, more or less");
  }
}

TEST(Secrets, ADiskThatWasLostGetsItsShareAgainFromTheOthers) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  const std::vector<ThresholdShare> before = keepers.on_disk(2, "key");
  ASSERT_EQ(before.size(), 1U);
  keepers.lose_disk(2);
  EXPECT_TRUE(keepers.on_disk(2, "key").empty());
  EXPECT_EQ(keepers.recover(2, "key"), "done");
  const std::vector<ThresholdShare> after = keepers.on_disk(2, "key");
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].values, before[0].values);
}

// Its share, and nothing of theirs: what it receives are values of a polynomial that is fresh but
// at its own place.
TEST(Secrets, WhoGetsItsShareAgainLearnsNoOtherShare) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  keepers.lose_disk(2);
  std::vector<Words> shares;
  for (const std::uint32_t i : {0U, 1U, 3U, 4U})
    shares.push_back(keepers.on_disk(i, "key")[0].values);
  std::size_t answers = 0;
  keepers.world.changes = [&](Message& message) {
    if (message.to != NodeId{2} || message.payload.bytes.size() < 8 * shares[0].size()) return;
    ++answers;
    const std::string_view sent{reinterpret_cast<const char*>(message.payload.bytes.data()),
                                message.payload.bytes.size()};
    for (const Words& share : shares) {
      const std::string_view first{reinterpret_cast<const char*>(share.data()), 8};
      EXPECT_EQ(sent.find(first), std::string_view::npos);
    }
  };
  EXPECT_EQ(keepers.recover(2, "key"), "done");
  EXPECT_GE(answers, 3U);
}

TEST(Secrets, RefreshedSharesDoNotFitTheOldOnes) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  std::vector<ThresholdShare> old;
  for (std::uint32_t i = 0; i < 5; ++i) old.push_back(keepers.on_disk(i, "key").at(0));
  ASSERT_EQ(keepers.refresh(0, "key"), "done");
  EXPECT_EQ(keepers.get("key"), text);
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::vector<ThresholdShare> now = keepers.on_disk(i, "key");
    ASSERT_EQ(now.size(), 1U) << "the old share is still there";
    EXPECT_EQ(now[0].period, old[i].period + 1);
    for (std::size_t k = 0; k < now[0].values.size(); ++k)
      EXPECT_NE(now[0].values[k], old[i].values[k]);
  }
  // Two seen before and two after are as good as two, whatever they are called.
  std::vector<ThresholdShare> seen{old[0], old[1]};
  for (const std::uint32_t i : {2U, 3U}) {
    ThresholdShare share = keepers.on_disk(i, "key")[0];
    share.period = old[0].period;
    seen.push_back(std::move(share));
  }
  EXPECT_FALSE(open_secret(seen, 2));
  EXPECT_TRUE(open_secret(old, 2));
}

// Any `threshold` shares fit every secret: there are as many sharings of one as of another that
// give them, since the polynomials are uniform. So the words on two disks have the same spread,
// whatever was put.
TEST(Secrets, TheSharesOfTwoDisksDoNotDependOnTheSecret) {
  const auto high_bits = [](char content) {
    int ones = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      Keepers keepers{{.n = 3, .threshold = 2, .seed = seed}};
      keepers.world.start();
      EXPECT_TRUE(keepers.put("key", std::string(28, content)));
      for (const std::uint32_t i : {0U, 1U}) {
        const std::vector<ThresholdShare> shares = keepers.on_disk(i, "key");
        for (const Word word : shares.at(0).values) ones += static_cast<int>(word >> 60 & 1);
      }
    }
    return ones;
  };
  // 60 runs, 2 disks, 7 words: 840 fair coins, of a standard deviation of 14.5.
  EXPECT_NEAR(high_bits('\0'), 420, 75);
  EXPECT_NEAR(high_bits('\xff'), 420, 75);
}

TEST(Secrets, AKeeperWithAWrongShareIsNamed) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  ShareStore& store = keepers.sites[1]->keeper.store();
  ShareStore::Record record = *store.find("key");
  record.shares[0].values[2] ^= 1;
  ASSERT_TRUE(store.put("key", record));
  keepers.world.crash(0);
  bool was_named = false;
  for (int i = 0; i < 20; ++i) {  // whoever answers first
    EXPECT_EQ(keepers.get("key"), text);
    const std::vector<std::uint32_t>& wrong = keepers.client->last_wrong();
    if (wrong.empty()) continue;
    EXPECT_EQ(wrong, std::vector<std::uint32_t>{1});
    was_named = true;
  }
  EXPECT_TRUE(was_named);
  keepers.world.crash(2);
  EXPECT_EQ(keepers.get("key"), "cheating");
}

TEST(Secrets, AFalseDealingIsNoticedAndTheRefreshGoesOnWithoutIt) {
  Keepers keepers{{}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  const std::size_t length = keepers.on_disk(0, "key")[0].values.size();
  keepers.world.changes = [&](Message& message) {  // what keeper 3 deals
    Bytes& bytes = message.payload.bytes;
    if (message.from == NodeId{3} && message.to != NodeId{3} && bytes.size() > 8 * length + 160)
      bytes[bytes.size() - request_overhead - 8] ^= std::byte{1};  // its last value
  };
  EXPECT_EQ(keepers.refresh(0, "key"), "done");
  EXPECT_GT(keepers.world.counts["false dealings"], 0);
  keepers.world.changes = [](Message&) {};
  EXPECT_EQ(keepers.get("key"), text);
}

// A refresh ends with the leader at every message that it sends.
TEST(Secrets, ComeBackWhereverARefreshIsCutShort) {
  bool was_refreshed = false;
  for (int cut = 1; cut < 200 && !was_refreshed; ++cut) {
    Keepers keepers{{.n = 3, .threshold = 1}};
    keepers.world.start();
    ASSERT_TRUE(keepers.put("key", text));
    keepers.world.run_for(seconds(1));
    int sent = 0;
    keepers.world.loses = [&](const Message& message) {
      return message.from == NodeId{0} && ++sent > cut;
    };
    was_refreshed = keepers.refresh(0, "key") == "done" && sent <= cut;
    keepers.world.loses = [](const Message&) { return false; };
    EXPECT_EQ(keepers.get("key"), text) << "cut after " << cut << " messages";
    ASSERT_EQ(keepers.refresh(1, "key"), "done") << "cut after " << cut << " messages";
    EXPECT_EQ(keepers.get("key"), text) << "cut after " << cut << " messages";
    for (std::uint32_t i = 0; i < 3; ++i) {
      EXPECT_EQ(keepers.on_disk(i, "key").size(), 1U) << "cut after " << cut << " messages";
    }
  }
  EXPECT_TRUE(was_refreshed);
}

// The same, and a disk is lost: with 3 keepers and threshold 1 that is tolerated. The flaw is
// found.
TEST(Secrets, ARefreshThatIsNotAtomicLosesThem) {
  const auto is_lost = [](SecretsFlaw flaw) {
    for (int cut = 1; cut < 60; ++cut) {
      Keepers keepers{{.n = 3, .threshold = 1, .flaw = flaw}};
      keepers.world.start();
      EXPECT_TRUE(keepers.put("key", text));
      keepers.world.run_for(seconds(1));
      int sent = 0;
      keepers.world.loses = [&](const Message& message) {
        return message.from == NodeId{0} && ++sent > cut;
      };
      keepers.refresh(0, "key");
      keepers.world.loses = [](const Message&) { return false; };
      keepers.lose_disk(2);
      if (keepers.get("key") != text) return true;
    }
    return false;
  };
  EXPECT_FALSE(is_lost(SecretsFlaw::none));
  EXPECT_TRUE(is_lost(SecretsFlaw::torn_refresh));
}

TEST(Secrets, AWriteThatWasTornLeavesWhatWasThere) {
  Keepers keepers{{.n = 3, .threshold = 1}};
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  keepers.world.run_for(seconds(1));
  const std::vector<ThresholdShare> before = keepers.on_disk(0, "key");
  MemoryDisk& disk = *keepers.world.disks[0];
  for (const std::string& file : disk.list()) {
    if (!file.ends_with("-a")) continue;
    const std::byte junk[3] = {};
    ASSERT_TRUE(disk.write(file, 40, junk));
  }
  EXPECT_EQ(keepers.on_disk(0, "key").at(0).values, before[0].values);
  keepers.world.crash(0);
  keepers.world.restart(0);
  EXPECT_TRUE(keepers.sites[0]->keeper.store().is_complete());
}

TEST(Secrets, KeepersMendAndRefreshByThemselves) {
  Keepers keepers{{.refresh = seconds(10), .loss = 0.02}};
  keepers.keeps_up = true;
  keepers.world.start();
  ASSERT_TRUE(keepers.put("key", text));
  for (std::uint32_t i = 0; i < 5; ++i) {
    keepers.world.run_for(seconds(20));
    keepers.lose_disk(i);
  }
  keepers.world.run_for(seconds(40));
  EXPECT_EQ(keepers.get("key"), text);
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::vector<ThresholdShare> shares = keepers.on_disk(i, "key");
    ASSERT_FALSE(shares.empty());
    EXPECT_GT(shares.back().period, 5U);
    EXPECT_FALSE(keepers.sites[i]->upkeep.is_repairing());
  }
}

}  // namespace
}  // namespace evenkeel::test
