// Each kind of mistake in a scenario file, with the message that it must give.
#include <gmock/gmock.h>

#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using ::testing::ElementsAre;
using testing::good;
using testing::good_but;
using testing::mistakes_in;

struct Case {
  std::string instead_of;
  std::string stands;
  std::string message;
};

void PrintTo(const Case& mistake, std::ostream* out) { *out << mistake.stands; }

class OneMistake : public ::testing::TestWithParam<Case> {};

TEST_P(OneMistake, IsToldWithItsPlaceAndWhatWouldBeRight) {
  const auto& [instead_of, stands, message] = GetParam();
  EXPECT_THAT(mistakes_in(good_but(instead_of, stands)), ElementsAre("city.yaml:" + message));
}

const std::string rate = "rate: 2 /s";
const std::string deadline = "deadline: 200 ms";
const std::string cores = "cores: 4";
const std::string policy = "policy: power_of_d\n";
const std::string work = "work: {lognormal: {mean: 1.2 Gop, cv: 0.6}}";
const std::string crash = "crash: edge/Altstadt";
const std::string source = "generate: {hierarchy: {regions: 2, sites: 8}}";

INSTANTIATE_TEST_SUITE_P(
    Units, OneMistake,
    ::testing::Values(
        Case{deadline, "deadline: 20 MB",
             "28:15: '20 MB' is an amount of data, where a time must stand; write it like '20 ms'"},
        Case{deadline, "deadline: 200", "28:15: '200' has no unit; write a time like '20 ms'"},
        Case{deadline, "deadline: 200 sec", "28:15: no unit 'sec' for a time; did you mean 's'?"},
        Case{deadline, "deadline: 10:30", "28:15: '10:30' is not a time; write it like '20 ms'"},
        Case{deadline, "deadline: soon", "28:15: 'soon' is not a time; write it like '20 ms'"},
        Case{rate, "rate: 2 Hz", "24:11: no unit 'Hz' for a rate; did you mean '/s'?"},
        Case{"50 Mbit/s", "50 Mbps",
             "19:38: no unit 'Mbps' for a bandwidth; did you mean 'Mbit/s'?"},
        Case{"20 Gop/s", "20 Gop",
             "12:12: '20 Gop' is an amount of work, where a computing speed must stand; write it "
             "like '20 Gop/s'"},
        Case{"busy: 35 W", "busy: 35 kWh",
             "13:31: no unit 'kWh' for a power; did you mean 'kW'?"}));

INSTANTIATE_TEST_SUITE_P(
    Values, OneMistake,
    ::testing::Values(
        Case{deadline, "deadline: -1 ms", "28:15: '-1 ms' is too small; it must be at least 1 ns"},
        Case{rate, "rate: -2 /s", "24:11: '-2 /s' is too small; it must be at least 0 /s"},
        Case{rate, "rate: 1e17 /s", "24:11: '1e17 /s' is too large; it must be at most 1e+09 /s"},
        Case{cores, "cores: 0", "11:12: '0' is too small; it must be at least 1"},
        Case{cores, "cores: 4.5", "11:12: '4.5' is not a whole number; write for instance 4"},
        Case{cores, "cores: .nan",
             "11:12: '.nan' is no number that can be computed with; write a finite one"},
        Case{cores, "cores: .inf",
             "11:12: '.inf' is no number that can be computed with; write a finite one"},
        Case{cores, "cores: 1e400",
             "11:12: '1e400' is larger or smaller than any number that can be computed with"},
        Case{cores, "cores: '4'", "11:12: '4' is text; write the number without quotes"},
        Case{cores, "cores: 0x10", "11:12: '0x10' is not a number"},
        Case{cores, "cloud: yes",
             "11:12: 'yes' is not true or false; write one of these two (in YAML 1.2, yes, no, on "
             "and off are text)"},
        Case{"warm_up: 1 min", "warm_up: 10 min",
             "4:10: 'warm_up': as long as the whole run; make it shorter than the duration"},
        Case{"warm_up: 1 min", "warm_up: mser",
             "4:10: 'mser' does not fit here; did you mean 'mser5'?"},
        Case{"busy: 35 W", "busy: 5 W",
             "13:31: 'busy': less than the idle power; write at least as much"},
        Case{"from: 3 min, to: 6 min", "from: 6 min, to: 3 min",
             "29:55: 'to' is not after 'from'; write a later time"},
        Case{crash, "slow: edge",
             "35:23: slow needs a 'factor' below 1; write for instance factor: 0.5"},
        Case{crash, "skew: edge", "35:23: skew needs 'by' or 'rate'; write for instance by: 5 ms"},
        Case{crash, "disturb: {loss: 500 %}",
             "35:33: '500 %' is too large; it must be at most 1"}));

