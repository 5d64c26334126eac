// The JSON Schema of the scenario file, made from the table that the reader uses, so that editors
// complete and check what they are given.
#pragma once

#include <nlohmann/json.hpp>

#include "sim/scenario/catalogues.h"

namespace evenkeel {

/// Draft-07. It accepts whatever `read` accepts; what it cannot say (bounds of quantities with a
/// unit, names defined elsewhere, fields that do not fit together) `read` finds.
nlohmann::ordered_json scenario_schema(const Catalogues& from = catalogues());

}  // namespace evenkeel
