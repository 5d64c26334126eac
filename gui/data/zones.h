// Which zone a node belongs to: the region nearest to its place in the topology; without regions
// the site.
#pragma once

#include "gui/data/scenario_info.h"

namespace evenkeel::gui {

/// By node. A place that no link leads away from is a zone of its own.
std::map<std::string, std::string> zonesOf(const Topology& topology);

}  // namespace evenkeel::gui
