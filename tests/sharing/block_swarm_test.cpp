#include "models/sharing/block_swarm.h"

#include <gmock/gmock.h>

#include "tests/sharing/shop.h"

namespace evenkeel::test {
namespace {

class Heap final : public BlockSource {
 public:
  bool has(const Digest& block) const override { return blocks.contains(block); }
  Result<Blob> get(const Digest& block) const override {
    Blob bytes = blocks.at(block);
    if (lies) bytes[0] ^= std::byte{1};
    return bytes;
  }
  Result<Done> put(const Digest& block, View8 bytes) override {
    blocks[block] = Blob{bytes.begin(), bytes.end()};
    return Done{};
  }
  std::map<Digest, Blob> blocks;
  bool lies = false;
};

constexpr std::size_t block_size = 4096;

// Node 0 has all blocks; every node sends at most 1 MB/s, the others 4 MB/s.
struct Crowd {
  Crowd(std::uint32_t nodes, std::size_t blocks, std::uint64_t seed = 1)
      : world({.nodes = nodes, .seed = seed}) {
    Random random{seed};
    for (std::size_t i = 0; i < blocks; ++i) {
      Blob bytes(block_size);
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
      list.blocks.push_back(sha256(bytes));
      originals[list.blocks.back()] = std::move(bytes);
    }
    heaps.resize(nodes);
    swarms.resize(nodes);
    reports.resize(nodes);
    done_at.resize(nodes);
    heaps[0].blocks = originals;
    for (std::uint32_t i = 0; i < nodes; ++i) everyone.push_back(NodeId{i});
    for (std::uint32_t i = 0; i < nodes; ++i)
      world.node(i).on_start([this, i](Node& node) {
        SwarmSettings settings{.upload_bytes_per_s = i == 0 ? 1e6 : 4e6, .burst_bytes = 16e3};
        settings.gives_each_once = i == 0;
        swarms[i] = std::make_unique<BlockSwarm>(node, heaps[i], nullptr, settings);
      });
    world.start();
    EXPECT_TRUE(swarms[0]->offer(list));
  }
  static Task<> fetching(Crowd& crowd, std::uint32_t i) {
    BlockList wanted = crowd.list;
    std::vector<NodeId> peers = crowd.everyone;
    Task<Result<SwarmReport>> task =
        crowd.swarms[i]->fetch(std::move(wanted), std::move(peers), {}, seconds(300));
    crowd.reports[i] = co_await std::move(task);
    crowd.done_at[i] = crowd.world.now();
  }
  void run() {
    for (std::uint32_t i = 1; i < world.size(); ++i)
      if (!heaps[i].lies) world.node(i).spawn(fetching(*this, i));
    world.run_for(seconds(301));
  }
  double size() const { return static_cast<double>(list.blocks.size() * block_size); }

