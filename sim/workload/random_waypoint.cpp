// Random waypoint over the map: a device picks a place at random, takes the shortest way there at a
// constant speed, rests, and picks another (Johnson & Maltz, "Dynamic source routing in ad hoc
// wireless networks", 1996, with a graph for the plane). Between two places it belongs to the
// nearer.
#include <algorithm>
#include <cmath>

#include "models/runtime/check.h"
#include "models/runtime/random.h"
#include "models/runtime/user_error.h"
#include "sim/workload/next_hops.h"

namespace evenkeel {
namespace {

class RandomWaypoint final : public Movement {
 public:
  RandomWaypoint(const MovementContext& context, double speed, Duration pause)
      : map_(context.map),
        home_(context.home),
        seed_(mix(context.seed ^ 0x776179706f696e74ULL)),
        speed_(speed),
        pause_(pause),
        hops_(*map_),
        walks_(context.devices) {
    for (std::uint32_t device = 0; device < context.devices; ++device) begin(device);
  }

  std::uint32_t site_of(std::uint32_t device, Time at) override {
    Walk& walk = walks_[device];
    if (at < walk.since) begin(device);
    while (at >= walk.leaves) {
      const NextHops::Tree& tree = hops_.towards(walk.destination);
      const std::uint32_t next = tree.next[walk.place];
      const Duration takes = seconds(double{tree.hop_m[walk.place]} / speed_);
      if (at - walk.leaves < takes / 2) return walk.place;
      if (at - walk.leaves < takes) return next;
      arrive(device, next, walk.leaves + takes);
    }
    return walk.place;
  }

 private:
  struct Walk {
    Time since{};   // at `place` from then on,
    Time leaves{};  // for the next place on the way from then on; `never`: it stays
    std::uint32_t place = 0;
    std::uint32_t destination = 0;
    std::uint32_t leg = 0;
  };

  /// At home, in the middle of a rest, so that devices do not all set out together.
  void begin(std::uint32_t device) {
    Walk& walk = walks_[device];
    walk = {};
    walk.place = home_(device);
    EVENKEEL_CHECK(walk.place < map_->ways.size(), "a home is a place of the map");
    Random random = numbers(device, 0);
    const double part = random.uniform();
    set_out(walk, random, seconds(part * to_seconds(pause_)));
  }
  void arrive(std::uint32_t device, std::uint32_t place, Time at) {
    Walk& walk = walks_[device];
    walk.place = place;
    walk.since = walk.leaves = at;
    if (place != walk.destination) return;
    Random random = numbers(device, ++walk.leg);
    set_out(walk, random, at + pause_);
  }
  void set_out(Walk& walk, Random& random, Time leaves) {
    const std::vector<std::uint32_t>& all = hops_.destinations(walk.place);
    const auto here = std::ranges::lower_bound(all, walk.place);
    const bool among = here != all.end() && *here == walk.place;
    const std::size_t others = all.size() - (among ? 1 : 0);
    walk.leaves = others > 0 ? leaves : never;
    if (others == 0) return;
    std::size_t choice = random.below(others);
    if (among && choice >= static_cast<std::size_t>(here - all.begin())) ++choice;
    walk.destination = all[choice];
  }
  Random numbers(std::uint32_t device, std::uint32_t leg) const {
    return Random{seed_ ^ mix(std::uint64_t{device} << 32 | leg)};
  }

  std::shared_ptr<const Map> map_;
  std::function<std::uint32_t(std::uint32_t)> home_;
  std::uint64_t seed_;
  double speed_;
  Duration pause_;
  NextHops hops_;
  std::vector<Walk> walks_;
};

struct Settings {
  double speed = 1.4;
  Duration pause = std::chrono::seconds{60};

  void describe(Fields& fields) {
    fields.number("speed", speed, Unit::velocity, {"how fast a device moves", 1e-3, 1e4});
    fields.duration("pause", pause, {"how long it rests where it wanted to go", 0, 1e8});
  }
  std::unique_ptr<Movement> make(const MovementContext& context) const {
    if (!context.map) throw UserError("movement 'random_waypoint': needs a topology with lengths");
    return std::make_unique<RandomWaypoint>(context, speed, pause);
  }
};

const Registered entry{
    movements(),
    movement_entry<Settings>("random_waypoint", "to random sites on shortest ways, with rests")};

}  // namespace
}  // namespace evenkeel
