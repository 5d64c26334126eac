// What a catalogue offers, for `evenkeel list`: each entry, its settings, defaults and meanings.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "models/runtime/registry.h"

namespace evenkeel {

/// Lines of text, aligned in columns.
std::string list_catalogue(const Catalogue& catalogue);

/// A list of {name, summary, settings: [{name, kind, unit, default, min, max, options, meaning}]}.
nlohmann::ordered_json list_catalogue_json(const Catalogue& catalogue);

}  // namespace evenkeel
