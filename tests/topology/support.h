// What the tests of topologies share: sources configured by name, hand-made files, and plain
// arithmetic on graphs that knows nothing of the code under test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "sim/topology/builder.h"
#include "sim/topology/sources.h"
#include "tests/folder.h"

namespace evenkeel {

/// Settings by name; what is not named keeps its default.
class GivenFields final : public Fields {
 public:
  GivenFields(std::map<std::string, double> numbers, std::map<std::string, std::string> texts = {})
      : numbers_(std::move(numbers)), texts_(std::move(texts)) {}

  void number(std::string_view name, double& value, Unit, const About&) override {
    take(name, value);
  }
  void integer(std::string_view name, std::int64_t& value, const About&) override {
    take(name, value);
  }
  void boolean(std::string_view name, bool& value, const About&) override { take(name, value); }
  void duration(std::string_view name, Duration& value, const About&) override {
    double given = to_seconds(value);
    take(name, given);
    value = seconds(given);
  }
  void text(std::string_view name, std::string& value, const About&) override {
    if (const auto found = texts_.find(std::string{name}); found != texts_.end())
      value = found->second;
  }
  void option(std::string_view name, std::string& value, std::span<const std::string_view>,
              const About& about) override {
    text(name, value, about);
  }
  void choice(std::string_view, std::string&, std::any&, const Catalogue&, const About&) override {}
  void numbers(std::string_view, std::vector<double>&, Unit, const About&) override {}
  void file(std::string_view name, std::string& value, const About& about) override {
    text(name, value, about);
  }
  void refuse(std::string_view, const std::string& message) override { refused = message; }

  std::string refused;

 private:
  template <class Value>
  void take(std::string_view name, Value& value) const {
    if (const auto found = numbers_.find(std::string{name}); found != numbers_.end())
      value = static_cast<Value>(found->second);
  }

  std::map<std::string, double> numbers_;
  std::map<std::string, std::string> texts_;
};

inline Graph make_graph(const std::string& source, std::map<std::string, double> numbers,
                        std::map<std::string, std::string> texts = {}, std::uint64_t seed = 1,
                        const LinkDefaults& defaults = {}) {
  GivenFields fields{std::move(numbers), std::move(texts)};
  const auto make = std::any_cast<MakeGraph>(topologies().find(source)->configure(fields));
  EXPECT_EQ(fields.refused, "");
  Random random(seed);
  return make(defaults, random);
}

inline std::string all_doubts(const Graph& graph) {
  std::string all;
  for (const std::string& doubt : graph.doubts()) all += doubt + "\n";
  return all;
}

/// A file of the data that comes beside a checkout; the test that needs it skips without.
inline std::string data_path(const std::string& name) {
  return std::string{EVENKEEL_SOURCE_DIR} + "/../shared/data/" + name;
}
#define SKIP_WITHOUT_DATA() \
  if (!std::filesystem::exists(data_path(""))) GTEST_SKIP() << "no folder " << data_path("")

/// A file that is gone when the test is over.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text, const std::string& ending = ".txt")
      : path_(folder_.write("file" + ending, text)) {}
  const std::string& path() const { return path_; }

 private:
  test::Folder folder_;
  std::string path_;
};

/// n places and m random links (before merging) of 0 .. 9 ms, some of them equal.
inline Graph random_graph(std::size_t n, std::size_t m, std::uint64_t seed,
                          RouteBy rule = RouteBy::latency) {
  Random random(seed);
  GraphBuilder builder{LinkDefaults{}};
  builder.route_by(rule);
  for (std::size_t i = 0; i < n; ++i) builder.add({.name = "p" + std::to_string(i)});
  for (std::size_t i = 0; i < m; ++i)
    builder.link({.from = static_cast<VertexId>(random.below(n)),
                  .to = static_cast<VertexId>(random.below(n)),
                  .latency = std::chrono::milliseconds{random.below(10)},
                  .bandwidth = static_cast<double>(1 + random.below(1000))});
  return std::move(builder).build();
}

/// How many parts are left without a place and a link; by flooding.
inline std::size_t flooded_parts(const Graph& graph, VertexId without_place, LinkId without_link) {
  std::vector<VertexId> label(graph.places().size());
  for (VertexId v = 0; v < label.size(); ++v) label[v] = v;
  for (bool changed = true; changed;) {
    changed = false;
    for (LinkId id = 0; id < graph.links().size(); ++id) {
      const Link& link = graph.link(id);
      if (id == without_link || link.from == without_place || link.to == without_place) continue;
      const VertexId least = std::min(label[link.from], label[link.to]);
      changed = changed || label[link.from] != label[link.to];
      label[link.from] = label[link.to] = least;
    }
  }
  std::size_t parts = 0;
  for (VertexId v = 0; v < label.size(); ++v) parts += v != without_place && label[v] == v;
  return parts;
}
inline constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

}  // namespace evenkeel
