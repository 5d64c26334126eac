#include "models/sharing/token.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "tests/sharing/generators.h"

namespace evenkeel::test {
namespace {

struct Keys {
  Random random{11};
  SigningKey owner = SigningKey::draw(random);
  SigningKey ann = SigningKey::draw(random);
  SigningKey bob = SigningKey::draw(random);
  Token issue(const Caveats& caveats = {}) { return *issue_token(owner, caveats, random); }
};

ErrorCode refusal(const Token& token) {
  const Result<VerifiedToken> verified = verify_token(encoded(token));
  EXPECT_FALSE(verified);
  return verified ? ErrorCode::timeout : verified.error().code;
}

RC_GTEST_PROP(Token, ANarrowedOneAllowsASubset, ()) {
  Keys keys;
  Token token = keys.issue(any_caveats());
  const VerifiedToken wide = *verify_token(encoded(token));
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
    token = *attenuate(token, any_caveats(), keys.random);
  const VerifiedToken narrow = *verify_token(encoded(sealed(token)));
  const GrantRequest request = any_request();
  const std::int64_t wall_ms = *rc::gen::inRange(0, 200);
  const auto zone = static_cast<std::uint32_t>(*rc::gen::inRange(0, 4));
  if (narrow.allows(request, wall_ms, zone)) RC_ASSERT(wide.allows(request, wall_ms, zone));
  RC_ASSERT(narrow.expires_ms <= wide.expires_ms);
  const TableSchema table{.name = "t",
                          .columns = {{"x", ColumnType::integer}, {"y", ColumnType::integer}}};
  const Row row{std::int64_t{*rc::gen::inRange(0, 5)}, std::int64_t{*rc::gen::inRange(0, 5)}};
  if (narrow.rules.allows_row(table, row)) RC_ASSERT(wide.rules.allows_row(table, row));
  RC_ASSERT(narrow.rules.minimum_group >= wide.rules.minimum_group);
  RC_ASSERT(narrow.rules.aggregate_only || !wide.rules.aggregate_only);
  for (const char* name : {"x", "y", "count", "sum"}) {
    if (narrow.rules.allows_column(name)) RC_ASSERT(wide.rules.allows_column(name));
    if (narrow.rules.allows_aggregate(name)) RC_ASSERT(wide.rules.allows_aggregate(name));
  }
}

TEST(Token, AnyFlippedBitIsRefused) {
  Keys keys;
  Caveats caveats;
  caveats.resource = "traffic";
  caveats.holder = keys.ann.public_key();
  caveats.rows = {{"speed", RowComparison::above, 3.5}};
  const Token token = *attenuate(keys.issue(caveats), {.aggregate_only = true}, keys.random);
  for (const Token& each : {token, sealed(token)}) {
    Blob bytes = encoded(each);
    ASSERT_TRUE(verify_token(bytes));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(1u << (bit % 8));
      bytes[bit / 8] ^= mask;
      EXPECT_FALSE(verify_token(bytes)) << "bit " << bit;
      bytes[bit / 8] ^= mask;
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(verify_token(View8{bytes}.first(size)));
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(verify_token(bytes));
  }
}

TEST(Token, BlocksCannotBeDroppedSwappedOrMovedToAnotherChain) {
  Keys keys;
  Token token = keys.issue();
  for (int i = 0; i < 3; ++i) token = *attenuate(token, {.minimum_group = 5}, keys.random);
  const Token other = *attenuate(keys.issue(), {.minimum_group = 1}, keys.random);
  Token shorter = token;
  shorter.blocks.pop_back();
  EXPECT_EQ(refusal(shorter), ErrorCode::denied);
  Token holed = token;
  holed.blocks.erase(holed.blocks.begin() + 1);
  EXPECT_EQ(refusal(holed), ErrorCode::denied);
  Token swapped = token;
  std::swap(swapped.blocks[1], swapped.blocks[2]);
  EXPECT_EQ(refusal(swapped), ErrorCode::denied);
  Token spliced = token;
  spliced.blocks[1] = other.blocks[1];
  EXPECT_EQ(refusal(spliced), ErrorCode::denied);
  Token doubled = token;
  doubled.blocks.insert(doubled.blocks.begin() + 1, doubled.blocks[1]);
  EXPECT_EQ(refusal(doubled), ErrorCode::denied);
  Token stolen = token;
  stolen.owner = keys.ann.public_key();
  EXPECT_EQ(refusal(stolen), ErrorCode::denied);
  Token empty = token;
  empty.blocks.clear();
  EXPECT_EQ(refusal(empty), ErrorCode::malformed);
}

TEST(Token, ASealedOneCannotBeNarrowedNorItsSealTaken) {
  Keys keys;
  const Token token = sealed(keys.issue());
  EXPECT_EQ(attenuate(token, {}, keys.random).error().code, ErrorCode::denied);
  Token other = keys.issue();
  other.proof = token.proof;
  EXPECT_EQ(refusal(other), ErrorCode::denied);
}

TEST(Token, IsPassedOnOnlyWithLeaveAndByItsHolder) {
  Keys keys;
  const PublicKey ann = keys.ann.public_key();
  const PublicKey bob = keys.bob.public_key();
  const Token closed =
      keys.issue({.operations = operations_of(GrantOperation::read), .holder = ann});
  EXPECT_EQ(refusal(*pass_on(closed, {.holder = bob}, keys.ann, keys.random)), ErrorCode::denied);
  const Token open = keys.issue(
      {.operations = operations_of(GrantOperation::read, GrantOperation::reshare), .holder = ann});
  EXPECT_EQ(refusal(*pass_on(open, {.holder = bob}, keys.bob, keys.random)), ErrorCode::denied);
  EXPECT_EQ(refusal(*attenuate(open, {.holder = bob}, keys.random)), ErrorCode::denied);
  const Token passed = *pass_on(open, {.holder = bob}, keys.ann, keys.random);
  const Result<VerifiedToken> verified = verify_token(encoded(passed));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->holder, bob);
}

TEST(Token, HasAtMostSixteenBlocksAndEightKilobytes) {
  Keys keys;
  Token token = keys.issue();
  for (std::size_t i = 1; i < most_token_blocks; ++i) token = *attenuate(token, {}, keys.random);
  EXPECT_TRUE(verify_token(encoded(token)));
  EXPECT_EQ(attenuate(token, {}, keys.random).error().code, ErrorCode::full);
  Caveats longest;
  longest.columns = std::vector<std::string>{};
  for (int i = 0; i < 1000; ++i) longest.columns->push_back("column" + std::to_string(1000 + i));
  EXPECT_EQ(issue_token(keys.owner, longest, keys.random).error().code, ErrorCode::full);
}

TEST(Token, RefusesCaveatsWrittenInAnotherWay) {
  Keys keys;
  const auto code = [&](const Caveats& caveats) {
    return issue_token(keys.owner, caveats, keys.random).error().code;
  };
  EXPECT_EQ(code({.columns = std::vector<std::string>{"b", "a"}}), ErrorCode::malformed);
  EXPECT_EQ(code({.rows = {{"x", static_cast<RowComparison>(9), std::int64_t{1}}}}),
            ErrorCode::malformed);
  EXPECT_EQ(code({.rows = {{"x", RowComparison::equal, std::nan("")}}}), ErrorCode::malformed);
  EXPECT_EQ(code({.operations = OperationSet{0x80}}), ErrorCode::malformed);
}

TEST(Token, TellsWhichCaveatDoesNotHold) {
  Keys keys;
  const VerifiedToken token = *verify_token(
      encoded(keys.issue({.resource = "traffic/2026", .purpose = "research", .expires_ms = 100})));
  GrantRequest request{.resource = "traffic/2026/may", .purpose = "research"};
  EXPECT_TRUE(token.allows(request, 99, 0));
  EXPECT_THAT(token.allows(request, 100, 0).error().detail, testing::HasSubstr("expired"));
  request.resource = "traffic/20261";
  EXPECT_THAT(token.allows(request, 0, 0).error().detail, testing::HasSubstr("traffic/20261"));
  request = {.resource = "traffic/2026", .purpose = "billing"};
  EXPECT_THAT(token.allows(request, 0, 0).error().detail, testing::HasSubstr("research"));
}

TEST(RowTest, ComparesAsSqlDoes) {
  const auto holds = [](Value value, RowComparison op, Value constant) {
    return RowTest{"c", op, std::move(constant)}.holds(value);
  };
  const std::int64_t large = (std::int64_t{1} << 53) + 1;
  EXPECT_TRUE(holds(large, RowComparison::above, 9007199254740992.0));  // not as doubles
  EXPECT_TRUE(holds(std::int64_t{2}, RowComparison::equal, 2.0));
  EXPECT_TRUE(holds(2.5, RowComparison::above, std::int64_t{2}));
  EXPECT_TRUE(holds(std::int64_t{-3}, RowComparison::below, -2.5));
  EXPECT_FALSE(holds(std::string{"2"}, RowComparison::equal, std::int64_t{2}));
  EXPECT_FALSE(holds(Value{}, RowComparison::unequal, std::int64_t{2}));
  EXPECT_TRUE(holds(std::string{"b"}, RowComparison::at_least, std::string{"a"}));
}

TEST(TokenCache, VerifiesOnceAndStaysSmall) {
  Keys keys;
  TokenCache cache{2};
  std::vector<Blob> tokens;
  for (int i = 0; i < 3; ++i) tokens.push_back(encoded(keys.issue()));
  EXPECT_TRUE(cache.verify(tokens[0])->is_new);
  EXPECT_FALSE(cache.verify(tokens[0])->is_new);
  EXPECT_TRUE(cache.verify(tokens[1])->is_new);
  EXPECT_TRUE(cache.verify(tokens[2])->is_new);
  EXPECT_TRUE(cache.verify(tokens[0])->is_new);  // it had to make room
}

}  // namespace
}  // namespace evenkeel::test
