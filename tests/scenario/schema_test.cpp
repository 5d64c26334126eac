// The schema against the reader: what one accepts the other accepts.
#include "sim/scenario/schema.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <regex>

#include "models/runtime/random.h"
#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using Json = nlohmann::ordered_json;
using testing::good;
using testing::good_but;
using testing::mistakes_in;
using testing::test_catalogues;

/// YAML 1.2's core schema, for decimal numbers.
Json to_json(const YamlNode& node) {
  if (node.is_null()) return nullptr;
  if (node.is_list() || node.is_map()) {
    Json json = node.is_list() ? Json::array() : Json::object();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (node.is_list())
        json.push_back(to_json(node.items[i]));
      else
        json[node.keys[i].text] = to_json(node.items[i]);
    }
    return json;
  }
  static const std::regex number{"[-+]?([.][0-9]+|[0-9]+([.][0-9]*)?)([eE][-+]?[0-9]+)?"};
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (std::regex_match(node.text, number)) return std::stod(node.text);
  return node.text;
}

/// As much of JSON Schema (draft-07) as the schema uses.
class Validator {
 public:
  explicit Validator(const Json& schema) : root_(schema) {}

  bool accepts(const Json& value) const { return fits(root_, value); }

 private:
  bool fits(const Json& schema, const Json& value) const {
    if (schema.contains("$ref")) {
      const std::string name = schema["$ref"].get<std::string>().substr(14);
      return fits(root_["definitions"].at(name), value);
    }
    for (const auto& [word, wanted] : schema.items())
      if (!holds(word, wanted, schema, value)) return false;
    return true;
  }

  std::ptrdiff_t fitting(const Json& forms, const Json& value) const {
    return std::ranges::count_if(forms, [&](const Json& form) { return fits(form, value); });
  }

  bool holds(const std::string& word, const Json& wanted, const Json& schema,
             const Json& value) const {
    if (word == "type") return has_type(wanted, value);
    if (word == "const") return value == wanted;
    if (word == "enum") return std::ranges::find(wanted, value) != wanted.end();
    if (word == "anyOf") return fitting(wanted, value) > 0;
    if (word == "oneOf") return fitting(wanted, value) == 1;
    if (word == "allOf") return fitting(wanted, value) == std::ssize(wanted);
    if (word == "if") return fits(schema[fits(wanted, value) ? "then" : "else"], value);
    if (value.is_number()) {
      if (word == "minimum") return value >= wanted;
      if (word == "maximum") return value <= wanted;
    }
    if (value.is_string() && word == "pattern")
      return std::regex_search(value.get<std::string>(), pattern(wanted.get<std::string>()));
    if (value.is_string() && word == "maxLength")
      return value.get<std::string>().size() <= wanted.get<std::size_t>();
    if (value.is_array() && word == "items")
      return std::ranges::all_of(value, [&](const Json& item) { return fits(wanted, item); });
    if (value.is_array() && word == "minItems") return value.size() >= wanted.get<std::size_t>();
    return !value.is_object() || holds_for_object(word, wanted, schema, value);
  }

  bool holds_for_object(const std::string& word, const Json& wanted, const Json& schema,
                        const Json& value) const {
    if (word == "minProperties") return value.size() >= wanted.get<std::size_t>();
    if (word == "required")
      return std::ranges::all_of(
          wanted, [&](const Json& key) { return value.contains(key.get<std::string>()); });
    for (const auto& [key, item] : value.items()) {
      const bool is_known = schema.contains("properties") && schema["properties"].contains(key);
      if (word == "properties" && is_known && !fits(wanted[key], item)) return false;
      if (word == "propertyNames" && !fits(wanted, key)) return false;
      if (word != "additionalProperties" || is_known) continue;
      if (wanted.is_boolean() ? !wanted.get<bool>() : !fits(wanted, item)) return false;
    }
    return true;
  }

