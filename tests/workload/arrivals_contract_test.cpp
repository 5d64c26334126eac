// What holds for every arrival process that is registered, and that the registry and the folder
// agree.
#include <gmock/gmock.h>

#include <set>

#include "tests/workload/settings.h"

namespace evenkeel {
namespace {

struct Recording {
  std::vector<Time> times;
  std::vector<std::uint32_t> devices;
  std::vector<std::uint64_t> draws;
  bool operator==(const Recording&) const = default;
};

/// The first requests; each ends half a second after it came.
Recording first_of(Arrivals& arrivals, std::size_t count) {
  Recording result;
  for (const Demand* request = nullptr;
       result.times.size() < count && (request = arrivals.peek());) {
    const Time at = request->at;
    const std::uint32_t device = request->device;
    result.times.push_back(at);
    result.devices.push_back(device);
    result.draws.push_back(request->draw);
    arrivals.pop();
    arrivals.ended(device, at + seconds(0.5));
  }
  return result;
}

class EveryArrivals : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Arrivals> make(ArrivalContext context) {
    Values values;
    if (GetParam() == "trace") values = {{"file", trace_.path()}, {"loop", "true"}};
    if (GetParam() == "trace_counts") values = {{"file", counts_.path()}, {"loop", "true"}};
    const std::set<std::string> own_rate = {"trace", "trace_counts", "closed_loop"};
    if (own_rate.contains(GetParam())) context.rate = 0;
    return arrivals_of(GetParam(), values, context);
  }

  TemporaryFile trace_{"time\n3\n1\n2.5\n"};
  TemporaryFile counts_{"f,minute_1,minute_2\na,3,0\nb,40,2\n"};
};

constexpr std::uint32_t devices = 20;

TEST_P(EveryArrivals, ComeInTimeOrderFromDevicesThatAreThere) {
  const Recording all = first_of(*make({.rate = 2, .devices = devices, .seed = 5}), 2000);
  ASSERT_EQ(all.times.size(), 2000u);
  EXPECT_TRUE(std::ranges::is_sorted(all.times));
  EXPECT_GE(all.times.front(), Time{});
  for (const std::uint32_t device : all.devices) EXPECT_LT(device, devices);
}

TEST_P(EveryArrivals, FollowFromTheSeed) {
  const ArrivalContext context{.rate = 2, .devices = devices, .seed = 5};
  ArrivalContext other = context;
  other.seed = 6;
  const Recording one = first_of(*make(context), 500);
  EXPECT_EQ(one, first_of(*make(context), 500));
  EXPECT_NE(one, first_of(*make(other), 500));
}

TEST_P(EveryArrivals, GiveEveryRequestADrawOfItsOwn) {
  const Recording all = first_of(*make({.rate = 2, .devices = devices, .seed = 5}), 2000);
  EXPECT_EQ(std::set(all.draws.begin(), all.draws.end()).size(), all.draws.size());
}

TEST_P(EveryArrivals, PeekTheSameUntilTheyPop) {
  const auto arrivals = make({.rate = 2, .devices = devices, .seed = 5});
  const Time at = arrivals->peek()->at;
  EXPECT_EQ(arrivals->peek()->at, at);
}

TEST_P(EveryArrivals, ComeMoreOftenByTheScale) {
  if (GetParam() == "closed_loop") return;  // the half second until the end does not scale
  ArrivalContext context{.rate = 2, .devices = devices, .seed = 5};
  const auto until = [&](double scale) {
    context.scale = scale;
    const Recording all = first_of(*make(context), 20'000);
    return to_seconds(all.times.back());
  };
  EXPECT_NEAR(until(1) / until(4), 4, 0.4);
  EXPECT_NEAR(until(0.25) / until(1), 4, 0.4);
}

TEST_P(EveryArrivals, FallSilentWhereAHotSpotsFactorIsZero) {
  ArrivalContext context{.rate = 2, .devices = devices, .seed = 5};
  context.hot = {{.devices = {{0, devices}}, .factor = 0, .from = seconds(20), .to = seconds(70)}};
  const Recording all = first_of(*make(context), 3000);
  for (const Time at : all.times) EXPECT_TRUE(at < seconds(20) || at >= seconds(70)) << at.count();
  EXPECT_GT(all.times.back(), seconds(70));
  context.hot.front().to = never;
  const auto arrivals = make(context);
  first_of(*arrivals, 1'000'000);
  EXPECT_EQ(arrivals->peek(), nullptr);
}

std::vector<std::string> registered() {
  std::vector<std::string> names;
  for (const Entry& entry : arrivals().entries()) names.push_back(entry.name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Registered, EveryArrivals, testing::ValuesIn(registered()),
                         [](const auto& its) { return its.param; });

/// The names of files of the folder that register an entry in the catalogue.
std::vector<std::string> files_registering(const std::string& catalogue) {
  std::vector<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator{EVENKEEL_SOURCE_DIR "/sim/workload"}) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream in{file.path()};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    std::erase_if(text, [](char letter) { return letter == ' ' || letter == '\n'; });
    if (text.find("entry{" + catalogue + "()") != std::string::npos)
      names.push_back(file.path().stem());
  }
  std::ranges::sort(names);
  return names;
}
std::vector<std::string> names_of(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const Entry& entry : catalogue.entries()) names.push_back(entry.name);
  return names;
}

TEST(WorkloadFolder, HasOneFileForEachEntry) {
  EXPECT_EQ(files_registering("arrivals"), names_of(arrivals()));
  EXPECT_EQ(files_registering("service_times"), names_of(service_times()));
  // Arrivals have the file trace.cpp.
  std::vector<std::string> moves = files_registering("movements");
  std::ranges::replace(moves, "move_trace", "trace");
  EXPECT_THAT(moves, testing::UnorderedElementsAreArray(names_of(movements())));
}

TEST(WorkloadFolder, HasDefaultsWithinTheirBounds) {
  for (const Catalogue* catalogue : {&arrivals(), &service_times(), &movements()})
    for (const Entry& entry : catalogue->entries()) {
      Settings settings{{}};
      entry.configure(settings);
      EXPECT_EQ(settings.refused, "") << entry.name;
      EXPECT_FALSE(entry.summary.empty()) << entry.name;
    }
}

TEST(WorkloadFolder, SaysThatARateOrAFileIsMissing) {
  using testing::HasSubstr;
  const auto error = [](const std::string& name, double rate) {
    return user_error_of([&] { arrivals_of(name, {}, {.rate = rate}); });
  };
  for (const std::string name : {"poisson", "deterministic", "on_off", "diurnal"})
    EXPECT_THAT(error(name, 0), HasSubstr("the class needs a rate above 0")) << name;
  for (const std::string name : {"trace", "trace_counts", "closed_loop"})
    EXPECT_THAT(error(name, 1), HasSubstr("have a rate of their own")) << name;
  EXPECT_THAT(error("trace", 0), HasSubstr("'file' must name a CSV file"));
  EXPECT_THAT(error("trace_counts", 0), HasSubstr("'file' must name a CSV file"));
  for (const std::string name : {"empirical", "percentiles"})
    EXPECT_THAT(user_error_of([&] { distribution(name, {}); }),
                HasSubstr("'file' must name a CSV file"));
}

}  // namespace
}  // namespace evenkeel