  BlockList list;
  std::map<Digest, Blob> originals;
  std::vector<Heap> heaps;
  std::vector<NodeId> everyone;
  std::vector<std::optional<Result<SwarmReport>>> reports;
  std::vector<Time> done_at;
  std::vector<std::unique_ptr<BlockSwarm>> swarms;
  ClusterWorld world;
};

void expect_near_the_bound(std::uint32_t nodes, std::size_t blocks) {
  Crowd crowd{nodes, blocks};
  crowd.run();
  for (std::uint32_t i = 1; i < nodes; ++i) {
    ASSERT_TRUE(crowd.reports[i] && *crowd.reports[i]) << i;
    EXPECT_EQ(crowd.heaps[i].blocks, crowd.originals);
  }
  // The owner must send one copy at 1 MB/s; and all together must send one to each.
  const double one_copy_s = crowd.size() / 1e6;
  const double all_copies_s = crowd.size() * (nodes - 1) / (1e6 + 4e6 * (nodes - 1));
  const double bound_s = std::max(one_copy_s, all_copies_s);
  const double took_s = to_seconds(*std::ranges::max_element(crowd.done_at));
  EXPECT_GE(took_s, 0.9 * bound_s);
  EXPECT_LE(took_s, 1.5 * bound_s + 1);
  EXPECT_LE(static_cast<double>(crowd.swarms[0]->uploaded_bytes()), 1.2 * crowd.size());
  // Each copy travels once, with little around it: nobody receives blocks twice.
  EXPECT_LE(static_cast<double>(crowd.world.bytes), 1.2 * crowd.size() * (nodes - 1));
}

TEST(BlockSwarm, TenPeersTakeLittleMoreThanOneCopyFromTheOwner) { expect_near_the_bound(11, 512); }
TEST(BlockSwarm, AHundredPeersTakeLittleMoreThanOneCopyFromTheOwner) {
  expect_near_the_bound(101, 256);
}

TEST(BlockSwarm, PeersThatLieOrStaySilentAreLeftOut) {
  Crowd crowd{6, 64};
  crowd.heaps[1].blocks = crowd.originals;
  crowd.heaps[1].lies = true;
  EXPECT_TRUE(crowd.swarms[1]->offer(crowd.list));
  crowd.world.loses = [](const Message& message) {  // node 5 says what it has, and gives nothing
    return message.from == NodeId{5} && message.payload.size() > block_size;
  };
  crowd.run();
  for (std::uint32_t i = 2; i < 6; ++i) {
    ASSERT_TRUE(crowd.reports[i] && *crowd.reports[i]) << i;
    EXPECT_EQ(crowd.heaps[i].blocks, crowd.originals);
  }
  EXPECT_GE(crowd.world.counts["peers that sent a wrong block"], 4);
  EXPECT_LE((*crowd.reports[2])->wrong_blocks, 16u);
}

// The owner (node 0) and a peer guard what they have.
TEST(BlockSwarm, ServesNoBlockWithoutAGrantAndNoneAfterItsRevocation) {
  Shop shop{{.world = {.nodes = 4}}};
  const SigningKey ann = SigningKey::draw(shop.random);
  const Token token = shop.issue({.resource = "film", .holder = ann.public_key()});
  BlockList list{.owner = shop.owner().public_key(), .resource = "film"};
  std::vector<Heap> heaps(4);
  for (int i = 0; i < 200; ++i) {
    const Blob bytes(block_size, static_cast<std::byte>(i));
    list.blocks.push_back(sha256(bytes));
    heaps[1].blocks[list.blocks.back()] = bytes;
  }
  std::vector<std::unique_ptr<BlockSwarm>> swarms;
  for (std::uint32_t i = 0; i < 4; ++i)
    swarms.push_back(std::make_unique<BlockSwarm>(shop.world.node(i), heaps[i],
                                                  &shop.desks[i]->guard,
                                                  SwarmSettings{.upload_bytes_per_s = 20e3}));
  ASSERT_TRUE(swarms[1]->offer(list));
  std::vector<std::optional<Result<SwarmReport>>> reports(4);
  const auto begin = [&](std::uint32_t i, SigningKey by) {
    BlockSwarm::Shows shows = [&shop, &token, by](NodeId server, const std::string& resource) {
      return shop.shown(&token, by, index(server), {.resource = resource});
    };
    shop.world.node(i).spawn([](BlockSwarm& swarm, BlockList its_list, BlockSwarm::Shows its_shows,
                                std::optional<Result<SwarmReport>>& report) -> Task<> {
      std::vector<NodeId> peers = {NodeId{1}};
      Task<Result<SwarmReport>> task =
          swarm.fetch(std::move(its_list), std::move(peers), std::move(its_shows), seconds(60));
      report = co_await std::move(task);
    }(*swarms[i], list, std::move(shows), reports[i]));
  };
  begin(2, ann);
  begin(3, shop.keys[3].signing);  // a thief
  shop.world.run_for(seconds(15));
  ASSERT_TRUE(reports[3]);
  EXPECT_EQ(reports[3]->error().code, ErrorCode::denied);
  EXPECT_TRUE(heaps[3].blocks.empty());
  shop.revoke(token);
  shop.world.run_for(seconds(11));
  const std::size_t had = heaps[2].blocks.size();
  EXPECT_GT(had, 50u);
  shop.world.run_for(seconds(30));
  EXPECT_EQ(heaps[2].blocks.size(), had);
  EXPECT_LT(had, 200u);
  ASSERT_TRUE(reports[2]);
  EXPECT_EQ(reports[2]->error().code, ErrorCode::denied);
  std::uint64_t audited = 0;
  for (const AuditRecord& record : shop.desks[1]->audit.records())
    if (record.decision == AuditDecision::served) audited += record.bytes;
  EXPECT_EQ(audited, swarms[1]->uploaded_bytes());
}

}  // namespace
}  // namespace evenkeel::test