  static bool has_type(const Json& wanted, const Json& value) {
    if (wanted.is_array())
      return std::ranges::any_of(wanted, [&](const Json& one) { return has_type(one, value); });
    if (wanted == "integer")
      return value.is_number() && value.get<double>() == std::floor(value.get<double>());
    return wanted == value.type_name();
  }

  static const std::regex& pattern(const std::string& text) {
    static std::map<std::string, std::regex> known;
    if (!known.contains(text)) known[text] = std::regex{text, std::regex::ECMAScript};
    return known[text];
  }

  const Json& root_;
};

bool schema_accepts(const std::string& text) {
  static const Json schema = scenario_schema(test_catalogues());
  std::vector<Mistake> mistakes;
  const YamlNode tree = parse_yaml(text, "a", mistakes);
  return mistakes.empty() && Validator{schema}.accepts(to_json(tree));
}

TEST(Schema, AcceptsAGoodScenario) { EXPECT_TRUE(schema_accepts(good)); }

TEST(Schema, DescribesWhatTheTableSays) {
  const Json schema = scenario_schema(test_catalogues());
  const Json& file = schema["else"];
  EXPECT_EQ(file["additionalProperties"], false);
  EXPECT_EQ(file["required"], (Json{"topology", "nodes", "devices", "workload"}));
  EXPECT_EQ(file["properties"]["duration"]["description"],
            "how long requests keep coming, in the world's time (default: 1 min)");
  EXPECT_EQ(schema["definitions"]["policy"]["anyOf"][2]["const"], "power_of_d");
  EXPECT_EQ(schema["definitions"]["policy"]["anyOf"][2]["description"], "the best of d");
}

/// Where the good scenario has one of the first, the second is put.
struct Spot {
  std::string written;
  std::string key;
};

const std::vector<Spot> spots = {{"duration: 10 min", "duration"},
                                 {"cores: 4", "cores"},
                                 {"cores: 4", "cloud"},
                                 {"cores: 4", "memory"},
                                 {"cores: 4", "discipline"},
                                 {"cores: 4", "serves"},
                                 {"at: every site", "at"},
                                 {"speed: 20 Gop/s", "speed"},
                                 {"count: 40", "moves"},
                                 {"count: 40", "count"},
                                 {"rate: 2 /s", "rate"},
                                 {"rate: 2 /s", "scale"},
                                 {"rate: 2 /s", "key"},
                                 {"work: {lognormal: {mean: 1.2 Gop, cv: 0.6}}", "work"},
                                 {"input: 180 kB", "input"},
                                 {"arrivals: poisson", "arrivals"},
                                 {"at: site", "at"},
                                 {"at: site", "decision_cost"},
                                 {"at: site", "outlier_ejection"},
                                 {"policy: power_of_d\n", "policy"},
                                 {"knowledge: probe", "knowledge"},
                                 {"generate: {hierarchy: {regions: 2, sites: 8}}", "hierarchy"},
                                 {"generate: {hierarchy: {regions: 2, sites: 8}}", "generate"},
                                 {"charts: [latency_cdf, p99_by_site]", "charts"}};

