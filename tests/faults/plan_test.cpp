// Faults as sentences, played in a world: what they stop, how they overlap, and that a store that
// acknowledges too early is caught.
#include <gmock/gmock.h>

#include "sim/faults/faults.h"
#include "sim/faults/invariant.h"
#include "sim/faults/swarm.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

// Notes events, too.
class EventProbe final : public CountingProbe {
 public:
  void event(Time at, NodeId node, std::string_view kind, std::string_view detail) override {
    std::string text = std::to_string(at / milliseconds{1}) + " " + std::string{kind};
    if (node != FaultPlan::of_no_node) text += " " + std::to_string(index(node));
    if (!detail.empty()) text += ": " + std::string{detail};
    events.push_back(text);
  }
  std::vector<std::string> events;
};

// edge/A, edge/B and edge/C on the chain of the worlds' tests.
Platform edges() {
  GraphBuilder builder{LinkDefaults{}};
  for (const char* name : {"A", "B", "C"}) builder.add({.name = name});
  builder.link({.from = 0, .to = 1, .latency = milliseconds{1}, .bandwidth = 8e6});
  builder.link({.from = 1, .to = 2, .latency = milliseconds{2}, .bandwidth = 4e6});
  std::vector<PlatformNode> nodes;
  for (VertexId vertex = 0; vertex < 3; ++vertex)
    nodes.push_back(
        {.name = std::string("edge/") + static_cast<char>('A' + vertex), .vertex = vertex});
  return {std::move(builder).build(), std::move(nodes)};
}

struct Theatre {
  explicit Theatre(const std::vector<std::string>& sentences, bool is_repairing = false)
      : plan(read_plan(sentences)),
        faults(plan, platform, world, {.is_repairing = [is_repairing] { return is_repairing; }}) {}

  Platform platform = edges();
  EventProbe probe;
  SimgridWorld world{platform, {.network = WorldSettings::Network::latency}, probe};
  std::vector<Fault> plan;
  FaultPlan faults;
};

Task<> chatter(Node& node, NodeId to) {
  while (true) {
    co_await node.sleep(milliseconds{10});
    Payload nothing;
    node.send(to, Port::tests, std::move(nothing));
  }
}

// How many messages of one second each of A and B hears of the other.
struct Heard {
  int by_a = 0;
  int by_b = 0;
};
Task<> hear(Node& node, int& count) {
  while (true) {
    const Result<Message> message = co_await node.receive(Port::tests);
    ++count;
  }
}
Heard talk(Theatre& theatre) {
  Heard heard;
  theatre.world.node(a).on_start([&](Node& node) {
    node.spawn(chatter(node, b));
    node.spawn(hear(node, heard.by_a));
  });
  theatre.world.node(b).on_start([&](Node& node) {
    node.spawn(chatter(node, a));
    node.spawn(hear(node, heard.by_b));
  });
  theatre.world.run(seconds(1));
  return heard;
}

TEST(FaultPlan, CutsOffInOneDirectionOrBoth) {
  in_child([] {
    Theatre theatre{{"{at: 0 s, isolate: edge/A, direction: in, for: 500 ms}"}};
    const Heard heard = talk(theatre);
    EXPECT_NEAR(heard.by_a, 50, 2);
    EXPECT_NEAR(heard.by_b, 99, 2);
    EXPECT_THAT(theatre.probe.events, testing::ElementsAre("0 cut off 0: edge/A, hears nobody",
                                                           "500 reachable 0: edge/A"));
  });
  in_child([] {
    Theatre theatre{{"{at: 0 s, partition: A, direction: out, for: 500 ms}"}};
    const Heard heard = talk(theatre);
    EXPECT_NEAR(heard.by_a, 99, 2);
    EXPECT_NEAR(heard.by_b, 50, 2);
  });
  in_child([] {
    Theatre theatre{{"{at: 0 s, isolate: edge/A, for: 500 ms}"}};
    const Heard heard = talk(theatre);
    EXPECT_NEAR(heard.by_a, 50, 2);
    EXPECT_NEAR(heard.by_b, 50, 2);
  });
}

TEST(FaultPlan, KeepsAPartitionWhenAnotherIsMended) {
  in_child([] {
    Theatre theatre{{"{at: 0 s, isolate: edge/A, for: 800 ms}",
                     "{at: 100 ms, isolate: [edge/A, edge/C], for: 100 ms}"}};
    EXPECT_NEAR(talk(theatre).by_b, 20, 2);
  });
}

TEST(FaultPlan, LeavesAGroupThatIsCutOffTogetherToItself) {
  in_child([] {
    Theatre theatre{{"{at: 0 s, isolate: [edge/A, edge/B]}"}};
    EXPECT_NEAR(talk(theatre).by_b, 99, 2);
  });
}

