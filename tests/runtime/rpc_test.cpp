// Calls and mailboxes: answers, limits, cancellation, strange bytes. A message takes 1 ms.
#include "models/runtime/rpc.h"

#include "models/runtime/wire.h"
#include "tests/runtime/fake_world.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;

Payload text(std::string_view words) {
  Payload payload;
  Writer{payload.bytes}.put(words);
  return payload;
}

std::string words(const Payload& payload) { return Reader{payload.bytes}.text(); }

Task<> ask(FakeWorld& world, std::string question, Duration limit) {
  Call call = world.a().rpc().call(NodeId{1}, Port::tests, text(question), limit);
  const Result<Payload> answer = co_await call;
  const std::string said = answer ? words(*answer) : std::string{to_string(answer.error().code)};
  world.log.push_back(std::to_string(world.now() / milliseconds{1}) + " " + said);
}

struct Mourner {
  FakeWorld& world;
  bool finished = false;
  ~Mourner() { world.log.push_back(finished ? "worked" : "cancelled"); }
};

Task<std::optional<Payload>> work(FakeWorld& world, Payload request) {
  Mourner mourner{world};
  co_await world.b().sleep(milliseconds{10});
  mourner.finished = true;
  co_return text("re: " + words(request));
}

void serve(FakeWorld& world) {
  world.b().rpc().serve(Port::tests,
                        [&](CallId, Payload request) { return work(world, std::move(request)); });
}

TEST(Rpc, BringsEachCallItsAnswer) {
  FakeWorld world;
  serve(world);
  world.a().spawn(ask(world, "one", never));
  world.run(milliseconds{5});
  world.a().spawn(ask(world, "two", milliseconds{100}));
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("worked", "12 re: one", "worked", "17 re: two"));
}

TEST(Rpc, ALimitEndsTheCallAndTheWork) {
  FakeWorld world;
  serve(world);
  world.a().spawn(ask(world, "slow", milliseconds{5}));
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("5 timeout", "cancelled"));
}

TEST(Rpc, ALateAnswerIsForNobody) {
  FakeWorld world;
  serve(world);
  // The limit ends it at 11.5 ms, the answer is on its way since 11 ms.
  world.a().spawn(ask(world, "late", std::chrono::microseconds{11'500}));
  world.run(std::chrono::microseconds{11'600});
  world.a().spawn(ask(world, "next", never));  // in the same place
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("worked", "11 timeout", "worked", "23 re: next"));
}

TEST(Rpc, ADestroyedCallEndsTheWork) {
  FakeWorld world;
  serve(world);
  const SpawnId id = world.a().spawn(ask(world, "never mind", never));
  world.run(milliseconds{4});
  world.a().cancel(id);
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("cancelled"));
}

TEST(Rpc, AStoppedServerMeansALimit) {
  FakeWorld world;
  serve(world);
  world.a().spawn(ask(world, "anybody", milliseconds{50}));
  world.run(milliseconds{4});
  world.b().stop();
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("cancelled", "50 timeout"));
}

Task<std::optional<Payload>> hand_on(FakeWorld& world, CallId id) {
  Payload message;
  Writer{message.bytes}.put(index(id.caller)).put(id.number);
  world.b().send(NodeId{2}, Port::tests, std::move(message));
  co_return std::nullopt;
}

Task<> answer_for_b(FakeWorld& world) {
  Result<Message> message = co_await world.c().receive(Port::tests);
  Reader reader{message->payload.bytes};
  const NodeId caller{reader.get<std::uint32_t>()};
  world.c().rpc().answer({caller, reader.get<std::uint64_t>()}, text("from c"));
}

TEST(Rpc, AnotherNodeMayAnswer) {
  FakeWorld world;
  world.b().rpc().serve(Port::tests, [&](CallId id, Payload) { return hand_on(world, id); });
  world.c().spawn(answer_for_b(world));
  world.a().spawn(ask(world, "b", never));
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("3 from c"));
}

TEST(Rpc, CountsMalformedMessagesAndGoesOn) {
  FakeWorld world;
  serve(world);
  for (std::size_t size = 0; size < request_overhead; ++size) {
    Payload rubbish;
    rubbish.bytes.assign(size, std::byte{0xff});
    world.a().send(NodeId{1}, Port::tests, rubbish);
    if (size < answer_overhead) world.b().send(NodeId{0}, Port::replies, rubbish);
  }
  Payload wrong_kind;
  wrong_kind.bytes.assign(request_overhead, std::byte{0xff});
  world.a().send(NodeId{1}, Port::tests, wrong_kind);
  world.a().spawn(ask(world, "still there?", never));
  world.run(seconds(1));
  EXPECT_EQ(world.counts["malformed messages"], request_overhead + answer_overhead + 1);
  EXPECT_THAT(world.log, ElementsAre("worked", "12 re: still there?"));
}

TEST(Rpc, SurvivesRandomBytes) {
  FakeWorld world;
  serve(world);
  Random random{3};
  for (int i = 0; i < 20'000; ++i) {
    Payload rubbish;
    rubbish.bytes.resize(random.below(20));
    for (std::byte& byte : rubbish.bytes) byte = static_cast<std::byte>(random.below(3));
    world.a().send(NodeId{1}, Port::tests, rubbish);
    world.b().send(NodeId{0}, Port::replies, std::move(rubbish));
    if (i % 100 == 0) world.run(world.now() + milliseconds{1});
  }
  world.run(world.now() + seconds(1));
  EXPECT_GT(world.counts["malformed messages"], 1000);
}

Task<> hear(FakeWorld& world, std::string name, Duration limit) {
  const Result<Message> message = co_await world.a().receive(Port::tests, limit);
  world.log.push_back(name + " " + (message ? words(message->payload) : "nothing"));
}

TEST(Receive, ServesInOrderOfComing) {
  FakeWorld world;
  world.a().spawn(hear(world, "first", never));
  world.a().spawn(hear(world, "second", milliseconds{2}));
  world.a().spawn(hear(world, "third", never));
  world.b().send(NodeId{0}, Port::tests, text("x"));
  world.run(milliseconds{3});
  for (const char* word : {"y", "z", "w"}) world.b().send(NodeId{0}, Port::tests, text(word));
  world.run(milliseconds{5});
  world.a().spawn(hear(world, "fourth", never));  // finds them queued
  world.a().spawn(hear(world, "fifth", Duration{0}));
  world.a().spawn(hear(world, "sixth", Duration{0}));
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("first x", "second nothing", "third y", "fourth z", "fifth w",
                                     "sixth nothing"));
}

}  // namespace
}  // namespace evenkeel::test
