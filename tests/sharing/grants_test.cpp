#include "models/sharing/grants.h"

#include <gmock/gmock.h>

#include "tests/sharing/shop.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

TEST(GrantGuard, ServesWhoHoldsATokenAndWritesItDown) {
  Shop shop{{}};
  const SigningKey ann = SigningKey::draw(shop.random);
  const Token token = shop.issue({.resource = "data", .holder = ann.public_key()});
  const Result<AdmittedGrant> grant = shop.ask_for(1, shop.shown(&token, ann, 1));
  ASSERT_TRUE(grant) << grant.error().detail;
  ASSERT_EQ(shop.desks[1]->audit.size(), 1u);
  const AuditRecord& record = shop.desks[1]->audit.records()[0];
  EXPECT_EQ(record.decision, AuditDecision::served);
  EXPECT_EQ(record.bytes, 100u);
  EXPECT_EQ(record.who, ann.public_key());
  EXPECT_EQ(record.token, grant->token->id);
  EXPECT_EQ(shop.world.counts["bytes served under grants"], 100);
}

TEST(GrantGuard, RefusesStolenReplayedMisdirectedOldAndForeignRequests) {
  Shop shop{{}};
  const SigningKey ann = SigningKey::draw(shop.random);
  const SigningKey eve = SigningKey::draw(shop.random);
  const Token token = shop.issue({.holder = ann.public_key()});
  const auto refusal = [&](Presentation shown) {
    const Result<AdmittedGrant> grant = shop.ask_for(1, std::move(shown));
    return grant ? "served" : grant.error().detail;
  };
  EXPECT_THAT(refusal(shop.shown(&token, eve, 1)), HasSubstr("somebody else"));
  const Presentation once = shop.shown(&token, ann, 1);
  EXPECT_EQ(refusal(once), "served");
  EXPECT_THAT(refusal(once), HasSubstr("before"));
  shop.crash(1);
  shop.world.restart(1);
  EXPECT_THAT(refusal(once), HasSubstr("before"));
  EXPECT_THAT(refusal(shop.shown(&token, ann, 2)), HasSubstr("another node"));
  Presentation changed = shop.shown(&token, ann, 1);
  changed.request.operation = GrantOperation::write;
  EXPECT_THAT(refusal(changed), HasSubstr("signature"));
  const Presentation old = shop.shown(&token, ann, 1);
  shop.world.run_for(seconds(40));
  EXPECT_THAT(refusal(old), HasSubstr("too old"));
  const Token foreign = *issue_token(shop.keys[2].signing, {}, shop.random);
  EXPECT_THAT(refusal(shop.shown(&foreign, ann, 1)), HasSubstr("not of the owner"));
  EXPECT_THAT(refusal(shop.shown(nullptr, ann, 1)), HasSubstr("without a token"));
  EXPECT_EQ(shop.world.counts["grants refused"], 8);
}

TEST(GrantGuard, KeepsToRatesAndTotalsThatNarrowerTokensShareAlsoOverARestart) {
  Shop shop{{}};
  const Token token = shop.issue({.totals = GrantTotals{.bytes = 250}});
  const Token narrower = *attenuate(token, {.purpose = ""}, shop.random);
  const SigningKey ann = SigningKey::draw(shop.random);
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&token, ann, 1)));
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&narrower, ann, 1)));
  shop.crash(1);
  shop.world.restart(1);
  EXPECT_THAT(shop.ask_for(1, shop.shown(&token, ann, 1)).error().detail, HasSubstr("used up"));
  const Token slow = shop.issue({.rate = GrantRate{.calls = 2, .period_ms = 60'000}});
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&slow, ann, 1)));
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&slow, ann, 1)));
  EXPECT_EQ(shop.ask_for(1, shop.shown(&slow, ann, 1)).error().code, ErrorCode::overloaded);
  shop.world.run_for(seconds(60));
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&slow, ann, 1)));
}

TEST(GrantGuard, ARevokedBlockTakesAllItsDescendantsWithIt) {
  Shop shop{{}};
  const SigningKey ann = SigningKey::draw(shop.random);
  const Token token = shop.issue();
  const Token child = *attenuate(token, {.purpose = ""}, shop.random);
  const Token grandchild = *attenuate(child, {.minimum_group = 5}, shop.random);
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&grandchild, ann, 1)));
  shop.revoke(child);
  shop.world.run_for(seconds(1));
  EXPECT_THAT(shop.ask_for(1, shop.shown(&grandchild, ann, 1)).error().detail,
              HasSubstr("revoked"));
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&token, ann, 1)));
}

