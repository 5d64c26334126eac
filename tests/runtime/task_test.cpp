// Tasks: lazy, cancelled by destruction at whatever they wait for, exceptions go to the caller.
#include "models/runtime/task.h"

#include "models/runtime/signal.h"
#include "tests/runtime/fake_world.h"

namespace evenkeel::test {
namespace {

using Log = std::vector<std::string>;
using testing::ElementsAre;
using testing::IsEmpty;

struct Leaves {  // says when its frame goes
  Log& log;
  std::string name;
  ~Leaves() { log.push_back(name + " gone"); }
};

Task<int> number(Log& log, int value) {
  log.push_back("number");
  co_return value;
}

Task<> adds(Log& log) {
  const int two = co_await number(log, 2);
  const int three = co_await number(log, 3);
  log.push_back(std::to_string(two + three));
}

TEST(Task, DoesNothingUntilItIsStarted) {
  Log log;
  { const Task<int> never_started = number(log, 1); }
  EXPECT_THAT(log, IsEmpty());
  TaskList list;
  list.spawn(adds(log));
  EXPECT_THAT(log, ElementsAre("number", "number", "5"));
  EXPECT_EQ(list.size(), 0u);
}

Task<> sleeps(FakeWorld& world, std::string name, Duration span) {
  const Leaves leaves{world.log, name};
  co_await world.a().sleep(span);
  world.log.push_back(name + " woke");
}

Task<> nests(FakeWorld& world, int depth) {
  const Leaves leaves{world.log, std::to_string(depth)};
  if (depth == 0) {
    co_await world.a().sleep(milliseconds{1});
    world.log.push_back("bottom");
  } else {
    co_await nests(world, depth - 1);
  }
}

TEST(Task, EndsFromTheInsideOut) {
  FakeWorld world;
  world.a().spawn(nests(world, 2));
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("bottom", "0 gone", "1 gone", "2 gone"));
}

TEST(Task, CancelledGivesUpAllThatItWaitsFor) {
  FakeWorld world;
  const SpawnId id = world.a().spawn(nests(world, 2));
  EXPECT_FALSE(world.events.empty());
  world.a().cancel(id);
  EXPECT_TRUE(world.events.empty());
  world.a().cancel(id);
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("0 gone", "1 gone", "2 gone"));
}

TEST(Task, AStaleNameCancelsNobody) {
  FakeWorld world;
  const SpawnId old = world.a().spawn(sleeps(world, "old", milliseconds{1}));
  world.run(milliseconds{2});
  world.a().spawn(sleeps(world, "new", milliseconds{1}));
  world.a().cancel(old);
  world.a().cancel({});
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("old woke", "old gone", "new woke", "new gone"));
}

TEST(Task, AreCancelledNewestFirstWhenTheirNodeStops) {
  FakeWorld world;
  world.a().spawn(sleeps(world, "1", milliseconds{1}));
  world.a().spawn(sleeps(world, "2", milliseconds{1}));
  world.a().stop();
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("2 gone", "1 gone"));
}

Task<> computes(FakeWorld& world) {
  co_await world.a().compute({1e9});
  world.log.push_back("computed");
}

Task<> receives(FakeWorld& world) {
  Result<Message> message = co_await world.a().receive(Port::tests, seconds(1));
  world.log.push_back("received");
}

Task<> calls(FakeWorld& world) {
  Call call = world.a().rpc().call(NodeId{1}, Port::tests, {}, seconds(1));
  const Result<Payload> answer = co_await call;
  world.log.push_back("called");
}

TEST(Task, DestroyedInAnyWaitNeverWakes) {
  FakeWorld world;
  const SpawnId ids[] = {world.a().spawn(computes(world)), world.a().spawn(receives(world)),
                         world.a().spawn(calls(world)),
                         world.a().spawn(sleeps(world, "sleep", milliseconds{5}))};
  for (const SpawnId id : ids) world.a().cancel(id);
  world.b().send(NodeId{0}, Port::tests, {});
  world.run(seconds(10));
  EXPECT_THAT(world.log, ElementsAre("sleep gone"));
}

Task<> throws(FakeWorld& world) {
  co_await world.a().sleep(milliseconds{1});
  throw std::runtime_error{"a user's mistake"};
}

TEST(Task, LetsAnExceptionOutOfTheEventLoop) {
  FakeWorld world;
  world.a().spawn(throws(world));
  EXPECT_THROW(world.run(seconds(1)), std::runtime_error);
}

Task<> waits(FakeWorld& world, Signal& signal, Duration limit) {
  co_await signal.wait_until(limit);
  world.log.push_back(std::to_string(world.now().count()) +
                      (signal.is_raised() ? " raised" : " late"));
}

TEST(Signal, WakesAtOnceOrAtTheLimit) {
  FakeWorld world;
  Signal early{world}, raised{world}, late{world};
  early.raise();
  world.a().spawn(waits(world, early, Duration{9}));
  world.a().spawn(waits(world, raised, Duration{9}));
  world.a().spawn(waits(world, late, Duration{9}));
  raised.raise();
  raised.raise();
  EXPECT_THAT(world.log, ElementsAre("0 raised"));  // never from inside raise()
  world.run(seconds(1));
  EXPECT_THAT(world.log, ElementsAre("0 raised", "0 raised", "9 late"));
}

}  // namespace
}  // namespace evenkeel::test
