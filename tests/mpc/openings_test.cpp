// Openings by all ways, of all seats' summands or of those of the first few only: the sum, and who
// sends how much, in how many rounds.
#include "models/mpc/tools/openings.h"

#include <gtest/gtest.h>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

struct Opened {
  std::vector<Words> sums = {};
  std::vector<Spent> spent = {};
};

Task<Words> open_own(Session& session, OpeningPlan plan) {
  Words mine(3, 0);
  if (session.self() < plan.adding) mine = {session.self() + Word{1}, 10, ~Word{0}};
  Task<Words> opening = plan.open(session, ring64(), std::move(mine), sizeof(Word));
  Words sum = co_await std::move(opening);
  co_return sum;
}

Task<> sit(Sessions& sessions, Seat self, OpeningPlan plan, Opened& opened) {
  SessionPlan seats{.id = 1, .self = self, .parties = plan.n};
  for (std::uint32_t i = 0; i < plan.n; ++i) seats.seats.push_back(NodeId{i});
  Session session{sessions, std::move(seats)};
  Task<Words> body = open_own(session, plan);
  Task<Result<Words>> running = session.run(std::move(body));
  Result<Words> sum = co_await std::move(running);
  if (sum) opened.sums[self] = std::move(*sum);
  opened.spent[self] = session.spent();
}

Opened open_at_all(OpeningPlan plan) {
  ClusterWorld world{{.nodes = plan.n}};
  std::vector<std::unique_ptr<Sessions>> sessions(plan.n);
  Opened opened{std::vector<Words>(plan.n), std::vector<Spent>(plan.n)};
  for (std::uint32_t i = 0; i < plan.n; ++i)
    world.node(i).on_start([&, i](Node& node) {
      sessions[i] = std::make_unique<Sessions>(node);
      Task<> task = sit(*sessions[i], i, plan, opened);
      node.spawn(std::move(task));
    });
  world.start();
  world.run_for(seconds(100));
  world.stop();
  return opened;
}

TEST(Openings, GiveAllTheSumAtTheCostThatTheirPlanStates) {
  for (const Openings way : {Openings::direct, Openings::king, Openings::ring, Openings::tree})
    for (const Seat n : {2U, 3U, 4U, 7U, 8U})
      for (const Seat adding : {1U, 2U, n / 2 + 1, n - 1, n}) {
        if (adding > n) continue;
        const OpeningPlan plan{way, n, adding};
        SCOPED_TRACE(std::string{opening_ways[static_cast<std::size_t>(way)]} + " of " +
                     std::to_string(adding) + " among " + std::to_string(n));
        const Opened opened = open_at_all(plan);
        const Words right{Word{adding} * (adding + 1) / 2, Word{10} * adding, 0 - Word{adding}};
        std::uint32_t rounds = 0;
        for (Seat seat = 0; seat < n; ++seat) {
          EXPECT_EQ(opened.sums[seat], right) << seat;
          EXPECT_EQ(opened.spent[seat].sent_bytes, 24 * plan.sent_by(seat)) << seat;
          EXPECT_EQ(opened.spent[seat].messages, plan.sent_by(seat)) << seat;
          rounds = std::max(rounds, opened.spent[seat].rounds);
        }
        EXPECT_EQ(rounds, plan.rounds());
      }
}

}  // namespace
}  // namespace evenkeel::test
