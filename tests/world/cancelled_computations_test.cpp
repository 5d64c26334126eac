// A computation may be given up when another one ends, and the next begin soon after.
#include <gmock/gmock.h>

#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

struct Job final : Waiter {
  Job(
      World& its_world, double operations, std::function<void()> its_end = [] {})
      : world(its_world), end(std::move(its_end)) {
    id = world.start_compute(a, Work{operations}, *this);
  }
  void wake() override {
    id = {};
    over = true;
    end();
  }
  void give_up() {
    world.cancel_compute(a, id);
    id = {};
  }
  World& world;
  EventId id;
  std::function<void()> end;
  bool over = false;
};

/// Each millisecond a long computation and a short one begin; the end of the short one gives the
/// long one up.
class Impatient final : public Waiter {
 public:
  Impatient(World& world, int times) : world_(world), left_(times) { arm(); }
  void wake() override {
    auto& long_one = long_ones.emplace_back(std::make_unique<Job>(world_, 1e9));
    const bool is_last = --left_ == 0;
    short_ones.push_back(std::make_unique<Job>(world_, 3e5, [&job = *long_one, is_last] {
      if (!is_last) job.give_up();
    }));
    if (!is_last) arm();
  }
  std::vector<std::unique_ptr<Job>> long_ones;
  std::vector<std::unique_ptr<Job>> short_ones;

 private:
  void arm() { world_.set_timer(world_.now() + milliseconds{1}, *this); }

  World& world_;
  int left_;
};

TEST(CancelledComputations, TouchNoneThatBeginsAfterThem) {
  for (const bool measured : {false, true})  // with energy SimGrid runs them
    in_child([measured] {
      const Hardware hardware{
          .cores = 8, .power = measured ? std::optional<Power>{Power{10, 20, 0}} : std::nullopt};
      Stage stage{Stage::Network::fluid, hardware};
      const Impatient impatient{stage.world, 500};
      stage.world.run(seconds(3));
      const auto is_over = [](const auto& job) { return job->over; };
      EXPECT_EQ(std::ranges::count_if(impatient.short_ones, is_over), 500);
      EXPECT_EQ(std::ranges::count_if(impatient.long_ones, is_over), 1);
    });
}

}  // namespace
}  // namespace evenkeel::test
