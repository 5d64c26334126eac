// Each arrival process against what theory or plain arithmetic says of it.
#include <gtest/gtest.h>

#include "tests/workload/settings.h"
#include "tests/workload/statistics.h"

namespace evenkeel {
namespace {

struct Event {
  double at_s;
  std::uint32_t device;
};

std::vector<Event> until(Arrivals& arrivals, double end_s) {
  std::vector<Event> events;
  for (const Demand* request; (request = arrivals.peek()) && to_seconds(request->at) < end_s;
       arrivals.pop())
    events.push_back({to_seconds(request->at), request->device});
  return events;
}

std::vector<double> gaps(const std::vector<Event>& events) {
  std::vector<double> result;
  for (std::size_t i = 1; i < events.size(); ++i)
    result.push_back(events[i].at_s - events[i - 1].at_s);
  return result;
}
std::vector<double> gaps_of_device(const std::vector<Event>& events, std::uint32_t device) {
  std::vector<Event> its;
  for (const Event& event : events)
    if (event.device == device) its.push_back(event);
  return gaps(its);
}
std::vector<double> counts_per(const std::vector<Event>& events, double window_s, double end_s) {
  std::vector<double> counts(static_cast<std::size_t>(end_s / window_s), 0);
  for (const Event& event : events)
    if (const auto i = static_cast<std::size_t>(event.at_s / window_s); i < counts.size())
      ++counts[i];
  return counts;
}
auto exponential_cdf(double rate) {
  return [rate](double x) { return 1 - std::exp(-rate * x); };
}

TEST(Poisson, HasExponentialGapsAsAWholeAndForEachDevice) {
  const auto arrivals = arrivals_of("poisson", {}, {.rate = 0.5, .devices = 100, .seed = 1});
  const auto events = until(*arrivals, 2000);
  EXPECT_LT(kolmogorov_smirnov(gaps(events), exponential_cdf(50)), kolmogorov_smirnov_limit);
  for (const std::uint32_t device : {0u, 57u, 99u})
    EXPECT_LT(kolmogorov_smirnov(gaps_of_device(events, device), exponential_cdf(0.5)),
              kolmogorov_smirnov_limit);
  EXPECT_NEAR(static_cast<double>(events.size()), 100'000, 4 * std::sqrt(100'000.0));
}

TEST(Poisson, IsWhatTheDevicesWouldDoOneByOne) {
  const auto arrivals = arrivals_of("poisson", {}, {.rate = 0.5, .devices = 40, .seed = 1});
  std::vector<Event> single;
  for (std::uint32_t device = 0; device < 40; ++device) {
    Random random = Random::stream(99, "one by one", device);
    for (double at = random.exponential() / 0.5; at < 1000; at += random.exponential() / 0.5)
      single.push_back({at, device});
  }
  std::ranges::sort(single, {}, &Event::at_s);
  EXPECT_LT(kolmogorov_smirnov(gaps(until(*arrivals, 1000)), gaps(single)),
            kolmogorov_smirnov_limit);
}

TEST(HotSpots, GetTheirShareOfTheRequests) {
  // 100 devices at 1/s; 10 of them ask 6 times as often from 100 s to 300 s: 150/s, of which 60.
  const std::vector<HotSpot> hot = {
      {.devices = {{20, 5}, {70, 5}}, .factor = 6, .from = seconds(100), .to = seconds(300)}};
  for (const std::string name : {"poisson", "deterministic", "on_off", "mmpp"}) {
    const auto arrivals =
        arrivals_of(name,
                    name == "on_off" ? Values{{"on", "0.1"}, {"off", "0.3"}}
                    : name == "mmpp" ? Values{{"rates", "1,3"}, {"sojourns", "0.1,0.1"}}
                                     : Values{},
                    {.rate = 1, .devices = 100, .seed = 4, .hot = hot});
    double cold = 0, inside = 0, outside = 0;
    for (const Event& event : until(*arrivals, 400)) {
      const bool its =
          (event.device >= 20 && event.device < 25) || (event.device >= 70 && event.device < 75);
      if (event.at_s < 100 || event.at_s >= 300)
        ++cold;
      else
        ++(its ? inside : outside);
    }
    // Of bursty processes the counts vary more than a Poisson process's: index of dispersion < 3.
    EXPECT_NEAR(inside, 12'000, 4 * std::sqrt(3 * 12'000.0)) << name;
    EXPECT_NEAR(outside, 18'000, 4 * std::sqrt(3 * 18'000.0)) << name;
    EXPECT_NEAR(cold, 20'000, 4 * std::sqrt(3 * 20'000.0)) << name;
  }
}