TEST(FaultPlan, DisturbsAndCalms) {
  in_child([] {
    Theatre theatre{{"{at: 0 s, disturb: {loss: 100 %}, for: 300 ms}",
                     "{at: 500 ms, disturb: {duplication: 100 %, of: edge/A}, for: 300 ms}"}};
    EXPECT_NEAR(talk(theatre).by_b, 70 + 30, 3);
  });
}

TEST(FaultPlan, LeavesTheDiskEmptyAndTheClockWrong) {
  in_child([] {
    Theatre theatre{{"{at: 200 ms, lose_disk: edge/A, for: 100 ms}",
                     "{at: 100 ms, skew: edge/B, by: 2 s, for: 500 ms}"}};
    std::vector<std::size_t> files;
    theatre.world.node(a).on_start([&](Node& node) {
      files.push_back(node.disk().list().size());
      const std::vector<std::byte> content(1);
      ASSERT_TRUE(node.disk().write("f", 0, content));
      ASSERT_TRUE(node.disk().sync("f"));
    });
    std::vector<Duration> wrong;
    std::vector<std::unique_ptr<Later>> looks;
    for (const int at : {50, 300, 700})
      looks.push_back(std::make_unique<Later>(
          theatre.world, milliseconds{at}, [&] { wrong.push_back(theatre.world.clock_error(b)); }));
    theatre.world.run(seconds(1));
    EXPECT_THAT(files, testing::ElementsAre(0u, 0u));
    EXPECT_THAT(wrong, testing::ElementsAre(Duration{}, seconds(2), Duration{}));
  });
}

TEST(FaultPlan, SparesADiskWhileAnotherIsRepaired) {
  for (const bool is_repairing : {false, true})
    in_child([is_repairing] {
      Theatre theatre{{"{at: 200 ms, lose_disk: edge/A, for: 100 ms, spare: true}"}, is_repairing};
      theatre.world.run(seconds(1));
      EXPECT_EQ(theatre.probe.events.size(), is_repairing ? 0U : 2U);
    });
}

// A store of one value on node B. A careless one acknowledges what it has not synced.
Task<> serve_register(Node& node, bool careful) {
  while (true) {
    Result<Message> asked = co_await node.receive(Port::tests);
    const Bytes bytes = asked->payload.bytes;
    if (!bytes.empty()) {
      (void)node.disk().write("value", 0, std::span{bytes.data(), bytes.size()});
      if (careful) (void)node.disk().sync("value");
    }
    Payload answer;
    if (const auto read = node.disk().read("value", 0, 1))
      answer.bytes.assign(read->begin(), read->end());
    node.send(asked->from, Port::tests, std::move(answer));
  }
}

Task<> write_values(Node& node, Witness& witness) {
  for (int i = 1; i < 40; ++i) {
    const char letter = static_cast<char>('0' + i);
    const auto put = witness.put("t", "k", 1, std::string_view{&letter, 1}, node.now());
    Payload payload;
    payload.bytes.push_back(static_cast<std::byte>(letter));
    node.send(b, Port::tests, std::move(payload));
    const Result<Message> answer = co_await node.receive(Port::tests, milliseconds{15});
    if (answer) witness.acknowledged(put, node.now());
    co_await node.sleep(milliseconds{10});
  }
  co_await node.sleep(milliseconds{300});
  const auto get = witness.get("t", "k", 1, node.now());
  node.send(b, Port::tests, {});
  const Result<Message> answer = co_await node.receive(Port::tests, seconds(1));
  if (!answer) co_return;
  const auto* letters = reinterpret_cast<const char*>(answer->payload.bytes.data());
  Witness::Content content;
  if (!answer->payload.bytes.empty()) content = std::string_view{letters, 1};
  witness.got(get, content, node.now());
  witness.found_at_end("t", "k", content);
}

std::vector<std::string> broken_by(bool careful, const std::string& sentence) {
  Theatre theatre{{sentence}};
  Witness witness;
  witness.promise("t", {.linearizable = true});
  theatre.world.node(a).on_start([&](Node& node) { node.spawn(write_values(node, witness)); });
  theatre.world.node(b).on_start(
      [careful](Node& node) { node.spawn(serve_register(node, careful)); });
  theatre.world.run(seconds(5));
  std::vector<std::string> names;
  for (const Violation& violation : judge(witness)) names.push_back(violation.invariant);
  return names;
}

TEST(Witness, CatchesAStoreThatAcknowledgesBeforeItSyncs) {
  const std::string late_crash = "{at: 600 ms, crash: edge/B, for: 50 ms}";
  in_child([&] { EXPECT_THAT(broken_by(true, late_crash), testing::IsEmpty()); });
  in_child([&] {
    EXPECT_THAT(broken_by(false, late_crash),
                testing::UnorderedElementsAre("durable", "linearizable"));
  });
}

TEST(Witness, CatchesASingleCopyThatLosesItsDisk) {
  in_child([] {
    EXPECT_THAT(broken_by(true, "{at: 600 ms, lose_disk: edge/B, for: 50 ms}"),
                testing::Contains("durable"));
  });
}

}  // namespace
}  // namespace evenkeel::test
