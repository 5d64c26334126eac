#include "sim/faults/faults.h"

#include <algorithm>
#include <functional>

namespace evenkeel {
namespace {

// A kind for all its nodes, or one node by its name.
std::vector<NodeId> nodes_named(const Name& name, const Platform& platform) {
  std::vector<NodeId> found;
  for (std::uint32_t i = 0; i < platform.size(); ++i) {
    const std::string& its_name = platform.nodes()[i].name;
    if (its_name == name.text || its_name.starts_with(name.text + "/")) found.push_back(NodeId{i});
  }
  if (found.empty()) throw UserError(name.place, "no node '" + name.text + "'");
  return found;
}

std::vector<NodeId> nodes_named(const std::vector<Name>& names, const Platform& platform) {
  std::vector<NodeId> found;
  for (const Name& name : names) {
    const std::vector<NodeId> some = nodes_named(name, platform);
    found.insert(found.end(), some.begin(), some.end());
  }
  return found;
}

PlatformLinkId link_named(const Fault& fault, const Platform& platform) {
  const Graph& graph = platform.graph();
  if (fault.names.size() == 1) {
    if (const auto link = platform.find_link(fault.names[0].text)) return *link;
  } else if (fault.names.size() == 2) {
    const auto a = graph.find(fault.names[0].text);
    const auto b = graph.find(fault.names[1].text);
    if (a && b)
      if (const auto link = graph.link_between(*a, *b)) return *link;
  }
  throw UserError(fault.place, "no such link; name it, or its two ends");
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

std::string joined(const std::vector<Name>& names) {
  std::string text;
  for (const Name& name : names) text += (text.empty() ? "" : ", ") + name.text;
  return text;
}

}  // namespace

// Something that happens at an instant.
class FaultPlan::Event final : public Waiter {
 public:
  explicit Event(std::function<void()> action) : action_(std::move(action)) {}
  void wake() override { action_(); }

 private:
  std::function<void()> action_;
};

FaultPlan::FaultPlan(const std::vector<Fault>& faults, const Platform& platform, FaultyWorld& world,
                     const std::function<bool(NodeId)>& tells) {
  std::uint32_t groups = 0;
  const auto at = [&](Time when, NodeId node, const std::string& kind, const std::string& detail,
                      std::function<void()> action) {
    events_.push_back(std::make_unique<Event>(
        [&world, node, kind, detail, told = tells(node), act = std::move(action)] {
          act();
          if (told) world.probe().event(world.now(), node, kind, detail);
        }));
    world.set_timer(when, *events_.back());
  };
  for (const Fault& fault : faults) {
    const Time mended = fault.lasts == never ? never : fault.at + fault.lasts;
    const std::string detail = joined(fault.names);
    if (fault.kind == Fault::Kind::crash || fault.kind == Fault::Kind::slow) {
      const bool crash = fault.kind == Fault::Kind::crash;
      for (const NodeId node : nodes_named(fault.names, platform)) {
        const double factor = fault.factor;
        at(fault.at, node, crash ? "crash" : "slow", detail, [&world, node, crash, factor] {
          crash ? world.crash(node) : world.slow_down(node, factor);
        });
        if (mended != never)
          at(mended, node, crash ? "restart" : "full speed", detail,
             [&world, node, crash] { crash ? world.restart(node) : world.slow_down(node, 1); });
      }
    } else if (fault.kind == Fault::Kind::cut) {
      const PlatformLinkId link = link_named(fault, platform);
      at(fault.at, of_no_node, "cut", detail, [&world, link] { world.cut(link); });
      if (mended != never)
        at(mended, of_no_node, "mended", detail, [&world, link] { world.mend(link); });
    } else {
      const std::uint32_t group = ++groups;
      for (const NodeId node : nodes_at(fault.names, platform)) {
        at(fault.at, node, "cut off", detail,
           [&world, node, group] { world.set_group(node, group); });
        if (mended != never)
          at(mended, node, "reachable", detail, [&world, node] { world.set_group(node, 0); });
      }
    }
  }
}

FaultPlan::~FaultPlan() = default;

}  // namespace evenkeel