TEST(HotSpots, MultiplyWhereTheyOverlap) {
  // Devices 0-9: 2, 5-14: 3, hence 5-9: 6; the rest of 20: 1. Sum 5*2 + 5*6 + 5*3 + 5 = 60.
  const auto arrivals = arrivals_of(
      "poisson", {},
      {.rate = 1,
       .devices = 20,
       .seed = 4,
       .hot = {{.devices = {{0, 10}}, .factor = 2}, {.devices = {{5, 10}}, .factor = 3}}});
  double groups[4] = {};
  for (const Event& event : until(*arrivals, 1000)) ++groups[event.device / 5];
  const double expected[] = {10'000, 30'000, 15'000, 5'000};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(groups[i], expected[i], 4 * std::sqrt(expected[i])) << i;
}

TEST(HotSpots, FollowDevicesThatMove) {
  // Device 0 is in the hot spot in every other second.
  HotSpot hot{.factor = 5};
  hot.covers = [](std::uint32_t device, Time at) {
    return device == 0 && at.count() / 1'000'000'000 % 2 == 1;
  };
  const auto arrivals =
      arrivals_of("poisson", {}, {.rate = 4, .devices = 2, .seed = 4, .hot = {hot}});
  double counts[2][2] = {};
  for (const Event& event : until(*arrivals, 2000))
    ++counts[event.device][static_cast<int>(event.at_s) % 2];
  EXPECT_NEAR(counts[0][1], 20'000, 4 * std::sqrt(20'000.0));
  for (const double count : {counts[0][0], counts[1][0], counts[1][1]})
    EXPECT_NEAR(count, 4000, 4 * std::sqrt(4000.0));
}

TEST(Deterministic, AsksOncePeriodByPeriod) {
  const auto arrivals = arrivals_of("deterministic", {}, {.rate = 4, .devices = 3, .seed = 1});
  const auto events = until(*arrivals, 100);
  EXPECT_EQ(events.size(), 1200u);
  for (const double gap : gaps_of_device(events, 1)) EXPECT_NEAR(gap, 0.25, 2e-9);
}

TEST(Deterministic, SpreadsDevicesEvenlyOrNotAtAll) {
  const auto even = until(
      *arrivals_of("deterministic", {{"phase", "even"}}, {.rate = 1, .devices = 4, .seed = 1}), 3);
  ASSERT_EQ(even.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_DOUBLE_EQ(even[i].at_s, 0.25 * static_cast<double>(i));
    EXPECT_EQ(even[i].device, i % 4);
  }
  const auto together = until(
      *arrivals_of("deterministic", {{"phase", "together"}}, {.rate = 1, .devices = 4, .seed = 1}),
      3);
  ASSERT_EQ(together.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i)
    EXPECT_DOUBLE_EQ(together[i].at_s, static_cast<double>(i / 4));
}

TEST(Deterministic, IsLateByItsJitterAndForgetsIt) {
  const auto events =
      until(*arrivals_of("deterministic", {{"phase", "together"}, {"jitter", "0.5"}},
                         {.rate = 1, .devices = 1, .seed = 1}),
            5000);
  ASSERT_EQ(events.size(), 5000u);
  std::vector<double> late;
  for (std::size_t i = 0; i < events.size(); ++i)
    late.push_back(events[i].at_s - static_cast<double>(i));
  EXPECT_LT(kolmogorov_smirnov(late, [](double x) { return x / 0.5; }), kolmogorov_smirnov_limit);
}

/// The index of dispersion of counts of a two-state MMPP with rates a, b and mean sojourns s, t:
/// Fischer & Meier-Hellstern 1993, eq. 20.
double dispersion(double a, double b, double s, double t, double window) {
  const double p = 1 / s, q = 1 / t, sum = p + q;
  const double bound = 2 * p * q * (a - b) * (a - b) / (sum * sum * (a * q + b * p));
  return 1 + bound - bound / (sum * window) * (1 - std::exp(-sum * window));
}

