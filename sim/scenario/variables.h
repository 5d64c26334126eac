// `${load}` and `${load * 100}` in the scalars of a document, with the values under `variables`.
#pragma once

#include "sim/scenario/yaml_tree.h"

namespace evenkeel {

/// Replaces every reference in the tree, and removes `variables`. A variable may refer to others;
/// what it grows into is bounded. Products and quotients of numbers are computed.
void substitute(YamlNode& tree, std::vector<Mistake>& mistakes);

}  // namespace evenkeel
