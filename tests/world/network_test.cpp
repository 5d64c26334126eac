// What transfers take, alone and together, and what cuts, partitions and crashes do to them. All
// times by hand: over a-b a byte takes 1 us and the latency is 1 ms, over b-c 2 us and 2 ms.
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

constexpr double ns = 1e-9;

void listen_everywhere(Stage& stage) {
  for (const NodeId id : {a, b, c})
    stage.world.node(id).on_start([&stage](Node& node) { node.spawn(listen(node, stage)); });
}

void send(Stage& stage, NodeId from, NodeId to, std::uint64_t size, Duration when = {}) {
  stage.world.node(from).on_start([=](Node& node) { node.spawn(send_at(node, when, to, size)); });
}

TEST(Network, ATransferAloneTakesLatencyAndSizeOverBandwidth) {
  for (const Stage::Network network : both_networks) {
    for (const std::uint64_t size : {0, 100, 1500, 1501, 10'000, 1'000'000}) {
      in_child([&] {
        Stage stage{network};
        listen_everywhere(stage);
        send(stage, a, b, size);
        send(stage, b, c, size, seconds(10));
        send(stage, a, c, size, seconds(20));
        stage.world.run(seconds(40));
        const double s = static_cast<double>(size);
        ASSERT_EQ(stage.times["b"].size(), 1u);
        ASSERT_EQ(stage.times["c"].size(), 2u);
        EXPECT_NEAR(stage.times["b"][0], 1e-3 + s * 1e-6, 1.5 * ns) << size;
        EXPECT_NEAR(stage.times["c"][0], 10 + 2e-3 + s * 2e-6, 1.5 * ns) << size;
        EXPECT_NEAR(stage.times["c"][1], 20 + 3e-3 + s * 2e-6, 1.5 * ns) << size;
        EXPECT_THAT(stage.world.link_bytes(), testing::ElementsAre(2 * s, 2 * s));
      });
    }
  }
}

Task<> answer_after_computing(Node& node, NodeId to) {
  while (true) {
    Result<Message> message = co_await node.receive(Port::tests);
    co_await node.compute(Work{1e9});
    Payload small;
    small.padding = 1000;
    node.send(to, Port::tests, std::move(small));
  }
}

// With `fluid`, what a completion sets in motion is earlier than anything that was known before.
TEST(Network, ASmallMessageThatFollowsATransferAndAComputationIsOnTime) {
  for (const Stage::Network network : both_networks) {
    in_child([network] {
      Stage stage{network};
      stage.world.node(a).on_start([&stage](Node& node) { node.spawn(listen(node, stage)); });
      stage.world.node(b).on_start([](Node& node) { node.spawn(answer_after_computing(node, a)); });
      send(stage, a, b, 10'000);
      stage.world.run(seconds(100));
      // There in 1 + 10 ms, a second of work, back in 1 + 1 ms.
      ASSERT_EQ(stage.times["a"].size(), 1u);
      EXPECT_NEAR(stage.times["a"][0], 1.013, 1.5 * ns);
    });
  }
}

TEST(Network, TwoTransfersShareALinkFairly) {
  in_child([] {
    Stage stage{Stage::Network::fluid};
    listen_everywhere(stage);
    send(stage, a, b, 10'000);
    send(stage, a, b, 30'000);
    stage.world.run(seconds(1));
    // Half each until the small one is done at 1 + 20 ms; the other 20 kB then go alone.
    ASSERT_EQ(stage.times["b"].size(), 2u);
    EXPECT_NEAR(stage.times["b"][0], 0.021, 1.5 * ns);
    EXPECT_NEAR(stage.times["b"][1], 0.041, 1.5 * ns);
  });
}

TEST(Network, ALateTransferTakesItsShareFromThenOn) {
  in_child([] {
    Stage stage{Stage::Network::fluid};
    listen_everywhere(stage);
    send(stage, a, b, 20'000);
    send(stage, a, b, 20'000, milliseconds{10});
    stage.world.run(seconds(1));
    // 10 kB alone, then half each: the first 1 + 10 + 20 ms; the second has 10 kB left.
    ASSERT_EQ(stage.times["b"].size(), 2u);
    EXPECT_NEAR(stage.times["b"][0], 0.031, 1.5 * ns);
    EXPECT_NEAR(stage.times["b"][1], 0.041, 1.5 * ns);
  });
}

TEST(Network, DirectionsDoNotShare) {
  in_child([] {
    Stage stage{Stage::Network::fluid};
    listen_everywhere(stage);
    send(stage, a, b, 20'000);
    send(stage, b, a, 20'000);
    stage.world.run(seconds(1));
    ASSERT_EQ(stage.times["a"].size(), 1u);
    ASSERT_EQ(stage.times["b"].size(), 1u);
    EXPECT_NEAR(stage.times["a"][0], 0.021, 1.5 * ns);
    EXPECT_NEAR(stage.times["b"][0], 0.021, 1.5 * ns);
  });
}

TEST(Network, SmallMessagesOfFluidShareNothing) {
  in_child([] {
    Stage stage{Stage::Network::fluid};
    listen_everywhere(stage);
    send(stage, a, c, 50'000);
    send(stage, a, b, 1000, milliseconds{10});
    stage.world.run(seconds(1));
    ASSERT_EQ(stage.times["b"].size(), 1u);
    ASSERT_EQ(stage.times["c"].size(), 1u);
    EXPECT_NEAR(stage.times["b"][0], 0.010 + 0.001 + 0.001, 1.5 * ns);
    EXPECT_NEAR(stage.times["c"][0], 0.003 + 0.100, 1.5 * ns);
  });
}

TEST(Network, MessagesOfOnePairDoNotOvertake) {
  for (const Stage::Network network : both_networks) {
    in_child([network] {
      Stage stage{network};
      listen_everywhere(stage);
      send(stage, a, b, 100'000);
      send(stage, a, b, 1000, milliseconds{10});
      send(stage, a, b, 1000, milliseconds{200});
      stage.world.run(seconds(1));
      EXPECT_THAT(stage.times["b"], testing::ElementsAre(testing::DoubleNear(0.101, 1.5 * ns),
                                                         testing::DoubleNear(0.101, 1.5 * ns),
                                                         testing::DoubleNear(0.202, 1.5 * ns)));
    });
  }
}

TEST(Network, TimersOfLatencyShareNothing) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    listen_everywhere(stage);
    send(stage, a, b, 10'000);
    send(stage, a, b, 30'000);
    stage.world.run(seconds(1));
    EXPECT_THAT(stage.times["b"], testing::ElementsAre(testing::DoubleNear(0.011, ns),
                                                       testing::DoubleNear(0.031, ns)));
  });
}

TEST(Network, ACutLinkLosesWhatIsSentOverItUntilItIsMended) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      listen_everywhere(stage);
      for (const int at : {100, 300, 500}) {
        send(stage, a, b, 10'000, milliseconds{at});
        send(stage, a, c, 100, milliseconds{at});
        send(stage, b, c, 100, milliseconds{at});
      }
      const Later cut{stage.world, milliseconds{200}, [&] { stage.world.cut(0); }};
      const Later mend{stage.world, milliseconds{400}, [&] { stage.world.mend(0); }};
      stage.world.run(seconds(1));
      EXPECT_EQ(stage.times["b"].size(), 2u);
      EXPECT_EQ(stage.times["c"].size(), 2u + 3u);
      EXPECT_EQ(stage.lost(), 2);
    });
  }
}

TEST(Network, ACutLosesWhatIsOnTheLink) {
  in_child([] {
    Stage stage{Stage::Network::fluid};
    listen_everywhere(stage);
    send(stage, a, b, 100'000);
    const Later cut{stage.world, milliseconds{50}, [&] { stage.world.cut(0); }};
    const Later mend{stage.world, milliseconds{60}, [&] { stage.world.mend(0); }};
    send(stage, a, b, 10'000, milliseconds{70});
    stage.world.run(seconds(1));
    ASSERT_EQ(stage.times["b"].size(), 1u);
    EXPECT_NEAR(stage.times["b"][0], 0.081, 1.5 * ns);
    EXPECT_EQ(stage.lost(), 1);
  });
}

TEST(Network, GroupsDoNotHearEachOther) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      listen_everywhere(stage);
      stage.world.set_group(c, 1);
      const Later joins{stage.world, milliseconds{500}, [&] { stage.world.set_group(c, 0); }};
      for (const int at : {100, 600}) {
        send(stage, a, b, 10'000, milliseconds{at});
        send(stage, a, c, 100, milliseconds{at});
        send(stage, c, b, 10'000, milliseconds{at});
      }
      stage.world.run(seconds(1));
      EXPECT_EQ(stage.times["b"].size(), 3u);
      EXPECT_EQ(stage.times["c"].size(), 1u);
      EXPECT_EQ(stage.lost(), 2);
    });
  }
}

TEST(Network, WhatIsOnItsWayToACrashedNodeNeverArrives) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      listen_everywhere(stage);
      send(stage, a, b, 50'000);                    // would arrive at 51 ms
      send(stage, a, b, 100, milliseconds{19});     // would arrive at 20.1 ms
      send(stage, a, b, 100, milliseconds{200});    // arrives
      send(stage, a, b, 30'000, milliseconds{22});  // sent while b is down
      const Later crash{stage.world, milliseconds{20}, [&] { stage.world.crash(b); }};
      const Later restart{stage.world, milliseconds{30}, [&] { stage.world.restart(b); }};
      stage.world.run(seconds(1));
      ASSERT_EQ(stage.times["b"].size(), 1u);
      EXPECT_NEAR(stage.times["b"][0], 0.2011, 1.5 * ns);
    });
  }
}

TEST(Network, AStoppedNodeSendsNothing) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      listen_everywhere(stage);
      const Later crash{stage.world, milliseconds{20}, [&] { stage.world.crash(a); }};
      const Later speaks{stage.world, milliseconds{30}, [&] {
                           stage.world.node(a).send(b, Port::tests, {{}, 10});
                           stage.world.node(a).send(b, Port::tests, {{}, 10'000});
                         }};
      stage.world.run(seconds(1));
      EXPECT_TRUE(stage.times["b"].empty());
    });
  }
}

}  // namespace
}  // namespace evenkeel::test
