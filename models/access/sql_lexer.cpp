#include "models/access/sql_lexer.h"

#include <algorithm>
#include <array>

namespace evenkeel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_letter(char c) { return (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_'; }
int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  c = upper(c);
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// They name nothing unless quoted.
constexpr std::array<std::string_view, 33> reserved = {
    "SELECT",  "FROM",  "WHERE", "GROUP",   "BY",   "HAVING",   "ORDER", "LIMIT", "OFFSET",
    "JOIN",    "INNER", "ON",    "AS",      "AND",  "OR",       "NOT",   "IN",    "IS",
    "BETWEEN", "LIKE",  "NULL",  "ASC",     "DESC", "DISTINCT", "LEFT",  "CASE",  "UNION",
    "CROSS",   "RIGHT", "ALL",   "EXPLAIN", "TRUE", "FALSE"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  Result<std::vector<SqlToken>> run() {
    std::vector<SqlToken> tokens;
    for (skip_blanks(); !rest_.empty(); skip_blanks()) {
      Result<SqlToken> token = next();
      if (!token) return token.error();
      tokens.push_back(std::move(*token));
    }
    tokens.push_back({.at = at_});
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const { return ahead < rest_.size() ? rest_[ahead] : '\0'; }

  std::string take(std::size_t count) {
    std::string taken{rest_.substr(0, count)};
    for (const char c : taken) {
      if (c == '\n') {
        ++at_.line;
        at_.column = 1;
      } else {
        ++at_.column;
      }
    }
    rest_.remove_prefix(taken.size());
    return taken;
  }

  void skip_blanks() {
    while (!rest_.empty()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        take(1);
      } else if (c == '-' && peek(1) == '-') {
        take(std::min(rest_.find('\n'), rest_.size()));
      } else {
        return;
      }
    }
  }

  Result<SqlToken> next() {
    const SqlPosition at = at_;
    const char c = peek();
    if ((c == 'x' || c == 'X') && peek(1) == '\'') return blob(at);
    if (is_letter(c)) return word(at);
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number(at);
    if (c == '\'') return quoted(at, '\'', SqlToken::Kind::text);
    if (c == '"') return quoted(at, '"', SqlToken::Kind::quoted_name);
    return symbol(at);
  }

  SqlToken word(SqlPosition at) {
    std::size_t length = 1;
    while (is_letter(peek(length)) || is_digit(peek(length))) ++length;
    SqlToken token{.kind = SqlToken::Kind::word, .as_written = take(length), .at = at};
    token.text = token.as_written;
    std::ranges::transform(token.text, token.text.begin(), upper);
    return token;
  }

  Result<SqlToken> number(SqlPosition at) {
    std::size_t length = 0;
    bool real = false;
    while (is_digit(peek(length))) ++length;
    if (peek(length) == '.') {
      real = true;
      for (++length; is_digit(peek(length));) ++length;
    }
    if (upper(peek(length)) == 'E') {
      const std::size_t sign = peek(length + 1) == '-' || peek(length + 1) == '+' ? 1 : 0;
      if (is_digit(peek(length + 1 + sign))) {
        real = true;
        for (length += 1 + sign; is_digit(peek(length));) ++length;
      }
    }
    if (is_letter(peek(length)))
      return sql_error(at, "a number runs into a word at '" + take(length + 1) + "'");
    SqlToken token{.kind = real ? SqlToken::Kind::real : SqlToken::Kind::integer,
                   .as_written = take(length),
                   .at = at};
    token.text = token.as_written;
    return token;
  }

  Result<SqlToken> quoted(SqlPosition at, char quote, SqlToken::Kind kind) {
    SqlToken token{.kind = kind, .as_written = take(1), .at = at};
    while (!rest_.empty()) {
      const char c = peek();
      token.as_written += take(1);
      if (c == quote && peek() != quote) return token;
      if (c == '\0') return sql_error(at, "a text must not hold a zero byte; use a parameter");
      token.text += c;
      if (c == quote) token.as_written += take(1);
    }
    return sql_error(at, std::string{"nothing closes this "} + quote);
  }

  Result<SqlToken> blob(SqlPosition at) {
    take(1);
    Result<SqlToken> token = quoted(at, '\'', SqlToken::Kind::blob);
    if (!token) return token;
    std::string bytes;
    for (std::size_t i = 0; i + 1 < token->text.size(); i += 2) {
      const int high = hex_digit(token->text[i]);
      const int low = hex_digit(token->text[i + 1]);
      if (high < 0 || low < 0) return sql_error(at, "a blob is written in hexadecimal: x'0aff'");
      bytes += static_cast<char>(high * 16 + low);
    }
    if (token->text.size() % 2 != 0)
      return sql_error(at, "a blob has an even number of hexadecimal digits");
    token->text = std::move(bytes);
    return token;
  }

  Result<SqlToken> symbol(SqlPosition at) {
    static constexpr std::array<std::string_view, 20> symbols = {
        "<=", ">=", "<>", "!=", "==", "||", "=", "<", ">", "+",
        "-",  "*",  "/",  "%",  "(",  ")",  ",", ".", "?", ";"};
    for (const std::string_view symbol : symbols)
      if (rest_.starts_with(symbol)) {
        SqlToken token{.kind = SqlToken::Kind::symbol, .as_written = take(symbol.size()), .at = at};
        token.text = token.as_written;
        return token;
      }
    return sql_error(at, "'" + take(1) + "' means nothing here");
  }

  std::string_view rest_;
  SqlPosition at_;
};

// Changes, insertions, removals, and neighbours that changed places.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = upper(a[i - 1]) == upper(b[j - 1]);
      cost[i][j] =
          std::min({cost[i - 1][j - 1] + (same ? 0 : 1), cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && upper(a[i - 1]) == upper(b[j - 2]) &&
                           upper(a[i - 2]) == upper(b[j - 1]);
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

}  // namespace

bool is_reserved_sql_word(std::string_view upper_case) {
  return std::ranges::find(reserved, upper_case) != reserved.end();
}

bool is_plain_sql_name(std::string_view name) {
  if (name.empty() || !is_letter(name.front())) return false;
  std::string word{name};
  std::ranges::transform(word, word.begin(), upper);
  return !is_reserved_sql_word(word) &&
         std::ranges::all_of(word, [](char c) { return is_letter(c) || is_digit(c); });
}

Error sql_error(const SqlPosition& at, const std::string& what) {
  return {ErrorCode::invalid,
          std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what};
}

std::string sql_suggestion(std::string_view name, const std::vector<std::string>& names) {
  constexpr std::size_t longest_compared = 100;
  constexpr std::size_t most_listed = 12;
  const std::string* best = nullptr;
  std::size_t best_distance = name.size() / 3 + 2;
  for (const std::string& candidate : names) {
    if (name.size() > longest_compared || candidate.size() > longest_compared) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
  }
  if (best != nullptr) return "; did you mean '" + *best + "'?";
  if (names.empty() || names.size() > most_listed) return "";
  std::string list = names.size() == 1 ? "; there is " : "; there are ";
  for (std::size_t i = 0; i < names.size(); ++i)
    list += (i == 0 ? "'" : i + 1 == names.size() ? " and '" : ", '") + names[i] + "'";
  return list;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return upper(x) == upper(y); });
}

Result<std::vector<SqlToken>> sql_tokens(std::string_view text) {
  if (text.size() > longest_sql)
    return sql_error({}, "a query has at most " + std::to_string(longest_sql) + " bytes, this " +
                             std::to_string(text.size()));
  return Lexer{text}.run();
}

}  // namespace evenkeel
