// A request's way, for people.
#pragma once

#include <string>

#include "sim/trace/request_trace.h"

namespace evenkeel {

/// The phases, then step by step (at most `most_lines` of them), then each multi-party computation
/// with its rounds, what each seat sent and what it learned.
std::string trace_text(const RequestTrace& trace, std::size_t most_lines = 60);

}  // namespace evenkeel
