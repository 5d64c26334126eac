// A trace as JSON, there and back, and whatever else claims to be one.
#include "sim/trace/request_trace.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "models/runtime/random.h"
#include "models/runtime/user_error.h"

namespace evenkeel::test {
namespace {

using Kind = TraceStep::Kind;
using std::chrono::milliseconds;

RequestTrace sample() {
  RequestTrace trace{.number = 12,
                     .seed = 3,
                     .request_class = "ask",
                     .site = "hub",
                     .sent = seconds(2),
                     .record = RequestRecord{.number = 12,
                                             .copies = 2,
                                             .sent = seconds(2),
                                             .ended = seconds(2) + milliseconds{9},
                                             .network = milliseconds{4},
                                             .compute = milliseconds{5}},
                     .followed_until = seconds(3),
                     .nodes = {"hub", "edge", "cloud"},
                     .server = "edge"};
  const auto at = [](int ms) { return seconds(2) + milliseconds{ms}; };
  trace.steps = {{.kind = Kind::message,
                  .node = NodeId{0},
                  .to = NodeId{1},
                  .begin = at(0),
                  .end = at(4),
                  .amount = 100,
                  .what = "requests"},
                 {.kind = Kind::computation,
                  .node = NodeId{1},
                  .begin = at(4),
                  .end = at(9),
                  .amount = 2e6,
                  .cause = Cause{2}},
                 {.kind = Kind::message,
                  .node = NodeId{1},
                  .to = NodeId{0},
                  .begin = at(9),
                  .amount = 40,
                  .cause = Cause{2},
                  .what = "replies"},
                 {.kind = Kind::message,
                  .node = NodeId{1},
                  .to = NodeId{2},
                  .begin = at(4),
                  .end = at(5),
                  .amount = 124,
                  .what = "multiply",
                  .session = 9,
                  .round = 2},
                 {.kind = Kind::message,
                  .node = NodeId{2},
                  .to = NodeId{1},
                  .begin = at(4),
                  .end = at(6),
                  .amount = 124,
                  .what = "multiply",
                  .session = 9,
                  .round = 2},
                 {.kind = Kind::message,
                  .node = NodeId{2},
                  .to = NodeId{1},
                  .begin = at(3),
                  .end = at(4),
                  .amount = 50,
                  .what = "keys",
                  .session = 9,
                  .round = 1,
                  .is_offline = true},
                 {.kind = Kind::note,
                  .node = NodeId{1},
                  .begin = at(7),
                  .end = at(7),
                  .what = "computes",
                  .detail = "nothing",
                  .session = 9},
                 {.kind = Kind::note,
                  .node = NodeId{1},
                  .begin = at(7),
                  .end = at(7),
                  .what = "owns",
                  .detail = "the sum",
                  .session = 9}};
  return trace;
}

TEST(RequestTrace, ComesBackFromJsonAsItWas) {
  const RequestTrace trace = sample();
  const std::string text = to_json(trace).dump();
  const RequestTrace back = parse_request_trace(text);
  EXPECT_EQ(to_json(back).dump(), text);
  EXPECT_EQ(back.steps.size(), trace.steps.size());
  EXPECT_EQ(back.steps[2].end, never);
  EXPECT_EQ(back.record->ended, trace.record->ended);
}

TEST(RequestTrace, NamesStepsForPeople) {
  const RequestTrace trace = sample();
  EXPECT_EQ(place_of(trace, trace.steps[0]), "hub → edge");
  EXPECT_EQ(words_of(trace, trace.steps[0]), "requests: 100 B");
  EXPECT_EQ(place_of(trace, trace.steps[1]), "edge");
  EXPECT_EQ(words_of(trace, trace.steps[2]), "answer to requests: 40 B");
  EXPECT_EQ(words_of(trace, trace.steps[5]), "keys, round 1 offline: 50 B");
}

TEST(RequestTrace, AddsUpRoundsAndSeatsOfAComputation) {
  const std::vector<TracedComputation> all = computations_of(sample());
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].rounds.size(), 2U);
  EXPECT_TRUE(all[0].rounds[0].is_offline);
  EXPECT_EQ(all[0].rounds[1].messages, 2U);
  EXPECT_EQ(all[0].rounds[1].bytes, 248);
  EXPECT_EQ(all[0].rounds[1].end - all[0].rounds[1].begin, milliseconds{2});
  ASSERT_EQ(all[0].seats.size(), 2U);
  EXPECT_EQ(all[0].seats[0].roles, "computes, owns");
  EXPECT_EQ(all[0].seats[0].learned, "nothing; the sum");
  EXPECT_EQ(all[0].seats[1].sent_bytes, 174);
  EXPECT_EQ(all[0].seats[1].received_bytes, 124);
}

TEST(RequestTrace, RefusesWhatIsNone) {
  const auto refused = [](const std::function<void(nlohmann::json&)>& spoil) {
    nlohmann::json json = to_json(sample());
    spoil(json);
    EXPECT_THROW(parse_request_trace(json.dump()), UserError) << json.dump();
  };
  EXPECT_THROW(parse_request_trace(""), UserError);
  EXPECT_THROW(parse_request_trace("[]"), UserError);
  refused([](auto& json) { json.erase("steps"); });
  refused([](auto& json) { json["steps"][0]["node"] = 3; });
  refused([](auto& json) { json["steps"][0]["to"] = -1; });
  refused([](auto& json) { json["steps"][0].erase("to"); });
  refused([](auto& json) { json["steps"][0]["kind"] = "rumour"; });
  refused([](auto& json) { json["steps"][0]["begin_s"] = 1e300; });
  refused([](auto& json) { json["steps"][0]["end_s"] = 1; });
  refused([](auto& json) { json["steps"][1]["cause"] = 9; });
  refused([](auto& json) { json["steps"][1]["amount"] = -1; });
  refused([](auto& json) { json["record"]["end"] = "vanished"; });
  refused([](auto& json) { json["record"]["copies"] = 1000; });
  refused([](auto& json) { json["nodes"] = "hub"; });
}

// Whatever bytes come, it is a trace or a UserError.
TEST(RequestTrace, SurvivesSpoiledBytes) {
  const std::string text = to_json(sample()).dump();
  Random random = Random::stream(1, "spoiled traces");
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string spoiled = text;
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n)
      spoiled[random.below(spoiled.size())] = static_cast<char>(random.below(256));
    if (random.below(4) == 0) spoiled.resize(random.below(spoiled.size()));
    try {
      const RequestTrace trace = parse_request_trace(spoiled);
      for (const TraceStep& step : trace.steps) words_of(trace, step);
      computations_of(trace);
    } catch (const UserError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace evenkeel::test
