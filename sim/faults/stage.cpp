#include "sim/faults/stage.h"

#include <algorithm>
#include <array>

namespace evenkeel {
namespace {

std::vector<NodeId> nodes_named(const Name& name, const Platform& platform) {
  std::vector<NodeId> found;
  for (std::uint32_t i = 0; i < platform.size(); ++i) {
    const std::string& its_name = platform.nodes()[i].name;
    if (its_name == name.text || its_name.starts_with(name.text + "/")) found.push_back(NodeId{i});
  }
  if (found.empty()) throw UserError(name.place, "no node '" + name.text + "'");
  return found;
}

}  // namespace

std::vector<NodeId> nodes_named(const std::vector<Name>& names, const Platform& platform) {
  std::vector<NodeId> found;
  for (const Name& name : names)
    for (const NodeId node : nodes_named(name, platform))
      if (std::ranges::find(found, node) == found.end()) found.push_back(node);
  return found;
}

std::vector<NodeId> nodes_at(const std::vector<Name>& places, const Platform& platform) {
  std::vector<NodeId> found;
  for (std::uint32_t i = 0; i < platform.size(); ++i) {
    const std::string& place = platform.graph().place(platform.nodes()[i].vertex).name;
    if (std::ranges::any_of(places, [&](const Name& name) { return name.text == place; }))
      found.push_back(NodeId{i});
  }
  return found;
}

PlatformLinkId link_named(const std::vector<Name>& names, const Place& place,
                          const Platform& platform) {
  const Graph& graph = platform.graph();
  if (names.size() == 1) {
    if (const auto link = platform.find_link(names[0].text)) return *link;
  } else if (names.size() == 2) {
    const auto a = graph.find(names[0].text);
    const auto b = graph.find(names[1].text);
    if (a && b)
      if (const auto link = graph.link_between(*a, *b)) return *link;
  }
  throw UserError(place, "no such link; name it, or its two ends");
}

std::string joined(const std::vector<Name>& names) {
  std::string text;
  for (const Name& name : names) text += (text.empty() ? "" : ", ") + name.text;
  return text;
}

void cut_off(FaultStage& stage, const std::vector<NodeId>& nodes, CutOff direction,
             const std::string& detail) {
  const std::size_t count = stage.platform().size();
  std::vector<bool> inside(count);
  for (const NodeId node : nodes) inside[index(node)] = true;
  std::vector<bool> outside = inside;
  outside.flip();
  const FaultId in = 2 * stage.id();
  const FaultId out = in + 1;
  if (direction != CutOff::out)
    stage.at_start(FaultStage::of_no_node, "", "", [in, inside, outside](FaultyWorld& world) {
      world.build_wall(in, {.from = outside, .to = inside});
    });
  if (direction != CutOff::in)
    stage.at_start(FaultStage::of_no_node, "", "", [out, inside, outside](FaultyWorld& world) {
      world.build_wall(out, {.from = inside, .to = outside});
    });
  stage.at_end(FaultStage::of_no_node, "", "", [in, out](FaultyWorld& world) {
    world.tear_down_wall(in);
    world.tear_down_wall(out);
  });
  constexpr std::array<const char*, 3> heard = {"", ", hears nobody", ", heard by nobody"};
  for (const NodeId node : nodes) {
    stage.at_start(node, "cut off", detail + heard[static_cast<std::size_t>(direction)], {});
    stage.at_end(node, "reachable", detail, {});
  }
}

void describe_direction(Fields& fields, CutOff& direction) {
  static constexpr std::array<std::string_view, 3> names = {"both", "in", "out"};
  option(fields, "direction", direction, names,
         {"which messages are lost: those that come in, that go out, or both"});
}

}  // namespace evenkeel
