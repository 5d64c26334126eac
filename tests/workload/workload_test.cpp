#include "sim/workload/workload.h"

#include <gmock/gmock.h>

#include <malloc.h>

#include "tests/workload/settings.h"

namespace evenkeel {
namespace {

WorkloadClass request_class(const std::string& name, const std::string& process,
                            const Values& values, double rate) {
  WorkloadClass its;
  its.name = name;
  its.arrivals = configured<MakeArrivals>(arrivals(), process, values);
  its.rate = rate;
  its.work = distribution("exponential", {{"mean", "1e9"}});
  its.input = distribution("lognormal", {{"mean", "1e5"}, {"cv", "0.5"}});
  its.output = distribution("fixed", {{"value", "2000"}});
  its.keys = Keys{1000, 0.9};
  return its;
}

WorkloadPlan plan() {
  WorkloadPlan result;
  result.populations = {{.name = "camera", .placements = {{7, 3}, {9, 2}}},
                        {.name = "bulb", .placements = {{7, 4}}}};
  result.classes = {request_class("detect", "poisson", {}, 2),
                    request_class("report", "deterministic", {}, 1),
                    request_class("ask", "closed_loop", {}, 0)};
  result.classes[1].population = 1;
  result.seed = 3;
  return result;
}

/// The first arrivals; every request ends so long after it came.
std::vector<Arrival> first_of(Workload& workload, std::size_t count, double service_s) {
  std::vector<Arrival> result;
  std::multimap<Time, std::pair<std::uint32_t, std::uint32_t>> open;
  while (result.size() < count) {
    if (!open.empty() && open.begin()->first <= workload.next_at()) {
      const auto [at, its] = *open.begin();
      open.erase(open.begin());
      workload.ended(its.first, its.second, at);
      continue;
    }
    const Arrival* arrival = workload.next();
    if (!arrival) break;
    result.push_back(*arrival);
    open.emplace(arrival->at + seconds(service_s),
                 std::pair{arrival->request_class, arrival->device});
  }
  return result;
}

TEST(Workload, MergesItsClassesInTimeOrder) {
  Workload workload{plan()};
  const auto all = first_of(workload, 5000, 0.1);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Arrival::at));
  double of_class[3] = {};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].number, i);
    EXPECT_EQ(all[i].population, all[i].request_class == 1 ? 1u : 0u);
    EXPECT_LT(all[i].device, all[i].population == 1 ? 4u : 5u);
    EXPECT_EQ(all[i].site, all[i].population == 0 && all[i].device >= 3 ? 9u : 7u);
    EXPECT_EQ(all[i].output_bytes, 2000);
    EXPECT_LT(all[i].key, 1000u);
    ++of_class[all[i].request_class];
  }
  const double end_s = to_seconds(all.back().at);
  EXPECT_NEAR(of_class[0], 10 * end_s, 4 * std::sqrt(10 * end_s));
  EXPECT_NEAR(of_class[1], 4 * end_s, 5);
  EXPECT_NEAR(of_class[2], 5 / 1.1 * end_s, 4 * std::sqrt(5 * end_s));
}

