#include "models/sharing/audit.h"

#include <gmock/gmock.h>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

AuditRecord record_of(int i) {
  return {.at = {.wall_ms = i}, .resource = "r" + std::to_string(i), .bytes = 100};
}

// A trail made by hand, and a receipt for its first `seen` records.
struct Forge {
  Random random{5};
  SigningKey node_key = SigningKey::draw(random);
  SigningKey witness_key = SigningKey::draw(random);
  std::vector<PublicKey> trusted = {witness_key.public_key()};

  AuditHead head(const std::vector<AuditRecord>& records, std::size_t count) {
    AuditHead head{.node = NodeId{0}, .records = count, .head = first_audit_head(NodeId{0})};
    for (std::size_t i = 0; i < count; ++i) head.head = next_audit_head(head.head, records[i]);
    head.sign(node_key);
    return head;
  }
  AuditRange range(const std::vector<AuditRecord>& records) {
    return {.before = first_audit_head(NodeId{0}),
            .records = records,
            .end = head(records, records.size())};
  }
  AuditReceipt receipt(const std::vector<AuditRecord>& records, std::size_t count) {
    AuditReceipt receipt{.seen = head(records, count), .witness = NodeId{1}};
    receipt.sign(witness_key);
    return receipt;
  }
  Result<AuditFinding> verify(const AuditRange& range, const std::vector<AuditReceipt>& receipts) {
    return verify_audit(range, node_key.public_key(), receipts, trusted);
  }
};

std::vector<AuditRecord> ten() {
  std::vector<AuditRecord> records;
  for (int i = 0; i < 10; ++i) records.push_back(record_of(i));
  return records;
}

TEST(Audit, AnIntactTrailIsProvenAsFarAsItWasCountersigned) {
  Forge forge;
  const Result<AuditFinding> found = forge.verify(forge.range(ten()), {forge.receipt(ten(), 7)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->covered, 7u);
}

// The node signs whatever it now says: only the receipt can tell.
void expect_found(const std::vector<AuditRecord>& now, const std::string& detail) {
  Forge forge;
  const Result<AuditFinding> found = forge.verify(forge.range(now), {forge.receipt(ten(), 7)});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::conflict);
  EXPECT_THAT(found.error().detail, HasSubstr(detail));
}

TEST(Audit, FindsEveryKindOfTampering) {
  for (std::size_t i = 0; i < 7; ++i) {
    std::vector<AuditRecord> changed = ten();
    changed[i].bytes = 99;
    expect_found(changed, "rewritten");
    std::vector<AuditRecord> removed = ten();
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
    expect_found(removed, "rewritten");
    std::vector<AuditRecord> added = ten();
    added.insert(added.begin() + static_cast<std::ptrdiff_t>(i), added[i]);
    if (i < 6) expect_found(added, "rewritten");  // behind what was seen it may go on so
    std::vector<AuditRecord> cut = ten();
    cut.resize(i);
    expect_found(cut, "cut");
  }
  std::vector<AuditRecord> swapped = ten();
  std::swap(swapped[2], swapped[3]);
  expect_found(swapped, "older than the one before");
  std::swap(swapped[2].at, swapped[3].at);
  expect_found(swapped, "rewritten");
}

TEST(Audit, RecordsMustBeThoseOfTheSignedHead) {
  Forge forge;
  AuditRange range = forge.range(ten());
  range.records[9].bytes = 1;
  EXPECT_EQ(forge.verify(range, {}).error().code, ErrorCode::conflict);
  range = forge.range(ten());
  range.end.records = 9;
  EXPECT_EQ(forge.verify(range, {}).error().code, ErrorCode::malformed);
  range = forge.range(ten());
  range.end.sign(forge.witness_key);
  EXPECT_EQ(forge.verify(range, {}).error().code, ErrorCode::malformed);
}

TEST(Audit, ForgedReceiptsProveNothing) {
  Forge forge;
  AuditReceipt forged = forge.receipt(ten(), 7);
  forged.seen.records = 8;
  EXPECT_EQ(forge.verify(forge.range(ten()), {forged})->covered, 0u);
  AuditReceipt stranger = forge.receipt(ten(), 7);
  stranger.sign(SigningKey::draw(forge.random));
  EXPECT_EQ(forge.verify(forge.range(ten()), {stranger})->covered, 0u);
}

TEST(Audit, IsExportedAsOneLineARecord) {
  Forge forge;
  std::vector<AuditRecord> records = {record_of(5)};
  records[0].remark = "a \"b\"";
  const std::string text = export_audit(forge.range(records));
  EXPECT_THAT(text, HasSubstr("\n0,5,served,read,\"r5\",100,0,"));
  EXPECT_THAT(text, HasSubstr("\"a \"\"b\"\"\"\n"));
}