/// Checks mean and index of dispersion of counts in windows of 5 s.
void expect_dispersion(const std::string& name, const Values& values, double rate,
                       std::uint32_t devices, double expected_rate, double expected) {
  const double end_s = devices > 1 ? 40'000 : 400'000;
  const auto arrivals = arrivals_of(name, values, {.rate = rate, .devices = devices, .seed = 8});
  const auto counts = counts_per(until(*arrivals, end_s), 5, end_s);
  EXPECT_NEAR(mean_of(counts) / 5 / expected_rate, 1, 0.02) << name;
  EXPECT_NEAR(variance_of(counts) / mean_of(counts) / expected, 1, 0.05) << name;
}

TEST(OnOff, HasTheDispersionOfAnMmpp) {
  // On 1 s, off 3 s at a mean of 2/s: 8/s while on, else nothing.
  const double alone = dispersion(8, 0, 1, 3, 5);
  expect_dispersion("on_off", {{"on", "1"}, {"off", "3"}}, 2, 1, 2, alone);
  // Independent devices: mean and variance both grow tenfold.
  expect_dispersion("on_off", {{"on", "1"}, {"off", "3"}}, 2, 10, 20, alone);
  // Together: like one device with ten times the rate.
  expect_dispersion("on_off", {{"on", "1"}, {"off", "3"}, {"common", "true"}}, 2, 10, 20,
                    dispersion(80, 0, 1, 3, 5));
}

TEST(OnOff, AsksLessBetweenBurstsIfTheBurstLeavesAnything) {
  // A burst of 2.5: 5/s while on, (2 - 5/4) / (3/4) = 1/s while off.
  const Values values = {{"on", "1"}, {"off", "3"}, {"burst", "2.5"}};
  expect_dispersion("on_off", values, 2, 1, 2, dispersion(5, 1, 1, 3, 5));
  Values common = values;
  common["common"] = "true";
  expect_dispersion("on_off", common, 2, 10, 20, dispersion(50, 10, 1, 3, 5));
}

TEST(OnOff, RefusesABurstThatLeavesLessThanNothing) {
  std::string refusals;
  configured<MakeArrivals>(arrivals(), "on_off", {{"on", "1"}, {"off", "3"}, {"burst", "4.1"}},
                           &refusals);
  EXPECT_NE(refusals, "");
  configured<MakeArrivals>(arrivals(), "on_off", {{"on", "1"}, {"off", "3"}, {"burst", "4"}});
}

