// What belongs to the traced request, and what does not, wherever it goes.
#include "models/runtime/trace.h"

#include "models/runtime/signal.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

using Kind = TraceStep::Kind;

std::vector<std::string> described(const Trace& trace) {
  std::vector<std::string> all;
  for (const TraceStep& step : trace.steps()) {
    const bool is_message = step.kind == Kind::message;
    all.push_back((is_message ? std::string{"message "} : std::string{}) + step.what +
                  (step.kind == Kind::computation ? "computation" : "") + " " +
                  std::to_string(index(step.node)) +
                  (is_message ? ">" + std::to_string(index(step.to)) : ""));
  }
  return all;
}

Task<std::optional<Payload>> answer_after_work(Node& node) {
  co_await node.compute(Work{1e6});
  co_return Payload{};
}

Task<> ask(Node& node, NodeId whom) {
  Call call = node.rpc().call(whom, Port::requests, {}, never);
  const Result<Payload> answer = co_await call;
  co_await node.sleep(milliseconds{1}, "afterwards");
  static_cast<void>(answer);
}

// A node begins a request's task, as a client does, with another that asks the same beside it.
Task<> begin_both(Node& node) {
  {
    const Trace::Scope scope{Trace::cause_of(7)};
    node.spawn(ask(node, b));
  }
  node.spawn(ask(node, c));
  co_return;
}

void serve_all(Stage& stage) {
  for (const NodeId id : {b, c})
    stage.world.node(id).on_start([](Node& node) {
      node.rpc().serve(Port::requests,
                       [&node](CallId, Payload) { return answer_after_work(node); });
    });
}

TEST(Trace, FollowsACallToItsServerAndBackAndNoOther) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    serve_all(stage);
    stage.world.node(a).on_start([](Node& node) { node.spawn(begin_both(node)); });
    const Trace trace{7};
    stage.world.run(seconds(1));
    EXPECT_THAT(described(trace), testing::ElementsAre("message requests 0>1", "computation 1",
                                                       "message replies 1>0", "afterwards 0"));
    const std::vector<TraceStep>& steps = trace.steps();
    EXPECT_EQ(steps[0].cause, Cause::request);
    EXPECT_EQ(Trace::step_of(steps[1].cause), 0U);  // by what arrived
    EXPECT_EQ(Trace::step_of(steps[2].cause), 0U);
    EXPECT_EQ(steps[3].cause, Cause::request);  // it goes on as what it was
    EXPECT_EQ(steps[0].end, steps[1].begin);
    EXPECT_EQ(steps[1].end - steps[1].begin, milliseconds{1});
    EXPECT_EQ(steps[2].end, steps[3].begin);
  });
}

TEST(Trace, RecordsNothingOfAnotherRequest) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    serve_all(stage);
    stage.world.node(a).on_start([](Node& node) { node.spawn(begin_both(node)); });
    const Trace trace{8};
    stage.world.run(seconds(1));
    EXPECT_TRUE(trace.steps().empty());
  });
}

// Two wait for signals that the other one raises: each goes on as itself.
Task<> raise_for(Node& node, Signal& own, Signal& others, bool first) {
  if (!first) co_await own.wait_until(never);
  others.raise();
  if (first) co_await own.wait_until(never);
  co_await node.sleep(milliseconds{1}, first ? "first" : "second");
}

TEST(Trace, IsNotHandedOnByASignal) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    Signal one{stage.world};
    Signal two{stage.world};
    stage.world.node(a).on_start([&](Node& node) {
      node.spawn(raise_for(node, two, one, false));
      const Trace::Scope scope{Trace::cause_of(7)};
      node.spawn(raise_for(node, one, two, true));
    });
    const Trace trace{7};
    stage.world.run(seconds(1));
    EXPECT_THAT(described(trace), testing::ElementsAre("first 0"));
  });
}

TEST(Trace, ShowsWhatIsLostAsNeverArrived) {
  in_child([] {
    Stage stage{Stage::Network::latency};
    stage.world.node(a).on_start([&](Node& node) {
      stage.world.node(b).stop();
      const Trace::Scope scope{Trace::cause_of(7)};
      node.send(b, Port::tests, {});
    });
    const Trace trace{7};
    stage.world.run(seconds(1));
    ASSERT_EQ(trace.steps().size(), 1U);
    EXPECT_EQ(trace.steps()[0].end, never);
  });
}

TEST(Trace, EndsWithWhoWantedIt) {
  { const Trace trace{7}; }
  EXPECT_EQ(Trace::cause_of(7), Cause::none);
  EXPECT_EQ(Trace::here(), nullptr);
}

TEST(Trace, KeepsOnlySoManySteps) {
  Trace trace{7};
  const Trace::Scope scope{Cause::request};
  for (std::size_t i = 0; i < Trace::most_steps + 3; ++i) trace.note({.node = a});
  EXPECT_EQ(trace.steps().size(), Trace::most_steps);
  EXPECT_EQ(trace.left_off(), 3U);
}

}  // namespace
}  // namespace evenkeel::test
