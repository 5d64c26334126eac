// Files that a scenario includes: found beside or below the one that names them, merged in order.
#pragma once

#include <string>
#include <string_view>

#include "sim/scenario/shape.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {

/// Reads a file of at most YamlLimits::file_bytes. UserError, without a place, if it cannot.
std::string read_bounded(const std::string& path);

/// The document of `text` laid over all that it includes; `include` itself is removed. An empty
/// node if the text cannot be read as a map.
YamlNode parse_with_includes(std::string_view text, const std::string& file,
                             const std::string& directory, const Shape& shape,
                             std::vector<Mistake>& mistakes);

}  // namespace evenkeel
