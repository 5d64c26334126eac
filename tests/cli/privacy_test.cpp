// `evenkeel compare` over protocols: what an operator gets to choose by, in the terminal, the
// result file, the export and the report.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

// A link's latency is 5 ms, so that a message between two homes takes 10 ms and one to the utility,
// which is in the middle, 5 ms.
constexpr const char* scenario = R"(name: five homes
question: Which protocol?
duration: 20 s
topology:
  generate: {star: {n: 5, latency: 5 ms, bandwidth: 100 Mbit/s}}
nodes:
  hub:       {at: every site, cores: 2, speed: 2 Gop/s, serves: false}
  statistic: {at: [cloud, site 1, site 2], cores: 4, speed: 20 Gop/s, serves: false}
devices:
  utility: {at: cloud, count: 1}
mpc:
  protocol: replicated3
  parties: statistic
  patience: 500 ms
  computations:
    power: {function: sum, of: hub, size: 3, bits: 14, values: {exponential: 900}}
workload:
  report: {from: utility, rate: 2 /s, arrivals: deterministic, does: {compute: power}, timeout: 5 s}
compare:
  vary: {mpc.protocol: [replicated3, additive, enclave]}
  seeds: 2
  metric: mean
)";

class PrivacyComparison : public testing::Test {
 protected:
  PrivacyComparison() : result_(folder_.file("result.evenkeel")) {
    const std::string file = folder_.write("homes.yaml", scenario);
    const Ended ended = program("compare " + file + " --out " + result_ + " --json");
    EXPECT_EQ(ended.code, 0) << ended.output;
    const std::size_t start = ended.output.find('{');
    if (start != std::string::npos)
      json_ = nlohmann::json::parse(ended.output.substr(start), nullptr, false);
    text_ = program("compare " + file + " --out " + result_).output;
  }
  double metric(std::size_t variant, const std::string& name) const {
    return json_["variants"][variant]["mpc"]["metrics"][name]["mean"].get<double>();
  }

  Folder folder_;
  std::string result_;
  nlohmann::json json_;
  std::string text_;
};

TEST_F(PrivacyComparison, CountsWhatAComputationSends) {
  ASSERT_TRUE(json_.is_object()) << text_;
  // replicated3: keys of 16 B each; five clients enter 3 numbers, 16 n + 64 B; 24 B a number to the
  // utility, which is a client.
  EXPECT_DOUBLE_EQ(metric(0, "bytes.offline"), 3 * 16);
  EXPECT_DOUBLE_EQ(metric(0, "bytes.online"), 5 * (16 * 3 + 64) + 24 * 3);
  EXPECT_DOUBLE_EQ(metric(0, "rounds.offline"), 1);
  EXPECT_DOUBLE_EQ(metric(0, "rounds.online"), 2);
  // additive: keys of 16 B from the dealer to two, and from these to each other.
  EXPECT_DOUBLE_EQ(metric(1, "bytes.offline"), 4 * 16);
  EXPECT_GT(metric(0, "bytes.busiest_link"), 0);
  EXPECT_LT(metric(0, "bytes.busiest_link"), 2 * (metric(0, "bytes.online") + 3000));
  EXPECT_EQ(json_["variants"][0]["mpc"]["failures"].size(), 0U);
}

TEST_F(PrivacyComparison, SaysWhatTheProtocolsPromiseAndWhatIsModelled) {
  for (const char* part :
       {"online", "rounds", "failed in a run", "who deviates", "1 of 3; nobody", "semi-honest",
        "malicious", "enclave (modelled)", "goes unnoticed", "ends it"})
    EXPECT_THAT(text_, HasSubstr(part));
  for (std::size_t start = 0; start < text_.size();) {
    const std::size_t end = text_.find('\n', start);
    EXPECT_LE(text_.substr(start, end - start).size(), 110U);  // some characters are two bytes
    start = end == std::string::npos ? text_.size() : end + 1;
  }
}

TEST_F(PrivacyComparison, KeepsTheSameInTheResultFile) {
  const std::string facts = program("export " + result_ + " --what facts").output;
  EXPECT_THAT(facts, HasSubstr("mpc.corruptions,1 of 3"));
  EXPECT_THAT(facts, HasSubstr("mpc.modelled,modelled"));
  const std::string scalars = program("export " + result_ + " --what scalars").output;
  EXPECT_THAT(scalars, HasSubstr("mpc.bytes.offline,B,48"));
  EXPECT_THAT(scalars, HasSubstr("mpc_bytes,B,"));
  const std::string page = folder_.file("report.html");
  ASSERT_EQ(program("report " + result_ + " -o " + page).code, 0);
  std::ostringstream html;
  html << std::ifstream(page).rdbuf();
  EXPECT_THAT(html.str(), HasSubstr("What privacy costs"));
  EXPECT_THAT(html.str(), HasSubstr("enclave (modelled)"));
  EXPECT_THAT(html.str(), HasSubstr("who may collude"));
}

}  // namespace
}  // namespace evenkeel::test