TEST(Workload, GivesEveryPolicyTheSameRequests) {
  Workload quick{plan()};
  Workload slow{plan()};
  const auto of = [](const std::vector<Arrival>& all, std::uint32_t request_class,
                     std::uint32_t device) {
    std::vector<std::tuple<double, double, std::uint64_t>> result;
    for (const Arrival& its : all)
      if (its.request_class == request_class && its.device == device)
        result.emplace_back(its.work, its.input_bytes, its.key);
    result.resize(std::min<std::size_t>(result.size(), 50));
    return result;
  };
  const auto one = first_of(quick, 10'000, 0.01);
  const auto other = first_of(slow, 10'000, 3);
  for (std::uint32_t request_class = 0; request_class < 3; ++request_class)
    for (std::uint32_t device = 0; device < 4; ++device) {
      ASSERT_EQ(of(one, request_class, device).size(), 50u);
      EXPECT_EQ(of(one, request_class, device), of(other, request_class, device));
    }
  // Open classes come at the same times as well.
  const auto times = [](const std::vector<Arrival>& all) {
    std::vector<Time> result;
    for (const Arrival& its : all)
      if (its.request_class == 0 && result.size() < 1000) result.push_back(its.at);
    return result;
  };
  EXPECT_EQ(times(one), times(other));
}

TEST(Workload, KeepsAClassAsItIsWhenOthersFollow) {
  WorkloadPlan less = plan();
  less.classes.resize(1);
  Workload alone{less};
  Workload together{plan()};
  std::vector<Arrival> its = first_of(together, 3000, 0.1);
  std::erase_if(its, [](const Arrival& arrival) { return arrival.request_class != 0; });
  for (const Arrival& expected : its) {
    const Arrival* arrival = alone.next();
    ASSERT_NE(arrival, nullptr);
    EXPECT_EQ(arrival->at, expected.at);
    EXPECT_EQ(arrival->work, expected.work);
  }
}

TEST(Workload, TakesFromATraceWhatItSays) {
  const TemporaryFile file{"time,w,k\n0,5,a\n1,6,b\n"};
  WorkloadPlan its = plan();
  its.classes = {request_class("replay", "trace", {{"file", file.path()}, {"work", "w"}}, 0)};
  Workload workload{its};
  EXPECT_EQ(workload.next()->work, 5);
  const Arrival* second = workload.next();
  EXPECT_EQ(second->work, 6);
  EXPECT_GT(second->input_bytes, 0);
  EXPECT_EQ(workload.next(), nullptr);
  EXPECT_EQ(workload.next_at(), never);
}

TEST(Workload, HeatsTheSitesOfDevicesAtHomeOrWhereTheyAreNow) {
  auto map = std::make_shared<Map>();
  map->ways = {{{1, 100}}, {{0, 100}}};
  for (const bool moving : {false, true}) {
    WorkloadPlan its;
    its.map = map;
    its.populations = {{.name = "car", .placements = {{0, 50}, {1, 50}}}};
    if (moving)
      its.populations[0].movement = configured<MakeMovement>(movements(), "random_waypoint",
                                                             {{"speed", "10"}, {"pause", "20"}});
    its.classes = {request_class("ask", "poisson", {}, 1)};
    its.classes[0].hot = {{.site = 1, .factor = 4}};
    Workload workload{its};
    std::map<std::uint32_t, double> sites;
    for (int i = 0; i < 50'000; ++i) ++sites[workload.next()->site];
    // Half of the time, or of the devices, is at each site. Within 4 sigma, and where devices move
    // 2 % for the sites' unequal share of them.
    EXPECT_NEAR(sites[1] / 50'000, 0.8, moving ? 0.02 : 4 * 0.0018);
  }
}

TEST(Workload, RefusesAPopulationWithoutDevicesOrWithTooMany) {
  WorkloadPlan its = plan();
  its.populations[1].placements = {};
  EXPECT_EQ(user_error_of([&] { Workload{its}; }), "devices 'bulb': there is none");
  its.populations[1].placements = {{0, 60'000'000}, {0, 60'000'000}};
  EXPECT_EQ(user_error_of([&] { Workload{its}; }), "devices 'bulb': more than 100 million");
}

/// What the process has allocated (0 under the address sanitizer).
double allocated_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

TEST(Workload, KeepsSomeTensOfBytesForAnIdleDevice) {
  constexpr std::uint32_t devices = 100'000;
  const auto bytes_for = [&](const std::string& process, const Values& values, double rate) {
    WorkloadPlan its;
    its.map = std::make_shared<Map>(Map{.ways = {{{1, 100}}, {{0, 100}}}});
    its.populations = {{.placements = {{0, devices}}}};
    its.populations[0].movement = configured<MakeMovement>(movements(), "random_waypoint", {});
    its.classes = {request_class("ask", process, values, rate)};
    const double before = allocated_bytes();
    Workload workload{its};
    for (int i = 0; i < 1000; ++i) workload.next();
    return (allocated_bytes() - before) / devices;
  };
  EXPECT_LT(bytes_for("poisson", {}, 0.01), 60);  // 40 of which are the device's walk
  EXPECT_LT(bytes_for("deterministic", {}, 0.01), 100);
  EXPECT_LT(bytes_for("on_off", {}, 0.01), 100);
  EXPECT_LT(bytes_for("mmpp", {}, 0.01), 100);
  EXPECT_LT(bytes_for("closed_loop", {}, 0), 100);
}

TEST(Homes, FollowFromThePlacements) {
  const Homes homes{{.placements = {{4, 2}, {6, 0}, {5, 1}, {4, 3}}}};
  EXPECT_EQ(homes.devices(), 6u);
  std::vector<std::uint32_t> sites;
  for (std::uint32_t device = 0; device < 6; ++device) sites.push_back(homes.site_of(device));
  EXPECT_THAT(sites, testing::ElementsAre(4, 4, 5, 4, 4, 4));
  ASSERT_EQ(homes.at(4).size(), 2u);
  EXPECT_EQ(homes.at(4)[1].first, 3u);
  EXPECT_EQ(homes.at(4)[1].count, 3u);
  EXPECT_TRUE(homes.at(6).empty());
}

}  // namespace
}  // namespace evenkeel