TEST(GrantGuard, RestartedOffLineItServesItsOwnPartyAndCachedGrantsWithinTheirLease) {
  Shop shop{{}};
  const Token token = shop.issue();
  const SigningKey ann = SigningKey::draw(shop.random);
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&token, ann, 1)));
  shop.world.cut_off(1);
  shop.crash(1);
  shop.world.restart(1);
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&token, ann, 1)));
  shop.world.run_for(seconds(10));
  EXPECT_THAT(shop.ask_for(1, shop.shown(&token, ann, 1)).error().detail,
              HasSubstr("cannot reach the owner"));
  std::optional<Result<AdmittedGrant>> own;
  const PublicKey self = shop.keys[1].signing.public_key();
  shop.world.node(1).spawn(Shop::asking(
      shop.desks[1]->guard, shop.shown(nullptr, shop.keys[1].signing, 1), self, {.bytes = 1}, own));
  shop.world.run_for(seconds(1));
  ASSERT_TRUE(own && *own);
  EXPECT_EQ(shop.desks[1]->audit.records().back().decision, AuditDecision::own);
  shop.world.cut_off(1, false);
  EXPECT_TRUE(shop.ask_for(1, shop.shown(&token, ann, 1)));
}

TEST(GrantGuard, AFloodOfRefusalsDoesNotFillTheTrail) {
  Shop shop{{}};
  const SigningKey eve = SigningKey::draw(shop.random);
  std::vector<std::optional<Result<AdmittedGrant>>> answers(500);
  for (auto& answer : answers)
    shop.world.node(1).spawn(Shop::asking(shop.desks[1]->guard, shop.shown(nullptr, eve, 1),
                                          shop.owner().public_key(), {}, answer));
  shop.world.run_for(seconds(1));
  EXPECT_EQ(shop.world.counts["grants refused"], 500);
  EXPECT_LE(shop.desks[1]->audit.size(), 41u);
}

// A running transfer: a piece every half second, on and on; begins anew when it is refused.
Task<> transfer(Shop& shop, std::uint32_t i, Token token, SigningKey holder,
                std::vector<Time>& served) {
  const PublicKey owner = shop.owner().public_key();
  while (true) {
    Presentation shown = shop.shown(&token, holder, i);
    Task<Result<AdmittedGrant>> admitting = shop.desks[i]->guard.admit(std::move(shown), owner);
    const Result<AdmittedGrant> grant = co_await std::move(admitting);
    while (grant) {
      AdmittedGrant copy = *grant;
      Task<Result<Done>> serving = shop.desks[i]->guard.serve(std::move(copy), {.bytes = 1000});
      const Result<Done> done = co_await std::move(serving);
      if (!done) break;
      served.push_back(shop.world.now());
      co_await shop.world.node(i).sleep(std::chrono::milliseconds{500});
    }
    co_await shop.world.node(i).sleep(std::chrono::milliseconds{500});
  }
}

struct Outcome {
  std::size_t late = 0;  // pieces after the bound
  std::size_t served = 0;
};

Outcome run_revocation(std::uint64_t seed, bool ignores_lease) {
  Random random = Random::stream(seed, "plan");
  Shop shop{{.world = {.nodes = 4,
                       .seed = seed,
                       .loss = random.uniform() * 0.2,
                       .duplication = random.uniform() * 0.2},
             .ignores_lease = ignores_lease,
             .homes = random.chance(0.5) ? 1u : 2u,
             .with_clocks = true}};
  const SigningKey ann = SigningKey::draw(random);
  const Token token = shop.issue();
  std::vector<Time> served;
  const auto begin = [&](std::uint32_t i) {
    shop.world.node(i).spawn(transfer(shop, i, token, ann, served));
  };
  begin(2);
  begin(3);
  const auto victim = static_cast<std::uint32_t>(2 + random.below(2));
  const double cut_s = 1 + random.uniform() * 10;
  shop.world.at(seconds(cut_s), [&] { shop.world.cut_off(victim); });
  if (random.chance(0.3))
    shop.world.at(seconds(cut_s + 2), [&] {
      shop.crash(victim);
      shop.world.restart(victim);
      begin(victim);
    });
  shop.world.at(seconds(2 + random.uniform() * 10), [&] { shop.revoke(token); });
  shop.world.run_until(seconds(35));
  EXPECT_TRUE(shop.revoked) << seed;
  Outcome outcome{.served = served.size()};
  const Time bound = *shop.revoked + seconds(10) + std::chrono::milliseconds{1};
  for (const Time at : served) outcome.late += at > bound ? 1 : 0;
  return outcome;
}

TEST(GrantGuard, ServesNoByteLaterThanTheLeaseAfterARevocation) {
  std::size_t served = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Outcome outcome = run_revocation(seed, false);
    ASSERT_EQ(outcome.late, 0u) << "seed " << seed;
    served += outcome.served;
  }
  EXPECT_GT(served, 500u * 10);
}

TEST(GrantGuard, IsCaughtWhenItIgnoresTheLease) {
  std::size_t caught = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    caught += run_revocation(seed, true).late > 0 ? 1 : 0;
  EXPECT_GT(caught, 10u);
}

}  // namespace
}  // namespace evenkeel::test
