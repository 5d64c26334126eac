#include "tests/cli/program.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

TEST(Program, PrintsTheSameFingerprintTwice) {
  const Folder folder;
  const std::string scenario = folder.write("s.yaml", small_scenario);
  for (const std::string model : {"fluid", "latency"}) {
    const std::string call = "run " + scenario + " --fingerprint --set network.model=" + model;
    const Ended first = program(call);
    EXPECT_EQ(first.code, 0) << first.output;
    EXPECT_EQ(first.output.size(), 17u) << first.output;
    EXPECT_EQ(program(call).output, first.output);
    EXPECT_NE(program(call + " --seed 2").output, first.output);
  }
}

TEST(Program, RunsPrintOneJsonObjectWhoseCountsAddUp) {
  const Folder folder;
  const Ended ended = program("run " + folder.write("s.yaml", small_scenario) + " --json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto json = nlohmann::json::parse(ended.output);
  EXPECT_EQ(json["sent"].get<long>(), json["completed"].get<long>() + json["dropped"].get<long>() +
                                          json["timed_out"].get<long>() +
                                          json["in_flight"].get<long>());
  for (const char* key : {"throughput", "latency", "phases", "nodes", "imbalance", "links",
                          "deadline_misses", "wall_s", "requests_per_wall_s", "fingerprint"})
    EXPECT_TRUE(json.contains(key)) << key;
  for (const char* key : {"mean", "p50", "p90", "p95", "p99", "p999", "max", "ci95_mean"})
    EXPECT_TRUE(json["latency"].contains(key)) << key;
}

TEST(Program, NamesEveryMistakeWithItsPlaceAndEndsWithTwo) {
  const Folder folder;
  std::string text = small_scenario;
  text.replace(text.find("power_of_d, know"), 10, "power_off");
  text.replace(text.find("duration: 20 s"), 14, "duration: 20 MB");
  const std::string scenario = folder.write("s.yaml", text);
  for (const std::string call : {"validate ", "run "}) {
    const Ended ended = program(call + scenario);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.output, HasSubstr(scenario + ":3:11: "));
    EXPECT_THAT(ended.output, HasSubstr("did you mean 'power_of_d'?"));
  }
}

TEST(Program, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(program("fly").code, 2);
  EXPECT_EQ(program("run /nowhere/at/all.yaml").code, 2);
  EXPECT_EQ(program("export /nowhere/at/all --what scalars").code, 2);
  EXPECT_EQ(program("topology /nowhere/at/all.graphml").code, 2);
  const Folder folder;
  const std::string scenario = folder.write("s.yaml", small_scenario);
  const Ended ended = program("run " + scenario + " --set balancing.polcy=nearest");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.output, HasSubstr("balancing.policy"));
  EXPECT_EQ(program("run " + scenario + " --set seed").code, 2);
}

TEST(Program, KeepsExportsAndReportsARun) {
  const Folder folder;
  const std::string result = folder.file("r.evenkeel");
  ASSERT_EQ(program("run " + folder.write("s.yaml", small_scenario) + " -o " + result).code, 0);
  for (const std::string what : {"scalars", "series", "requests", "histograms"}) {
    const Ended csv = program("export " + result + " --what " + what);
    EXPECT_EQ(csv.code, 0) << csv.output;
    EXPECT_THAT(csv.output, HasSubstr(","));
    const Ended json = program("export " + result + " --format json --what " + what);
    EXPECT_TRUE(nlohmann::json::accept(json.output));
  }
  const std::string page = folder.file("r.html");
  EXPECT_EQ(program("report " + result + " -o " + page).code, 0);
  EXPECT_GT(std::filesystem::file_size(page), 1000u);
}

TEST(Program, ListsAndDescribesWhatCanBeChosen) {
  const Ended policies = program("list policies");
  EXPECT_EQ(policies.code, 0);
  for (const char* name : {"round_robin", "prequal", "maglev", "work_stealing"})
    EXPECT_THAT(policies.output, HasSubstr(name));
  const auto schema = nlohmann::json::parse(program("schema").output);
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_TRUE(nlohmann::json::accept(program("list --json").output));
}

TEST(Program, ShipsScenariosThatAreFine) {
  const std::filesystem::path folder = EVENKEEL_SOURCE_DIR "/scenarios";
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".yaml") continue;
    ++found;
    const Ended ended = program("validate " + entry.path().string());
    EXPECT_EQ(ended.code, 0) << ended.output;
  }
  EXPECT_GE(found, 7u);
}

TEST(Program, TellsProgramsHowAComparisonGoes) {
  const Folder folder;
  const std::string scenario = folder.write("two.yaml", small_scenario);
  const Ended ended =
      program("compare " + scenario + " --seeds 2 --progress json -o " + folder.file("r.evenkeel"));
  ASSERT_EQ(ended.code, 0) << ended.output;
  std::istringstream lines(ended.output);
  std::map<std::string, int> told;
  nlohmann::json last;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('{')) continue;  // the comparison itself, on standard output
    last = nlohmann::json::parse(line);
    const std::string event = last["event"];
    ++told[event == "cell" ? event + " " + last["state"].get<std::string>() : event];
  }
  EXPECT_EQ(told["plan"], 1);
  EXPECT_EQ(told["cell started"], 4);
  EXPECT_EQ(told["cell finished"], 4);
  EXPECT_EQ(last["done"], 4);
  EXPECT_EQ(last["left_s"], 0);
}

TEST(Program, ValidatesTextThatNoFileHolds) {
  const Folder folder;
  const std::string good = folder.write("good.yaml", small_scenario);
  const Ended fine = program("validate --json --input-as nowhere.yaml < " + good);
  EXPECT_EQ(fine.code, 0) << fine.output;
  const auto told = nlohmann::json::parse(fine.output);
  EXPECT_TRUE(told["mistakes"].empty());
  EXPECT_EQ(told["scenario"]["vary"]["balancing.policy"].size(), 2u);
  EXPECT_FALSE(told["topology"]["places"].empty());
  EXPECT_FALSE(told["placed"]["nodes"].empty());

  const std::string bad = folder.write("bad.yaml", std::string(small_scenario) + "nonsense: 1\n");
  const Ended wrong = program("validate --json --input-as nowhere.yaml < " + bad);
  EXPECT_EQ(wrong.code, 2);
  const auto mistake = nlohmann::json::parse(wrong.output)["mistakes"][0];
  EXPECT_EQ(mistake["file"], "nowhere.yaml");
  EXPECT_EQ(mistake["line"], 23);
  EXPECT_EQ(mistake["column"], 1);
}

}  // namespace
}  // namespace evenkeel::test
