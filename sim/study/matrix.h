// What a comparison varies: values from `--vary`, and all their combinations.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/study/comparison.h"

namespace evenkeel {

/// At commas, but for those inside brackets, braces and quotes. UserError if one of them is never
/// closed, or a value is empty.
std::vector<std::string> split_values(std::string_view text);

/// "path=v1,v2,...", each value in the form that `to_flow_yaml` gives. UserError if it has no such
/// form.
Variation parse_vary(const std::string& option);

/// All combinations, the first path's values changing slowest. One, empty, without any path.
/// UserError above 10,000, and for a value that occurs twice.
std::vector<Choice> combinations(std::span<const Variation> vary);

}  // namespace evenkeel
