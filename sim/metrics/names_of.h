// The texts by which scopes and ends of requests are written in files.
#pragma once

#include <optional>
#include <string_view>

#include "sim/metrics/run_result.h"

namespace evenkeel {

std::string_view name_of(Scope scope);
std::string_view name_of(RequestEnd end);
std::optional<Scope> scope_named(std::string_view name);
std::optional<RequestEnd> request_end_named(std::string_view name);

}  // namespace evenkeel
