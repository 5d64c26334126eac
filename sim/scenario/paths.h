// Settings by their path: `balancing.policy`, `workload.*.rate`, `faults.0.at`. A path is checked
// against the table, so that one which does not exist is a mistake even where nothing stands yet.
#pragma once

#include <string>

#include "sim/scenario/shape.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {

/// Puts `value` at the path; `*` stands for each name there is. The settings of another choice in
/// its way give way. UserError, without a place: "no such path; did you mean balancing.policy".
void assign(YamlNode& tree, const Shape& shape, const std::string& path, const YamlNode& value);

/// Lays `over` over `base`: maps are merged, anything else is replaced, as is a choice of another
/// entry.
void merge(YamlNode& base, YamlNode over, const Shape& shape);

}  // namespace evenkeel
