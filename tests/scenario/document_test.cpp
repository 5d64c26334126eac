// Settings by path, includes, variables, and the canonical text.
#include "sim/scenario/document.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using test::Folder;
using testing::document;
using ::testing::ElementsAre;
using testing::good;
using testing::good_but;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::mistakes_in;
using testing::test_catalogues;

std::string error_of_set(const std::string& path, const std::string& text) {
  ScenarioDocument changed = document(good);
  try {
    changed.set(path, text);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Set, ChangesAValueBeforeItIsRead) {
  ScenarioDocument changed = document(good);
  changed.set("balancing.policy", "power_of_d: {d: 3}");
  changed.set("duration", "2 min");
  changed.set("seed", "7");
  const Scenario scenario = read(changed);
  EXPECT_EQ(std::any_cast<std::string>(scenario.balancing.policy.made), "power_of_d 3");
  EXPECT_EQ(scenario.duration, seconds(120));
  EXPECT_EQ(scenario.seed, 7);
}

TEST(Set, ReachesWhatTheFileDoesNotMention) {
  ScenarioDocument changed = document(good);
  changed.set("network.model", "latency");
  changed.set("nodes.edge.link.latency", "1 ms");
  changed.set("faults.0.for", "5 s");
  changed.set("workload.detect.hot.factor", "3");
  const Scenario scenario = read(changed);
  EXPECT_EQ(scenario.network.model, NetworkSettings::Model::latency);
  EXPECT_EQ(scenario.nodes[0].link.latency, seconds(0.001));
  EXPECT_EQ(scenario.faults[0].lasts, seconds(5));
  EXPECT_EQ(scenario.workload[0].hot[0].factor, 3);
}

TEST(Set, ReachesAllNamesByAStar) {
  ScenarioDocument changed = document(good);
  changed.set("workload.*.rate", "9 /s");
  changed.set("nodes.*.cores", "2");
  const Scenario scenario = read(changed);
  EXPECT_EQ(scenario.workload[0].rate, 9);
  EXPECT_EQ(scenario.nodes[0].cores, 2);
  EXPECT_EQ(scenario.nodes[1].cores, 2);
}

TEST(Set, ReachesIntoAChoiceAndReplacesAnother) {
  ScenarioDocument changed = document(good);
  changed.set("balancing.policy.power_of_d.d", "4");
  EXPECT_EQ(std::any_cast<std::string>(read(changed).balancing.policy.made), "power_of_d 4");
  changed.set("balancing.policy.hedged.policy", "nearest");
  EXPECT_EQ(std::any_cast<std::string>(read(changed).balancing.policy.made), "hedged(nearest)");
  changed.set("topology.hierarchy.sites", "3");
  EXPECT_EQ(std::any_cast<std::string>(read(changed).topology.source.made), "hierarchy 6");
  changed.set("devices.camera.at", "{random: 2}");
  EXPECT_EQ(read(changed).devices[0].at.how, Selector::How::random);
}

TEST(Set, OfAPathThatDoesNotExistSaysWhichDoes) {
  EXPECT_EQ(error_of_set("balancing.polcy", "random"),
            "--set balancing.polcy=random: no such path; did you mean balancing.policy");
  EXPECT_EQ(error_of_set("workload.detct.rate", "1 /s"),
            "--set workload.detct.rate=1 /s: no such path; did you mean workload.detect.rate");
  EXPECT_EQ(error_of_set("balancing.policy.power_of_e.d", "1"),
            "--set balancing.policy.power_of_e.d=1: no such path; did you mean "
            "balancing.policy.power_of_d.d");
  EXPECT_EQ(error_of_set("duration.x", "1"),
            "--set duration.x=1: no such path; duration holds no settings");
  EXPECT_EQ(error_of_set("faults.1.at", "1 s"),
            "--set faults.1.at=1 s: no such path; there is only 0");
  EXPECT_THAT(error_of_set("", "1"), HasSubstr("no such path"));
  EXPECT_THAT(error_of_set("..", "1"), HasSubstr("no such path"));
}

TEST(Set, OfAWrongValueIsAMistakeAtTheOption) {
  ScenarioDocument changed = document(good);
  changed.set("balancing.policy", "neerest");
  changed.set("duration", "5 MB", "--vary");
  const std::vector<Mistake> mistakes = validate(changed);
  ASSERT_EQ(mistakes.size(), 2u);
  EXPECT_EQ(to_string(mistakes[0].place, mistakes[0].message),
            "--vary duration=5 MB: '5 MB' is an amount of data, where a time must stand; write it "
            "like '20 ms'");
  EXPECT_EQ(to_string(mistakes[1].place, mistakes[1].message),
            "--set balancing.policy=neerest: no policy 'neerest'; did you mean 'nearest'?");
  EXPECT_THAT(error_of_set("seed", "[1"), HasSubstr("--set seed=[1: "));
}

TEST(Include, MergesMapsAndTheLaterWins) {
  const Folder folder;
  folder.write("parts/common.yaml",
               "duration: 3 min\nbalancing: {policy: {power_of_d: {d: 5}}, knowledge: own}\n"
               "nodes: {edge: {cores: 2, memory: 1 GB}}\n");
  const std::string path = folder.write(
      "city.yaml", "include: [parts/common.yaml]\n" + good_but("duration: 10 min\n", ""));
  const Scenario scenario = read(load_scenario(path, test_catalogues()));
  EXPECT_EQ(scenario.duration, seconds(180));
  EXPECT_EQ(scenario.nodes[0].cores, 4);
  EXPECT_EQ(scenario.nodes[0].memory, 1e9);
  EXPECT_EQ(std::any_cast<std::string>(scenario.balancing.policy.made), "power_of_d 2");
  EXPECT_EQ(scenario.balancing.knowledge.name, "probe");
}

TEST(Include, OfAnotherChoiceGivesWay) {
  const Folder folder;
  folder.write("common.yaml",
               "topology: {hierarchy: {sites: 1}}\nbalancing: {policy: {power_of_d: {d: 5}}}\n");
  const std::string path =
      folder.write("city.yaml", "include: common.yaml\n" +
                                    good_but("policy: power_of_d\n", "policy: {hedged: {}}\n"));
  const Scenario scenario = read(load_scenario(path, test_catalogues()));
  EXPECT_EQ(scenario.balancing.policy.name, "hedged");
  EXPECT_EQ(std::any_cast<std::string>(scenario.topology.source.made), "hierarchy 16");
}

TEST(Include, NamesTheIncludedFileInItsMistakes) {
  const Folder folder;
  folder.write("parts/common.yaml", "network:\n  modle: fluid\n");
  const std::string path = folder.write("city.yaml", "include: parts/common.yaml\n" + good);
  const std::vector<Mistake> mistakes = validate(load_scenario(path, test_catalogues()));
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_EQ(
      to_string(mistakes[0].place, mistakes[0].message),
      folder.path() + "/parts/common.yaml:2:3: no key 'modle' in 'network'; did you mean 'model'?");
}

std::vector<std::string> mistakes_of_include(const std::string& include, const Folder& folder) {
  const std::string path = folder.write("city.yaml", "include: " + include + "\n" + good);
  std::vector<std::string> messages;
  for (const Mistake& mistake : validate(load_scenario(path, test_catalogues())))
    messages.push_back(mistake.message);
  return messages;
}

TEST(Include, StaysBelowItsFolderAndEnds) {
  const Folder folder;
  folder.write("circle.yaml", "include: circle.yaml\n");
  folder.write("list.yaml", "[1, 2]");
  std::filesystem::create_symlink("/etc/hostname", folder.path() + "/link.yaml");
  const std::string below =
      " is not below this file; include only files beside it or in folders below, by their "
      "relative name";
  EXPECT_THAT(mistakes_of_include("../x.yaml", folder), ElementsAre("'../x.yaml'" + below));
  EXPECT_THAT(mistakes_of_include("/etc/passwd", folder), ElementsAre("'/etc/passwd'" + below));
  EXPECT_THAT(mistakes_of_include("link.yaml", folder), ElementsAre("'link.yaml'" + below));
  EXPECT_THAT(mistakes_of_include("none.yaml", folder),
              ElementsAre("'none.yaml' cannot be opened: there is no such file"));
  EXPECT_THAT(mistakes_of_include("circle.yaml", folder),
              ElementsAre("'circle.yaml' includes itself; break the circle"));
  EXPECT_THAT(mistakes_of_include("list.yaml", folder),
              ElementsAre("a list, where a map of settings must stand"));
  EXPECT_THAT(mistakes_of_include("{a: b}", folder),
              ElementsAre("'include' must be the name of a file, or a list of names"));
}

TEST(Variables, StandAnywhereInAScalar) {
  const std::string text = "variables: {load: 0.5, place: alt, who: '${place}stadt'}\n" +
                           good_but("rate: 2 /s", "rate: ${load * 8 / 2} /s");
  ScenarioDocument variable = document(text);
  variable.set("workload.detect.hot.site", "'A${place}'");
  EXPECT_EQ(read(variable).workload[0].rate, 2);
  EXPECT_EQ(read(variable).workload[0].hot[0].site.text, "Aalt");
  variable.set("variables.load", "3");
  variable.set("workload.detect.hot.site", "'${who}'");
  variable.set("nodes.edge.cores", "'${load}'");
  const Scenario scenario = read(variable);
  EXPECT_EQ(scenario.workload[0].rate, 12);
  EXPECT_EQ(scenario.workload[0].hot[0].site.text, "altstadt");
  EXPECT_EQ(scenario.nodes[0].cores, 3);
}

TEST(Variables, MayBeVaried) {
  const std::string vary =
      "vary: {balancing.policy: [nearest, power_of_d], variables.load: [1, 2]}";
  const std::string text =
      "variables: {load: 1}\n" + good_but("vary: {balancing.policy: [nearest, power_of_d]}", vary);
  EXPECT_THAT(mistakes_in(text), IsEmpty());
  EXPECT_THAT(mistakes_in(document(text).canonical()), IsEmpty());
}

TEST(Variables, ThatCannotBeWorkedOutAreMistakes) {
  const auto with = [](const std::string& variables, const std::string& rate) {
    return mistakes_in("variables: {" + variables + "}\n" +
                       good_but("rate: 2 /s", "rate: " + rate));
  };
  EXPECT_THAT(with("load: 1", "${laod} /s"),
              ElementsAre("city.yaml:25:11: no variable 'laod'; did you mean 'load'?"));
  EXPECT_THAT(with("a: 1 ms", "${a * 2} /s"),
              ElementsAre("city.yaml:25:11: the variable 'a' is '1 ms', which is no number to "
                          "compute with; leave its unit to the place where it is used"));
  EXPECT_THAT(with("a: '${b}', b: '${a}'", "1 /s"),
              ElementsAre("city.yaml:1:16: the variable 'a' refers to itself; break the circle"));
  EXPECT_THAT(with("a: [1]", "1 /s"),
              ElementsAre("city.yaml:1:16: the variable 'a' is a list; write a number or a text"));
  EXPECT_THAT(with("a: 0", "${1 / a} /s"),
              ElementsAre("city.yaml:25:11: ${1 / a} has no finite value"));
}

TEST(Variables, CannotGrowWithoutBound) {
  std::string variables = "v0: '0123456789'";
  for (int i = 1; i < 30; ++i)
    variables += fmt::format(", v{0}: '${{v{1}}}${{v{1}}}${{v{1}}}'", i, i - 1);
  const std::vector<std::string> lines =
      mistakes_in("variables: {" + variables + "}\n" + good_but("rate: 2 /s", "rate: ${v29} /s"));
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines[0], HasSubstr("too long"));
}