INSTANTIATE_TEST_SUITE_P(
    Keys, OneMistake,
    ::testing::Values(
        Case{policy, "polcy: random\n",
             "32:3: no key 'polcy' in 'balancing'; did you mean 'policy'?"},
        Case{policy, "policy: rond_robin\n",
             "32:11: no policy 'rond_robin'; did you mean 'round_robin'?"},
        Case{policy, "policy: {power_of_d: {e: 2}}\n",
             "32:25: no key 'e' in 'power_of_d'; there are d, replacement"},
        Case{policy, "policy: {random: {}, nearest: {}}\n",
             "32:11: 2 keys, where one policy must stand: its name, or name: {settings}"},
        Case{policy, "policy: [random]\n",
             "32:11: a list, where one policy must stand: its name, or name: {settings}"},
        Case{policy, "policy: {random: 3}\n", "32:20: 'random' has no settings; write it alone"},
        Case{policy, "policy:\n", "32:3: 'policy' is empty; give it a value or remove it"},
        Case{"  " + policy, "", "30:1: 'balancing' has no 'policy'; add it"},
        Case{cores, "cores: 4\n    cores: 5",
             "12:5: the key 'cores' stands here twice, first in line 11; keep one"},
        Case{cores, "cores: [4]", "11:12: 'cores' is a list, where a whole number must stand"},
        Case{"name: city cameras", "<<: {a: 1}",
             "1:1: no key '<<'; YAML 1.2 merges no maps, use 'include'"},
        Case{"latency_cdf", "latency_cfd",
             "40:10: no 'latency_cfd' in 'charts'; did you mean 'latency_cdf'?"},
        Case{"per: site", "per: site\n    at: every site",
             "18:9: 'per' and 'at' exclude each other; keep one"},
        Case{"    per: site\n", "", "16:3: 'camera' needs one of 'per', 'at'; add it"},
        Case{crash, "crash: edge/Altstadt, cut: x",
             "35:44: 'crash' and 'cut' exclude each other; keep one"},
        Case{crash, "crash: edge/Altstadt, factor: 0.5", "35:39: no key 'factor' in 'faults'"},
        Case{crash, "isolate: edge, direction: inn",
             "35:43: no direction 'inn'; did you mean 'in'?"},
        Case{"  " + source + "\n", "",
             "5:1: 'topology' does not say where it comes from; add one of graphml, hierarchy, "
             "generate"},
        Case{source, "hierarchy: {}\n  generate: hierarchy",
             "7:3: 'hierarchy' and 'generate' exclude each other; keep one"},
        Case{source, "graphml: missing.xml",
             "6:12: no file 'missing.xml'; names are relative to the folder of the scenario, "
             "'.'"},
        Case{"arrivals: poisson", "arrivals: on_off", "23:15: 'on_off' has no 'on'; add it"},
        Case{"arrivals: poisson", "arrivals: {on_off: {on: 1 /s, levels: []}}",
             "23:43: 'levels': needs at least one level"},
        Case{"arrivals: poisson", "arrivals: {on_off: {on: 1 /s, levels: [1, 2]}}",
             "23:47: '2' is too large; it must be at most 1"},
        Case{"arrivals: poisson", "arrivals: {on_off: {on: 1 /s, order: of_first}}",
             "23:42: no order 'of_first'; did you mean 'on_first'?"}));

INSTANTIATE_TEST_SUITE_P(
    References, OneMistake,
    ::testing::Values(
        Case{"from: camera", "from: camra",
             "22:11: no device population 'camra'; did you mean 'camera'?"},
        Case{crash, "crash: edg/Altstadt", "35:24: no node kind 'edg'; did you mean 'edge'?"},
        Case{cores, "serves: [detec]", "11:14: no request class 'detec'; did you mean 'detect'?"},
        Case{"at: site", "servers: [edges, cloud]",
             "31:13: no node kind 'edges'; did you mean 'edge'?"},
        Case{"at: site", "servers: cloud\n  at: sit",
             "32:7: 'sit' does not fit here; did you mean 'site'?"},
        Case{"baseline: nearest", "baseline: neerest",
             "39:13: the baseline 'neerest' is none of the values in 'vary'; did you mean "
             "'nearest'?"},
        Case{"balancing.policy: [", "balancing.polcy: [",
             "37:10: 'balancing.polcy': no such path; did you mean balancing.policy"},
        Case{"[nearest, power_of_d]", "[nearest, power_of_e]",
             "37:38: no policy 'power_of_e'; did you mean 'power_of_d'?"},
        Case{"[nearest, power_of_d]", "nearest",
             "37:28: 'balancing.policy' needs a list of 1 to 1000 values: [a, b]"}));

