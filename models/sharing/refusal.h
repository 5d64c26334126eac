// Why somebody was refused, by a name that can be counted: each refusal's text begins with it, and
// goes on with what can be done: "expired: ask the owner for a new grant".
#pragma once

#include <algorithm>
#include <string>

#include "models/runtime/result.h"

namespace evenkeel {

/// The name that the text begins with; of other errors the code's.
inline std::string refusal_name(const Error& error) {
  constexpr std::size_t longest = 32;
  const std::size_t colon = error.detail.find(": ");
  const bool is_refusal = error.code == ErrorCode::denied || error.code == ErrorCode::overloaded;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == ' '; };
  if (!is_refusal || colon == 0 || colon > longest ||
      !std::ranges::all_of(error.detail.substr(0, colon), is_letter))
    return std::string{to_string(error.code)};
  return error.detail.substr(0, colon);
}

}  // namespace evenkeel
