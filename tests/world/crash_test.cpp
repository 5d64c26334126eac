// Crashes and restarts: tasks end, a restarted node begins anew with what its disk had synced.
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

std::vector<std::byte> bytes(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

Task<> tick(Node& node, Stage& stage) {
  while (true) {
    co_await node.sleep(milliseconds{10});
    stage.note("tick " + std::to_string(node.incarnation()));
  }
}

Task<> ask(Node& node, Stage& stage) {
  Payload question;
  question.padding = 10'000;
  Call call = node.rpc().call(b, Port::tests, std::move(question), never);
  const Result<Payload> answer = co_await call;
  stage.note("answer");
}

TEST(Crash, EndsSleepsComputationsAndCalls) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      stage.world.node(a).on_start([&](Node& node) {
        if (node.incarnation() > 1) return;
        node.spawn(tick(node, stage));
        node.spawn(compute_at(node, stage, "computed", {}, 50e6));
        node.spawn(compute_at(node, stage, "queued", {}, 1e6));
        node.spawn(ask(node, stage));
        node.spawn(listen(node, stage));
      });
      const Later crash{stage.world, milliseconds{35}, [&] { stage.world.crash(a); }};
      const Later restart{stage.world, milliseconds{37}, [&] { stage.world.restart(a); }};
      stage.world.run(seconds(1));
      EXPECT_EQ(stage.times["tick 1"].size(), 3u);
      EXPECT_EQ(stage.times.size(), 1u);
    });
  }
}

TEST(Crash, ARestartBeginsAnewWithTheSyncedDisk) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    std::vector<std::vector<std::string>> files;
    std::string kept;
    stage.world.node(a).on_start([&](Node& node) {
      files.push_back(node.disk().list());
      node.spawn(tick(node, stage));
      if (node.incarnation() > 1) {
        const auto log = node.disk().read("log", 0, 100);
        ASSERT_TRUE(log);
        for (const std::byte byte : *log) kept += static_cast<char>(byte);
        return;
      }
      ASSERT_TRUE(node.disk().write("log", 0, bytes("synced")));
      ASSERT_TRUE(node.disk().sync("log"));
      ASSERT_TRUE(node.disk().write("log", 6, bytes(" not")));
      ASSERT_TRUE(node.disk().write("scratch", 0, bytes("gone")));
    });
    const Later crash{stage.world, milliseconds{35}, [&] { stage.world.crash(a); }};
    const Later again{stage.world, milliseconds{36}, [&] { stage.world.crash(a); }};
    const Later restart{stage.world, milliseconds{50}, [&] { stage.world.restart(a); }};
    const Later too{stage.world, milliseconds{51}, [&] { stage.world.restart(a); }};
    stage.world.run(milliseconds{75});
    EXPECT_THAT(files, testing::ElementsAre(testing::IsEmpty(), testing::ElementsAre("log")));
    EXPECT_EQ(kept, "synced");
    EXPECT_THAT(stage.times["tick 1"], testing::SizeIs(3));
    EXPECT_THAT(stage.times["tick 2"], testing::ElementsAre(testing::DoubleNear(0.06, 1e-9),
                                                            testing::DoubleNear(0.07, 1e-9)));
  });
}

Task<> greet(Node& node, NodeId to) {
  node.send(to, Port::tests, {{}, 10});
  co_return;
}

TEST(Start, AMessageSentAtTheFirstInstantArrivesWhicheverNodeStartsFirst) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    for (const NodeId id : {a, b})
      stage.world.node(id).on_start([&](Node& node) {
        node.spawn(listen(node, stage));
        node.spawn(greet(node, node.id() == a ? b : a));
      });
    stage.world.run(seconds(1));
    EXPECT_EQ(stage.times["a"].size(), 1u);
    EXPECT_EQ(stage.times["b"].size(), 1u);
  });
}

TEST(Start, ASleepWithoutEndNeverWakes) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    stage.world.node(a).on_start([&](Node& node) {
      node.spawn(compute_at(node, stage, "now", milliseconds{1}, 1e6));
      node.spawn(compute_at(node, stage, "never", never, 1e6));
    });
    const Later later{stage.world, milliseconds{10}, [&] {
                        Node& node = stage.world.node(a);
                        node.spawn(compute_at(node, stage, "never", never, 1e6));
                      }};
    stage.world.run(seconds(1));
    EXPECT_EQ(stage.times["now"].size(), 1u);
    EXPECT_TRUE(stage.times["never"].empty());
  });
}

std::vector<std::string> noisy_run(Stage& stage, std::vector<std::string>& what) {
  for (const NodeId id : {a, b, c})
    stage.world.node(id).on_start([&stage](Node& node) {
      node.spawn(listen(node, stage));
      for (int i = 0; i < 200; ++i) {
        const NodeId to{static_cast<std::uint32_t>(node.random().below(3))};
        const Duration when = seconds(node.random().uniform());
        node.spawn(send_at(node, when, to, node.random().below(20'000)));
        node.spawn(compute_at(node, stage, "done", when, 1e6 * node.random().exponential()));
      }
    });
  stage.world.run(seconds(20));
  for (const auto& [name, times] : stage.times)
    for (const double time : times) what.push_back(name + " " + std::to_string(time * 1e9));
  return what;
}

TEST(Repeat, TwoRunsAreEqualToTheNanosecond) {
  for (const Stage::Network network : both_networks) {
    std::string printed[2];
    for (std::string& text : printed) {
      int ends[2];
      ASSERT_EQ(pipe(ends), 0);
      in_child([&] {
        Stage stage{network};
        std::vector<std::string> what;
        std::uint64_t sum = 0;
        for (const std::string& line : noisy_run(stage, what))
          for (const char letter : line) sum = mix(sum ^ static_cast<unsigned char>(letter));
        const std::string out = std::to_string(what.size()) + " " + std::to_string(sum);
        EXPECT_GT(write(ends[1], out.data(), out.size()), 0);
      });
      char buffer[100];
      const ssize_t got = read(ends[0], buffer, sizeof buffer);
      text.assign(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      close(ends[0]);
      close(ends[1]);
    }
    EXPECT_EQ(printed[0], printed[1]);
    EXPECT_EQ(printed[0].substr(0, 5), "1200 ");
  }
}

}  // namespace
}  // namespace evenkeel::test