INSTANTIATE_TEST_SUITE_P(
    Yaml, OneMistake,
    ::testing::Values(
        Case{"name: city cameras", "name: city: cameras",
             "1:11: a ':' that makes no key and value here; put text with ': ' in quotes"},
        Case{"name: city cameras", "\tname: city",
             "1:6: not YAML, because a tab indents a line; use spaces"},
        Case{"name: city cameras", "name: *city",
             "1:7: not YAML: the referenced anchor is not defined"},
        Case{"name: city cameras", "name: &a [*a]",
             "1:11: an alias inside what it stands for; it would never end"},
        Case{"name: city cameras", "name: !city cameras",
             "1:7: tags like '!city' have no meaning here; remove it"},
        Case{"name: city cameras", "name: \"\\x01\"",
             "1:7: a control character in a text; remove it"},
        Case{"name: city cameras", "name: \xff",
             "1:7: a byte that is not UTF-8; save the file as UTF-8"},
        Case{"name: city cameras", "? [a]\n: b", "1:3: a key must be a word, not a list or a map"},
        Case{"charts:", "---\ncharts:",
             "41:1: here begins a second document; a scenario is one: check the indentation, or "
             "remove the '---'"}));

TEST(Mistakes, NoneAreFoundInAGoodScenario) { EXPECT_THAT(mistakes_in(good), ElementsAre()); }

TEST(Mistakes, AreToldAllAtOnceInTheOrderOfTheFile) {
  std::string text = good_but(policy, "polcy: random\n");
  text.replace(text.find("cores: 4"), 8, "cores: 0");
  text.replace(text.find("from: camera"), 12, "from: camra");
  text.replace(text.find("200 ms"), 6, "20 MB");
  text.replace(text.find("latency_cdf"), 11, "latency_cfd");
  EXPECT_THAT(
      mistakes_in(text),
      ElementsAre(
          "city.yaml:11:12: '0' is too small; it must be at least 1",
          "city.yaml:22:11: no device population 'camra'; did you mean 'camera'?",
          "city.yaml:28:15: '20 MB' is an amount of data, where a time must stand; write it like "
          "'20 ms'",
          "city.yaml:32:3: no key 'polcy' in 'balancing'; did you mean 'policy'?",
          "city.yaml:40:10: no 'latency_cfd' in 'charts'; did you mean 'latency_cdf'?"));
}

TEST(Mistakes, AreThrownTogether) {
  try {
    read(testing::document(good_but(cores, "cores: 0\n    count: 0")));
    FAIL() << "nothing was thrown";
  } catch (const ScenarioErrors& errors) {
    EXPECT_EQ(errors.mistakes().size(), 2u);
    EXPECT_STREQ(errors.what(),
                 "city.yaml:11:12: '0' is too small; it must be at least 1\n"
                 "city.yaml:12:12: '0' is too small; it must be at least 1");
  }
}

TEST(Mistakes, OfAnEmptyFileNameAllThatMustBeThere) {
  EXPECT_THAT(
      mistakes_in("{}"),
      ElementsAre("city.yaml:1:1: no 'topology'; add it", "city.yaml:1:1: no 'nodes'; add it",
                  "city.yaml:1:1: no 'devices'; add it", "city.yaml:1:1: no 'workload'; add it"));
  EXPECT_THAT(mistakes_in(""),
              ElementsAre("city.yaml:1:1: empty, where a map of settings must stand"));
}

TEST(Mistakes, NobodyToAnswerIsOne) {
  const std::string text = good_but("cores: 4", "serves: false");
  EXPECT_THAT(mistakes_in(text), ElementsAre());  // the cloud still answers
  std::string none = text;
  none.replace(none.find("cores: 64"), 9, "serves: false");
  EXPECT_THAT(mistakes_in(none), ElementsAre("city.yaml:21:3: no node answers the class 'detect'; "
                                             "let some node kind serve it"));
}

TEST(Nearest, FindsTranspositionsAndWrongCaseFirst) {
  const std::vector<std::string> words = {"Mbit/s", "Gbit/s", "random", "round_robin"};
  EXPECT_EQ(nearest("mbit/s", words), "Mbit/s");
  EXPECT_EQ(nearest("radnom", words), "random");
  EXPECT_EQ(nearest("rond_robin", words), "round_robin");
  EXPECT_EQ(nearest("least_loaded", words), "");
  EXPECT_EQ(nearest(std::string(1000, 'x'), words), "");
}

}  // namespace
}  // namespace evenkeel
