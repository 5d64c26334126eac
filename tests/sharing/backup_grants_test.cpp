// Backups of another party's rows: nobody takes or restores one without a grant for all of them.
#include "models/sharing/guarded_access.h"
#include "models/sharing/refusal.h"
#include "tests/sharing/market.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct BackupMarket : Market {
  explicit BackupMarket(std::uint32_t taker, const Caveats& terms = {})
      : Market({.terms = terms, .vault = taker}), by(taker) {
    fill(5);
    backups().show([this](NodeId to, BackupScope scope, bool restores) {
      return show(to, std::move(scope), restores);
    });
  }
  Backups& backups() { return *at(by).backups; }

  Task<Result<BackupTokens>> show(NodeId to, BackupScope, bool restores) {
    BackupTokens tokens;
    if (by != 3) co_return std::move(tokens);
    GrantRequest request{.operation = restores ? GrantOperation::write : GrantOperation::read,
                         .resource = std::string{restores ? restore_part : backup_part}};
    std::vector<NodeId> servers{to};
    const DataSetId id = data_set("use");
    Task<Result<std::map<NodeId, Blob>>> showing =
        at(by).desk->show_to(std::move(servers), id, std::move(request));
    const Result<std::map<NodeId, Blob>> shown = co_await std::move(showing);
    if (!shown) co_return shown.error();
    tokens["meters"] = shown->at(to);
    co_return std::move(tokens);
  }
  Result<BackupInfo> take() { return wait(by, backups().take(), seconds(600)); }
  Result<RestoreReport> restore(std::uint64_t id) {
    for (std::uint32_t i = 0; i < 3; ++i) world.crash(i);
    for (std::uint32_t i = 0; i < 3; ++i) world.disks[i]->lose_all();
    for (std::uint32_t i = 0; i < 3; ++i) world.restart(i);
    world.run_for(seconds(1));
    return wait(by, backups().restore(id), seconds(600));
  }

  std::uint32_t by;
};

TEST(BackupGrants, TheOwnerNeedsNone) {
  BackupMarket market{5};
  const Result<BackupInfo> taken = market.take();
  ASSERT_TRUE(taken) << taken.error().detail;
  EXPECT_EQ(taken->rows, 25u);
  const Result<RestoreReport> restored = market.restore(taken->id);
  ASSERT_TRUE(restored) << restored.error().detail;
  EXPECT_EQ(restored->rows, 25u);
}

TEST(BackupGrants, AreNeededByOthers) {
  BackupMarket market{4};
  const Result<BackupInfo> taken = market.take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::denied);
  EXPECT_THAT(taken.error().detail, StartsWith("no grant: table 'meters' belongs to 'owner'"));
  EXPECT_THAT(taken.error().detail, HasSubstr("leave the table out"));
}

TEST(BackupGrants, ToReadLetTakeAndNotRestore) {
  BackupMarket reads{3, {.operations = operations_of(GrantOperation::read)}};
  const Result<BackupInfo> taken = reads.take();
  ASSERT_TRUE(taken) << taken.error().detail;
  std::uint64_t rows = 0;
  for (std::uint32_t i = 0; i < 3; ++i)
    for (const AuditRecord& record : reads.at(i).sharing.audit.records()) {
      EXPECT_EQ(record.resource, "use/backup");
      rows += record.rows;
    }
  EXPECT_EQ(rows, 25u);
  const Result<RestoreReport> refused = reads.restore(taken->id);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, StartsWith("wrong operation: "));
}

TEST(BackupGrants, ToWriteLetRestore) {
  BackupMarket market{3,
                      {.operations = operations_of(GrantOperation::read, GrantOperation::write)}};
  const Result<BackupInfo> taken = market.take();
  ASSERT_TRUE(taken) << taken.error().detail;
  const Result<RestoreReport> restored = market.restore(taken->id);
  ASSERT_TRUE(restored) << restored.error().detail;
  EXPECT_EQ(restored->rows, 25u);
}

TEST(BackupGrants, MustBeForWholeRows) {
  const std::vector<std::string> columns = {"at", "meter", "watts"};
  BackupMarket market{3, {.columns = columns}};
  const Result<BackupInfo> taken = market.take();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().detail, StartsWith("not whole: "));
}

}  // namespace
}  // namespace evenkeel::test
