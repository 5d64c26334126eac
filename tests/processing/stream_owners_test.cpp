// Who owns a stream job, and what batches read, on rows that several nodes keep.
#include "models/processing/stream_owners.h"

#include <gmock/gmock.h>

#include <set>

#include "models/processing/batch_worker.h"
#include "tests/storage/cluster.h"

namespace evenkeel::test {
namespace {

Task<> claim_often(StreamOwners& owners, int times, std::vector<std::uint64_t>& epochs) {
  for (int i = 0; i < times; ++i) {
    Task<Result<std::uint64_t>> claiming = owners.claim("sums");
    const Result<std::uint64_t> epoch = co_await std::move(claiming);
    if (epoch) epochs.push_back(*epoch);
  }
}

TEST(StreamOwners, GiveEachClaimAnEpochOfItsOwn) {
  StorageCluster cluster{{.nodes = 3, .seed = 3}};
  StreamOwners a{cluster.records(0)};
  StreamOwners b{cluster.records(1)};
  std::vector<std::uint64_t> of_a;
  std::vector<std::uint64_t> of_b;
  cluster.world.node(0).spawn(claim_often(a, 10, of_a));
  cluster.world.node(1).spawn(claim_often(b, 10, of_b));
  cluster.world.run_for(seconds(60));
  EXPECT_TRUE(std::ranges::is_sorted(of_a));
  std::set<std::uint64_t> all(of_a.begin(), of_a.end());
  all.insert(of_b.begin(), of_b.end());
  EXPECT_EQ(all.size(), of_a.size() + of_b.size());
  EXPECT_GT(all.size(), 5u);
  const auto owner = cluster.run(a.find("sums"));
  ASSERT_TRUE(owner && *owner);
  EXPECT_GE((*owner)->epoch, *all.rbegin());
}

TEST(StreamOwners, RefuseAClaimBasedOnAnOwnerThatIsNoMore) {
  StorageCluster cluster{{.nodes = 3}};
  StreamOwners a{cluster.records(0)};
  StreamOwners b{cluster.records(1)};
  ASSERT_EQ(**cluster.run(a.claim("sums")), 1u);
  const StreamOwner known = **cluster.run(b.find("sums"));
  EXPECT_EQ(known, (StreamOwner{NodeId{0}, 1}));
  ASSERT_EQ(**cluster.run(b.claim_after("sums", known)), 2u);
  const auto late = cluster.run(a.claim_after("sums", known));
  ASSERT_TRUE(late && !*late);
  EXPECT_EQ(late->error().code, ErrorCode::conflict);
}

TEST(TableRows, ReadsWhatTheStorageKeeps) {
  StorageCluster cluster{{.nodes = 3}};
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < 200; ++i) {
    Row& row = rows.emplace_back();
    row.emplace_back("name " + std::to_string(i));
    row.emplace_back(i);
  }
  const auto put = cluster.run(cluster.records(0).put_all(registers_table(), rows));
  ASSERT_TRUE(put && *put);
  Row erased;
  erased.emplace_back(std::string{"name 7"});
  ASSERT_TRUE(*cluster.run(cluster.records(0).erase(registers_table(), erased)));
  cluster.world.run_for(seconds(1));
  TableRows reader{cluster.storage(1).store().database(), [](std::uint32_t) { return true; }};
  std::int64_t sum = 0;
  for (std::uint32_t part = 0; part < partitions; ++part) {
    const Result<std::vector<Row>> read = reader.read("registers", part, 1000);
    ASSERT_TRUE(read) << read.error().detail;
    for (const Row& row : *read) sum += std::get<std::int64_t>(row.at(1));
  }
  EXPECT_EQ(sum, 199 * 100 - 7);
  EXPECT_EQ(reader.read("no\"thing", 0, 10).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace evenkeel::test
