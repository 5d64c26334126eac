// What the variants' multi-party computations cost, and what their protocols promise: the tables by
// which an operator chooses one.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "sim/study/comparison.h"

namespace evenkeel {

/// One table of figures and one of promises, of at most `width` columns; nothing if no variant has
/// a protocol.
std::string mpc_tables(std::span<const VariantRuns> variants, const std::vector<std::string>& names,
                       std::size_t width);

/// {protocol, security, ..., failures, metrics}: estimates over the runs; null without a protocol.
nlohmann::json mpc_json(const VariantRuns& variant);

}  // namespace evenkeel