const std::vector<std::string> values = {"5",
                                         "5.5",
                                         "0",
                                         "-1",
                                         "1e3",
                                         "20 ms",
                                         "1.5 min",
                                         "20 MB",
                                         "3 GiB",
                                         "2 Gop",
                                         "3 kop",
                                         "20 Gop/s",
                                         "2 /s",
                                         "2/s",
                                         "30 /min",
                                         "10 Mbit/s",
                                         "5 W",
                                         "x",
                                         "'5'",
                                         "'20 ms'",
                                         "true",
                                         "false",
                                         "yes",
                                         "[]",
                                         "[x]",
                                         "[x, y]",
                                         "[detect]",
                                         "[cloud]",
                                         "{}",
                                         "{x: 1}",
                                         "fifo",
                                         "processor_sharing",
                                         "every site",
                                         "every vertex",
                                         "{tier: cloud}",
                                         "{random: 5}",
                                         "{random: x}",
                                         "{most_central: 2}",
                                         "{random: 5, tier: x}",
                                         "none",
                                         "random_waypoint",
                                         "{random_waypoint: {speed: 2 m/s}}",
                                         "{random_waypoint: {speed: 2 s}}",
                                         "poisson",
                                         "{on_off: {on: 1 /s}}",
                                         "on_off",
                                         "{on_off: 2 /s}",
                                         "{on_off: {on: 1 /s, levels: [0, 1]}}",
                                         "{fixed: 1 Gop}",
                                         "{fixed: 1 kB}",
                                         "{lognormal: {mean: 1 Gop}}",
                                         "{lognormal: {cv: 1}}",
                                         "{lognormal: {cv: 1 s}}",
                                         "hierarchy",
                                         "{hierarchy: {sites: 2}}",
                                         "{hierarchy: 3}",
                                         "{sites: 3}",
                                         "client",
                                         "site",
                                         "central",
                                         "{central: x}",
                                         "{central: {random: 1}}",
                                         "random",
                                         "{random: {}}",
                                         "power_of_d",
                                         "{power_of_d: {d: 2}}",
                                         "{power_of_d: 2}",
                                         "{power_of_d: {d: 2.5}}",
                                         "{power_of_d: {e: 2}}",
                                         "{hedged: {policy: {power_of_d: {d: 2}}, delay: 5 ms}}",
                                         "{hedged: {policy: x}}",
                                         "own",
                                         "{bulletin: {period: 2 s}}",
                                         "{bulletin: 2 s}",
                                         "bulletin",
                                         "{consecutive_failures: 3}",
                                         "{distribution: zipf, over: 100}",
                                         "{distribution: zip}",
                                         "phases",
                                         "[phases, events]"};

/// The mistakes that a schema cannot see: bounds of quantities, names, and fields that do not fit.
bool is_beyond_a_schema(const std::string& message) {
  for (const char* words : {"too small", "too large", "no device population", "no node kind",
                            "no request class", "no node answers", "as long as the whole run"})
    if (message.find(words) != std::string::npos) return true;
  return false;
}

TEST(Schema, AcceptsEachValueThatTheReaderAcceptsAndNoOther) {
  std::size_t accepted = 0;
  for (const Spot& spot : spots) {
    for (const std::string& value : values) {
      const std::string end = spot.written.ends_with('\n') ? "\n" : "";
      const std::string text = good_but(spot.written, spot.key + ": " + value + end);
      const std::vector<std::string> mistakes = mistakes_in(text);
      const bool reader_accepts = std::ranges::all_of(mistakes, is_beyond_a_schema);
      accepted += reader_accepts ? 1 : 0;
      // Beyond a bound the schema may go either way.
      if (reader_accepts && !mistakes.empty()) continue;
      EXPECT_EQ(schema_accepts(text), reader_accepts) << spot.key << ": " << value << "\n"
                                                      << (mistakes.empty() ? "" : mistakes.front());
    }
  }
  EXPECT_GT(accepted, 100u);
}

TEST(Schema, AcceptsVariablesAndParts) {
  EXPECT_TRUE(
      schema_accepts("variables: {load: 2}\n" + good_but("rate: 2 /s", "rate: ${load} /s")));
  EXPECT_TRUE(schema_accepts("include: common.yaml\nnodes: {edge: {cores: 8}}\n"));
  EXPECT_FALSE(schema_accepts("nodes: {edge: {cores: 8}}\n"));
  EXPECT_FALSE(schema_accepts("include: common.yaml\nnodes: {edge: {core: 8}}\n"));
}

TEST(Schema, OfTheWholeProgramRefersToNothingThatIsNotThere) {
  const Json schema = scenario_schema();
  const std::string text = schema.dump();
  const std::regex reference{R"re("\$ref":"#/definitions/([^"]+)")re"};
  for (std::sregex_iterator at{text.begin(), text.end(), reference}, end; at != end; ++at)
    EXPECT_TRUE(schema["definitions"].contains((*at)[1].str())) << (*at)[1];
}

}  // namespace
}  // namespace evenkeel
