// SQL text as tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/access/query.h"

namespace evenkeel {

struct SqlToken {
  enum class Kind : std::uint8_t { word, quoted_name, text, blob, integer, real, symbol, end };
  Kind kind = Kind::end;
  std::string text = {};  // a word in upper case, a symbol, the contents of what was quoted
  std::string as_written = {};
  SqlPosition at = {};
};

/// Longer texts are refused.
inline constexpr std::size_t longest_sql = 64 << 10;

/// Ends with a token of Kind::end. ErrorCode::invalid: "line:column: ...".
Result<std::vector<SqlToken>> sql_tokens(std::string_view text);

/// "line:column: what", as ErrorCode::invalid.
Error sql_error(const SqlPosition& at, const std::string& what);

/// "; did you mean 'x'?" if one of the names is near, else "; there are ..." or nothing.
std::string sql_suggestion(std::string_view name, const std::vector<std::string>& names);

/// Words that name nothing unless quoted.
bool is_reserved_sql_word(std::string_view upper_case);
/// Whether it is a name without being quoted.
bool is_plain_sql_name(std::string_view name);

/// Whether they differ in upper and lower case only.
bool same_name(std::string_view a, std::string_view b);

}  // namespace evenkeel