// Three nodes of one party each; node 0 is served and writes, the others countersign.
struct Cast {
  explicit Cast(ClusterWorld& its_world) : world(its_world) {
    Random random{3};
    for (std::uint32_t i = 0; i < world.size(); ++i) {
      keys.push_back(PartyKeys::draw(random));
      trusted.push_back(keys.back().signing.public_key());
    }
    parts.resize(world.size());
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start(
          [this, i](Node& node) { parts[i] = std::make_unique<Part>(node, keys[i]); });
  }
  struct Part {
    Part(Node& node, const PartyKeys& keys)
        : service(node, Port::sharing),
          clock(node),
          trail(node, service, keys, clock,
                {.witnesses = {NodeId{0}, NodeId{1}, NodeId{2}}, .every = seconds(1)}) {}
    Service service;
    HybridClock clock;
    AuditTrail trail;
  };
  AuditTrail& trail(std::uint32_t i) { return parts[i]->trail; }
  Result<AuditFinding> verify(std::uint32_t by) {
    std::optional<Result<AuditFinding>> found;
    world.node(by).spawn(check(trail(by), found));
    world.run_for(seconds(5));
    return found ? *found : Error{ErrorCode::timeout, "no verdict"};
  }
  Task<> check(AuditTrail& by, std::optional<Result<AuditFinding>>& found) {
    std::vector<NodeId> witnesses = {NodeId{1}, NodeId{2}};
    Task<Result<AuditFinding>> checking = by.verify(NodeId{0}, trusted[0], witnesses, trusted);
    found = co_await std::move(checking);
  }
  void write(int count) {
    world.node(0).spawn(write_some(trail(0), count, written));
    world.run_for(milliseconds{100});
  }
  static Task<> write_some(AuditTrail& trail, int count, int& written) {
    for (int i = 0; i < count; ++i) {
      AuditRecord record = record_of(i);
      Task<Result<Done>> writing = trail.write(std::move(record));
      const Result<Done> done = co_await std::move(writing);
      written += done ? 1 : 0;
    }
  }
  using milliseconds = std::chrono::milliseconds;

  ClusterWorld& world;
  std::vector<PartyKeys> keys;
  std::vector<PublicKey> trusted;
  std::vector<std::unique_ptr<Part>> parts;
  int written = 0;
};

TEST(AuditTrail, SurvivesACrashAndIsVerifiedByAnyParty) {
  ClusterWorld world{{}};
  Cast cast{world};
  world.start();
  cast.write(600);
  world.run_for(seconds(3));
  world.crash(0);
  world.restart(0);
  EXPECT_EQ(cast.trail(0).size(), 600u);
  cast.write(10);
  const Result<AuditFinding> found = cast.verify(2);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_GE(found->covered, 600u);
}

TEST(AuditTrail, DropsATornEndThatNobodyWasToldOf) {
  ClusterWorld world{{}};
  Cast cast{world};
  world.start();
  cast.write(20);
  world.run_for(seconds(3));
  world.crash(0);
  Disk& disk = *world.disks[0];
  const auto bytes = disk.read("sharing/audit.0.0", 0, 1 << 20);
  const Blob torn(17, std::byte{0x5a});
  ASSERT_TRUE(disk.write("sharing/audit.0.0", bytes->size(), torn));
  ASSERT_TRUE(disk.sync("sharing/audit.0.0"));
  world.restart(0);
  cast.write(5);
  EXPECT_EQ(cast.trail(0).size(), 25u);
  EXPECT_TRUE(cast.verify(1));
}

TEST(AuditTrail, WhoeverLosesOrRewritesItsDiskIsFoundOut) {
  ClusterWorld world{{}};
  Cast cast{world};
  world.start();
  cast.write(20);
  world.run_for(seconds(3));
  world.crash(0);
  world.disks[0]->lose_all();
  world.restart(0);
  cast.write(30);  // as long as before, and more
  const Result<AuditFinding> found = cast.verify(2);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().detail, HasSubstr("rewritten"));
  world.crash(1);  // the witness remembers over a crash
  world.restart(1);
  EXPECT_THAT(cast.verify(1).error().detail, HasSubstr("rewritten"));
}

TEST(AuditTrail, ACutTrailIsNotCountersigned) {
  ClusterWorld world{{}};
  Cast cast{world};
  world.start();
  cast.write(20);
  world.run_for(seconds(3));
  world.crash(0);
  world.disks[0]->lose_all();
  world.restart(0);
  cast.write(10);
  world.run_for(seconds(3));
  EXPECT_GE(world.counts["audit trails found rewritten"], 2);
}

TEST(AuditTrail, SaysSoWhenTheDiskIsFull) {
  ClusterWorld world{{}};
  world.disks[0] = std::make_unique<MemoryDisk>(1000);
  Cast cast{world};
  world.start();
  cast.write(20);
  EXPECT_GT(cast.written, 0);
  EXPECT_LT(cast.written, 20);
  EXPECT_EQ(cast.trail(0).size(), static_cast<std::uint64_t>(cast.written));
}

}  // namespace
}  // namespace evenkeel::test
