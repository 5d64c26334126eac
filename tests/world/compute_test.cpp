// What computations take on cores with a queue and on shared ones, by hand at 1 Gop/s, and the
// energy they cost.
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

constexpr double ns = 1.5e-9;

struct Piece {
  std::string name;
  Duration when;
  double work;
};

void compute(Stage& stage, const std::vector<Piece>& pieces) {
  stage.world.node(a).on_start([&stage, pieces](Node& node) {
    for (const Piece& piece : pieces)
      node.spawn(compute_at(node, stage, piece.name, piece.when, piece.work));
  });
}

void expect_end(Stage& stage, const std::string& name, double at) {
  ASSERT_EQ(stage.times[name].size(), 1u) << name;
  EXPECT_NEAR(stage.times[name][0], at, ns) << name;
}

TEST(Compute, OneCoreServesInOrder) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      compute(stage, {{"first", milliseconds{0}, 3e6},
                      {"second", milliseconds{1}, 1e6},
                      {"third", milliseconds{2}, 2e6},
                      {"later", milliseconds{10}, 1e6},
                      {"nothing", milliseconds{20}, 0}});
      stage.world.run(seconds(1));
      expect_end(stage, "first", 3e-3);
      expect_end(stage, "second", 4e-3);
      expect_end(stage, "third", 6e-3);
      expect_end(stage, "later", 11e-3);
      expect_end(stage, "nothing", 20e-3);
    });
  }
}

TEST(Compute, TwoCoresServeTwoAtOnce) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network, {.cores = 2}};
      compute(stage, {{"long", milliseconds{0}, 5e6},
                      {"short", milliseconds{0}, 2e6},
                      {"third", milliseconds{1}, 2e6},
                      {"fourth", milliseconds{1}, 4e6}});
      stage.world.run(seconds(1));
      expect_end(stage, "long", 5e-3);
      expect_end(stage, "short", 2e-3);
      expect_end(stage, "third", 4e-3);
      expect_end(stage, "fourth", 8e-3);
    });
  }
}

TEST(Compute, ASharedCoreGivesEachItsPart) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network, {.discipline = Discipline::processor_sharing}};
      compute(stage, {{"long", milliseconds{0}, 4e6}, {"short", milliseconds{1}, 1e6}});
      stage.world.run(seconds(1));
      // Alone for 1 ms, half each for 2 ms, alone for the last 2 ms.
      expect_end(stage, "short", 3e-3);
      expect_end(stage, "long", 5e-3);
    });
  }
}

TEST(Compute, SharedCoresGiveNobodyMoreThanOne) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network, {.cores = 2, .discipline = Discipline::processor_sharing}};
      compute(
          stage,
          {{"x", milliseconds{0}, 2e6}, {"y", milliseconds{0}, 4e6}, {"z", milliseconds{0}, 6e6}});
      stage.world.run(seconds(1));
      // 2/3 of a core each for 3 ms; then one each: y has 2e6 left, z 4e6.
      expect_end(stage, "x", 3e-3);
      expect_end(stage, "y", 5e-3);
      expect_end(stage, "z", 7e-3);
    });
  }
}

Task<> cancel_at(Node& node, Duration when, SpawnId id) {
  co_await node.sleep(when);
  node.cancel(id);
}

TEST(Compute, ACancelledTaskLeavesItsCoreAndItsPlaceInTheQueue) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      stage.world.node(a).on_start([&](Node& node) {
        const SpawnId runs = node.spawn(compute_at(node, stage, "runs", {}, 100e6));
        const SpawnId waits = node.spawn(compute_at(node, stage, "waits", {}, 100e6));
        node.spawn(compute_at(node, stage, "next", {}, 5e6));
        node.spawn(cancel_at(node, milliseconds{10}, runs));
        node.spawn(cancel_at(node, milliseconds{5}, waits));
      });
      stage.world.run(seconds(1));
      EXPECT_TRUE(stage.times["runs"].empty());
      EXPECT_TRUE(stage.times["waits"].empty());
      expect_end(stage, "next", 15e-3);
    });
  }
}

TEST(Compute, ASlowedNodeTakesLonger) {
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network};
      const Later slow{stage.world, milliseconds{10}, [&] { stage.world.slow_down(a, 0.5); }};
      compute(stage, {{"before", milliseconds{0}, 2e6}, {"after", milliseconds{20}, 2e6}});
      stage.world.run(seconds(1));
      expect_end(stage, "before", 2e-3);
      expect_end(stage, "after", 24e-3);
    });
  }
}

TEST(Energy, IsIdlePowerPlusTheBusyShareOfTheRest) {
  // Before the crash one of two cores computes for 4 s and the other for 1 s: 2.5 s of (60 - 20) W.
  // Off from 10 s to 12 s; restarted it does the same, 2 s and 1 s of it until the end.
  const Hardware hardware{.cores = 2, .power = Power{.idle_w = 20, .busy_w = 60, .off_w = 1}};
  for (const Stage::Network network : both_networks) {
    in_child([&] {
      Stage stage{network, hardware};
      compute(stage, {{"x", seconds(1), 4e9}, {"y", seconds(2), 1e9}});
      const Later crash{stage.world, seconds(10), [&] { stage.world.crash(a); }};
      const Later restart{stage.world, seconds(12), [&] { stage.world.restart(a); }};
      stage.world.run(seconds(15));
      EXPECT_NEAR(stage.world.energy_j(a), 13 * 20 + 4 * 40 + 2 * 1, 1e-6);
      EXPECT_NEAR(stage.world.energy_j(b), 15 * 20, 1e-6);
    });
  }
}

}  // namespace
}  // namespace evenkeel::test