TEST(OnOff, HasHyperexponentialGaps) {
  // The same process, simulated state by state.
  std::vector<double> expected;
  Random random{77};
  double since = 0;
  for (bool on = true; expected.size() < 20'000;) {
    const double sojourn = random.exponential() * (on ? 0.5 : 2);
    const double request = on ? random.exponential() / 3 : 1e300;
    if (request < sojourn) {
      expected.push_back(since + request);
      since = 0;
    } else {
      since += sojourn;
      on = !on;
    }
  }
  const auto arrivals = arrivals_of("on_off", {{"on", "0.5"}, {"off", "2"}},
                                    {.rate = 3 * 0.2, .devices = 1, .seed = 8});
  EXPECT_LT(kolmogorov_smirnov(gaps(until(*arrivals, 30'000)), expected), kolmogorov_smirnov_limit);
}

TEST(Mmpp, HasTheDispersionOfTheFormula) {
  const Values values = {{"rates", "6,1"}, {"sojourns", "2,3"}};
  expect_dispersion("mmpp", values, 0, 1, 3, dispersion(6, 1, 2, 3, 5));
  expect_dispersion("mmpp", values, 0, 10, 30, dispersion(6, 1, 2, 3, 5));
  Values common = values;
  common["common"] = "true";
  expect_dispersion("mmpp", common, 0, 10, 30, dispersion(60, 10, 2, 3, 5));
}

TEST(Mmpp, ScalesItsRatesToTheClasss) {
  const Values values = {{"rates", "6,1"}, {"sojourns", "2,3"}};
  expect_dispersion("mmpp", values, 9, 1, 9, dispersion(18, 3, 2, 3, 5));
}

TEST(Mmpp, SpendsTimeInProportionToSojournsInAnyOrder) {
  // (1*1 + 5*2 + 2*7) / 10 = 2.5
  for (const std::string order : {"true", "false"}) {
    const auto arrivals =
        arrivals_of("mmpp", {{"rates", "1,5,2"}, {"sojourns", "1,2,7"}, {"random_order", order}},
                    {.devices = 10, .seed = 8});
    EXPECT_NEAR(static_cast<double>(until(*arrivals, 4000).size()) / 40'000, 2.5, 0.05);
  }
}

TEST(Diurnal, HasEachHoursShareOfTheDay) {
  Values values = {{"profile", ""}};
  std::vector<double> factors;
  for (int hour = 0; hour < 24; ++hour) {
    factors.push_back(hour % 7);
    values["profile"] += (hour > 0 ? "," : "") + std::to_string(hour % 7);
  }
  const double sum = std::accumulate(factors.begin(), factors.end(), 0.0);
  const auto arrivals = arrivals_of("diurnal", values, {.rate = 0.1, .devices = 20, .seed = 2});
  std::vector<double> hours(24, 0);
  for (const Event& event : until(*arrivals, 3 * 86'400))
    ++hours[static_cast<std::size_t>(event.at_s / 3600) % 24];
  for (std::size_t hour = 0; hour < 24; ++hour) {
    const double expected = 0.1 * 20 * 3 * 86'400 * factors[hour] / sum;
    EXPECT_NEAR(hours[hour], expected, 4 * std::sqrt(expected)) << hour;
  }
}

TEST(Diurnal, BeginsAtTheTimeOfDayItIsTold) {
  const auto arrivals =
      arrivals_of("diurnal", {{"profile", "0,0,1,0"}, {"period", "40"}, {"start", "15"}},
                  {.rate = 10, .devices = 2, .seed = 2});
  for (const Event& event : until(*arrivals, 400)) {
    const double time_of_day = std::fmod(event.at_s + 15, 40);
    EXPECT_GE(time_of_day, 20 - 1e-6);
    EXPECT_LE(time_of_day, 30 + 1e-6);
  }
}

TEST(Diurnal, FollowsTheSine) {
  const auto arrivals =
      arrivals_of("diurnal", {{"amplitude", "0.9"}, {"peak", "70"}, {"period", "100"}},
                  {.rate = 5, .devices = 10, .seed = 2});
  // One period's cdf: t/T + amplitude/(2 pi) (sin(2 pi (t - peak)/T) + sin(2 pi peak/T)).
  std::vector<double> times;
  for (const Event& event : until(*arrivals, 2000)) times.push_back(std::fmod(event.at_s, 100));
  EXPECT_NEAR(static_cast<double>(times.size()), 100'000, 4 * std::sqrt(100'000.0));
  const double turn = 2 * std::acos(-1.0);
  EXPECT_LT(kolmogorov_smirnov(times,
                               [turn](double t) {
                                 return t / 100 + 0.9 / turn *
                                                      (std::sin(turn * (t - 70) / 100) +
                                                       std::sin(turn * 0.7));
                               }),
            kolmogorov_smirnov_limit);
}

TEST(ClosedLoop, ThinksAsksWaitsAndThinks) {
  const auto arrivals = arrivals_of("closed_loop", {{"think", "fixed"}, {"think.value", "2"}},
                                    {.devices = 2, .seed = 1});
  // Both come at 2 s. Device 0's ends at 3 s: it asks at 5 s. Device 1's at 7.5 s: at 9.5 s.
  ASSERT_NE(arrivals->peek(), nullptr);
  EXPECT_EQ(arrivals->peek()->at, seconds(2));
  EXPECT_EQ(arrivals->peek()->device, 0u);
  arrivals->pop();
  EXPECT_EQ(arrivals->peek()->device, 1u);
  arrivals->pop();
  EXPECT_EQ(arrivals->peek(), nullptr);
  arrivals->ended(0, seconds(3));
  EXPECT_EQ(arrivals->peek()->at, seconds(5));
  arrivals->ended(1, seconds(7.5));
  EXPECT_EQ(arrivals->peek()->at, seconds(5));
  arrivals->pop();
  EXPECT_EQ(arrivals->peek()->at, seconds(9.5));
  EXPECT_EQ(arrivals->peek()->device, 1u);
}

TEST(ClosedLoop, GivesADevicesKthRequestTheSameDrawWhateverHappened) {
  const auto draws = [](double service_s) {
    const auto arrivals = arrivals_of("closed_loop", {}, {.devices = 5, .seed = 1});
    std::map<std::uint32_t, std::vector<std::uint64_t>> by_device;
    for (int i = 0; i < 200; ++i) {
      const Demand request = *arrivals->peek();
      by_device[request.device].push_back(request.draw);
      arrivals->pop();
      arrivals->ended(request.device, request.at + seconds(service_s * request.device));
    }
    for (auto& [device, its] : by_device) its.resize(20);
    return by_device;
  };
  EXPECT_EQ(draws(0.1), draws(0.5));
}

}  // namespace
}  // namespace evenkeel
