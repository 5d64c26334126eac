// Any bytes as plain text and back: "a/b" is "a%2Fb". Letters, digits, '-', '_' and '.' stay as
// they are, but for a '.' in front, so that the text of a name that is not empty is also a plain
// file name, and no two names have the same text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evenkeel {

std::string percent_encode(std::string_view bytes);

/// Nothing unless the text is what percent_encode() makes of some bytes.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace evenkeel
