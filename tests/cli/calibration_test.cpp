// `evenkeel mpc --calibrate`: what primitives take here, and how virtual time uses it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "models/mpc/costs.h"
#include "sim/mpc/calibration.h"
#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

double latency_s(const std::string& arguments) {
  const Ended ended = program("mpc replicated3 argmin --size 8 --json " + arguments);
  EXPECT_EQ(ended.code, 0) << ended.output;
  return nlohmann::json::parse(ended.output)["simgrid"]["latency_s"].get<double>();
}

TEST(Calibration, MeasuresEveryPrimitiveAndKeepsIt) {
  const Folder folder;
  const std::string file = folder.file("costs.yaml");
  const Ended ended = program("mpc --calibrate -o " + file);
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto measured = read_costs(file);
  ASSERT_EQ(measured.size(), costs::prices().size());
  for (const auto& [name, ns] : measured) {
    EXPECT_GT(ns, 0.01) << name;
    EXPECT_LT(ns, 1e6) << name;
  }
  // Whatever the machine: a key agreement takes longer than a hash, and that than an addition.
  EXPECT_GT(measured.at("key_agreement"), 10 * measured.at("hashed_word"));
  EXPECT_GT(measured.at("hashed_word"), measured.at("word_operation"));
}

TEST(Calibration, MakesVirtualTimeThatOfAnotherMachine) {
  const Folder folder;
  const std::string file = folder.write("costs.yaml", "mpc: {costs: {transposed_word: 1 ms}}\n");
  EXPECT_LT(latency_s(""), 1e-3);
  EXPECT_GT(latency_s("--costs " + file), 1e-3);
}

TEST(Calibration, IsPartOfAScenario) {
  const Folder folder;
  const auto scenario = [&](const std::string& costs) {
    const std::string file = folder.write(
        "scenario.yaml",
        "name: sums\nquestion: How long?\nduration: 20 s\n"
        "topology: {generate: {star: {n: 3, latency: 1 ms}}}\n"
        "nodes: {party: {at: every site, cores: 1, speed: 2 Gop/s}}\n"
        "devices: {meter: {per: site, count: 1}}\n"
        "mpc:\n  protocol: replicated3\n  parties: party\n" +
            costs +
            "  computations: {power: {function: sum, of: party, size: 4, bits: 8, values: 7}}\n"
            "workload: {ask: {from: meter, rate: 0.5 /s, does: {compute: power}}}\n");
    const Ended ended = program("run --fingerprint " + file);
    EXPECT_EQ(ended.code, 0) << ended.output;
    return ended.output;
  };
  const std::string built_in = scenario("");
  EXPECT_EQ(scenario("  costs: {field_product: 5 us}\n"), built_in);  // not used here
  EXPECT_NE(scenario("  costs: {prg_word: 5 us}\n"), built_in);
}

TEST(Calibration, SaysWhatIsWrongWithAFile) {
  const Folder folder;
  const auto refused = [&folder](const std::string& text, const std::string& message) {
    const std::string file = folder.write("costs.yaml", text);
    const Ended ended = program("mpc replicated3 sum --costs " + file);
    EXPECT_EQ(ended.code, 2) << ended.output;
    EXPECT_THAT(ended.output, testing::HasSubstr(message));
  };
  refused("mpc: {costs: {prg_wort: 1 ns}}\n",
          "costs.yaml:1:15: no cost 'prg_wort'; did you mean "
          "'prg_word'?");
  refused("mpc: {costs: {prg_word: 1}}\n", "costs.yaml:1:25");
  refused("mpc: {costs: {prg_word: 2 s}}\n", "from 0 to 1 s");
  refused("mpc: [\n", "costs.yaml:");
  refused("name: nothing\n", "no part 'mpc: {costs: {...}}'");
}

}  // namespace
}  // namespace evenkeel::test