TEST(Limits, StopWhatWouldExhaustMemoryOrTheStack) {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i)
    laughs += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  EXPECT_THAT(mistakes_in(laughs), ElementsAre(HasSubstr("more than 50000 values")));
  EXPECT_THAT(mistakes_in("a: " + std::string(100, '[') + std::string(100, ']')),
              ElementsAre(HasSubstr("nested more than 32 levels deep")));
  std::string block;
  for (int i = 0; i < 2000; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_THAT(mistakes_in(block), ElementsAre(HasSubstr("nested more than 32 levels deep")));
  EXPECT_THAT(mistakes_in("a: " + std::string(100'000, 'x')),
              ElementsAre(HasSubstr("a line of more than 64 kB")));
  EXPECT_THAT(mistakes_in(std::string(5'000'000, '\n')), ElementsAre(HasSubstr("4 MB")));
  std::string many;
  for (int i = 0; i < 60'000; ++i) many += fmt::format("k{}: 1\n", i);
  EXPECT_THAT(mistakes_in(many), ElementsAre(HasSubstr("more than 50000 values")));
}

TEST(Load, OfWhatIsNoFileIsAnError) {
  const Folder folder;
  EXPECT_THROW(load_scenario(folder.path() + "/none.yaml", test_catalogues()), UserError);
  EXPECT_THROW(load_scenario(folder.path(), test_catalogues()), UserError);
  EXPECT_THROW(load_scenario("/dev/zero", test_catalogues()), UserError);
}

TEST(Canonical, IsTheSameHoweverTheFileIsWritten) {
  const std::string other = "# a comment\nvariables: {load: 2}\n" +
                            good_but("rate: 2 /s", "rate: ${load} /s   # each device");
  EXPECT_EQ(document(good).canonical(), document(other).canonical());
  EXPECT_NE(document(good).canonical(), document(good_but("rate: 2 /s", "rate: 3 /s")).canonical());
}

TEST(Canonical, IsReadBackToItself) {
  const std::string odd =
      "'true': \"a: b # c\"\nb: 'null'\nc: \"12\"\nd: [ '', \"\\\"\\\\\\n\", 'yes' ]\ne: {}\nf: "
      "[]\n"
      "g: null\nh: '${x}'\ni: 'Frankfurt am Main'\nj: -x\nk: '- x'\nl: Zürich\n";
  for (const std::string& text : {good, odd}) {
    std::vector<Mistake> mistakes;
    const YamlNode tree = parse_yaml(text, "a", mistakes);
    const std::string written = to_yaml(tree);
    const YamlNode again = parse_yaml(written, "b", mistakes);
    EXPECT_THAT(mistakes, IsEmpty());
    EXPECT_EQ(to_yaml(again), written);
    EXPECT_EQ(to_flow_yaml(parse_yaml(to_flow_yaml(tree), "c", mistakes)), to_flow_yaml(tree));
    EXPECT_EQ(again.items.size(), tree.items.size());
    for (std::size_t i = 0; i < tree.items.size(); ++i) {
      EXPECT_EQ(again.keys[i].text, tree.keys[i].text);
      EXPECT_EQ(again.items[i].kind, tree.items[i].kind) << tree.keys[i].text;
      EXPECT_EQ(again.items[i].text, tree.items[i].text);
    }
  }
  EXPECT_THAT(mistakes_in(document(good).canonical()), IsEmpty());
}

}  // namespace
}  // namespace evenkeel
