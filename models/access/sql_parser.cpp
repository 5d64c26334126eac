#include "models/access/sql_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "models/access/sql_lexer.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

struct Binary {
  std::string_view symbol;
  SqlOperator operation;
  int tightness;  // of SQLite's table
};
constexpr std::array<Binary, 16> binaries = {{{"OR", SqlOperator::logical_or, 1},
                                              {"AND", SqlOperator::logical_and, 2},
                                              {"=", SqlOperator::equal, 4},
                                              {"==", SqlOperator::equal, 4},
                                              {"<>", SqlOperator::not_equal, 4},
                                              {"!=", SqlOperator::not_equal, 4},
                                              {"<", SqlOperator::less, 5},
                                              {"<=", SqlOperator::less_equal, 5},
                                              {">", SqlOperator::greater, 5},
                                              {">=", SqlOperator::greater_equal, 5},
                                              {"+", SqlOperator::add, 6},
                                              {"-", SqlOperator::subtract, 6},
                                              {"*", SqlOperator::multiply, 7},
                                              {"/", SqlOperator::divide, 7},
                                              {"%", SqlOperator::modulo, 7},
                                              {"||", SqlOperator::concatenate, 8}}};
constexpr int not_tightness = 3;
constexpr int equality_tightness = 4;
constexpr int unary_tightness = 9;

// Left by an exception, which never leaves this file.
struct Refused {
  Error error;
};

class Parser {
 public:
  explicit Parser(std::vector<SqlToken> tokens) : tokens_(std::move(tokens)) {}

  Query query() {
    Query query;
    query.explain = accept_word("EXPLAIN");
    expect_word("SELECT", "a query begins with SELECT");
    if (is_word("DISTINCT")) refuse("DISTINCT is not supported; use GROUP BY");
    do {
      query.items.push_back(item());
    } while (accept_symbol(","));
    expect_word("FROM", "FROM and a table are missing here");
    from(query);
    if (accept_word("WHERE")) query.where = expression();
    if (accept_word("GROUP")) {
      expect_word("BY", "GROUP is followed by BY");
      do {
        query.group_by.push_back(expression());
      } while (accept_symbol(","));
    }
    if (accept_word("HAVING")) query.having = expression();
    order(query);
    if (accept_word("LIMIT")) {
      query.limit = expression();
      if (accept_word("OFFSET")) query.offset = expression();
    }
    end();
    query.parameters = parameters_;
    return query;
  }

  Expression condition() {
    Expression all = expression();
    end();
    if (parameters_ > 0) throw Refused{sql_error(all.at, "a filter has no parameters")};
    return all;
  }

 private:
  const SqlToken& now() const { return tokens_[place_]; }
  bool is_word(std::string_view word) const {
    return now().kind == SqlToken::Kind::word && now().text == word;
  }
  bool is_symbol(std::string_view symbol) const {
    return now().kind == SqlToken::Kind::symbol && now().text == symbol;
  }
  bool next_is_word(std::string_view word) const {
    const SqlToken& next = tokens_[std::min(place_ + 1, tokens_.size() - 1)];
    return next.kind == SqlToken::Kind::word && next.text == word;
  }
  SqlToken take() { return now().kind == SqlToken::Kind::end ? now() : tokens_[place_++]; }
  bool accept_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++place_;
    return true;
  }
  bool accept_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    ++place_;
    return true;
  }
  [[noreturn]] void refuse(const std::string& what) const {
    throw Refused{sql_error(now().at, what)};
  }
  std::string found() const {
    return now().kind == SqlToken::Kind::end ? "the end" : "'" + now().as_written + "'";
  }
  void expect_word(std::string_view word, const std::string& what) {
    if (!accept_word(word)) refuse(what + ", not " + found());
  }
  void expect_symbol(std::string_view symbol, const std::string& what) {
    if (!accept_symbol(symbol)) refuse(what + ", not " + found());
  }

  void end() {
    accept_symbol(";");
    if (now().kind == SqlToken::Kind::end) return;
    if (is_word("UNION") || is_word("LEFT") || is_word("RIGHT") || is_word("CROSS"))
      refuse(now().text + " is not supported");
    refuse(
        "the query should end here, or go on with WHERE, GROUP BY, HAVING, ORDER BY or LIMIT, "
        "in this order; not with " +
        found());
  }

  bool is_name() const {
    if (now().kind == SqlToken::Kind::quoted_name) return true;
    return now().kind == SqlToken::Kind::word && !is_reserved_sql_word(now().text);
  }
  std::string name(const std::string& of_what) {
    if (!is_name()) refuse("the name of " + of_what + " is missing before " + found());
    const SqlToken token = take();
    return token.kind == SqlToken::Kind::quoted_name ? token.text : token.as_written;
  }
  std::string alias() {
    if (accept_word("AS")) return name("what AS gives a name");
    return is_name() ? name("") : "";
  }

  SelectItem item() {
    SelectItem item;
    if (is_symbol("*")) {
      item.what = part(Kind::star, take().at);
      return item;
    }
    item.what = expression();
    item.alias = alias();
    return item;
  }

  FromTable table() {
    FromTable table{.at = now().at};
    if (is_symbol("(")) refuse("a query within a query is not supported; FROM takes tables");
    table.name = name("a table");
    table.alias = alias();
    if (table.alias.empty()) table.alias = table.name;
    return table;
  }

  void from(Query& query) {
    query.from.push_back(table());
    if (is_symbol(","))
      refuse("two tables are joined by JOIN .. ON a.column = b.column, not by a comma");
    const bool inner = accept_word("INNER");
    if (!accept_word("JOIN")) {
      if (inner) refuse("INNER is followed by JOIN");
      return;
    }
    query.from.push_back(table());
    expect_word("ON", "a join needs ON and an equality of columns here");
    query.on = expression();
    if (is_word("JOIN") || is_word("INNER")) refuse("at most two tables can be joined");
  }

  void order(Query& query) {
    if (!accept_word("ORDER")) return;
    expect_word("BY", "ORDER is followed by BY");
    do {
      OrderItem& item = query.order_by.emplace_back();
      item.by = expression();
      item.descending = accept_word("DESC");
      if (!item.descending) accept_word("ASC");
    } while (accept_symbol(","));
  }

  Expression part(Kind kind, SqlPosition at) {
    if (++parts_ > most_sql_parts)
      throw Refused{sql_error(at, "a query has at most " + std::to_string(most_sql_parts) +
                                      " parts; this one is too large")};
    return Expression{.kind = kind, .at = at};
  }

  Expression expression() { return binary(1); }

  struct Deeper {
    explicit Deeper(Parser& its_parser) : parser(its_parser) {
      if (++parser.depth_ > deepest_sql)
        parser.refuse("expressions are nested too deeply; at most " + std::to_string(deepest_sql));
    }
    ~Deeper() { --parser.depth_; }
    Parser& parser;
  };

  const Binary* binary_here(int least) const {
    if (now().kind != SqlToken::Kind::symbol && now().kind != SqlToken::Kind::word) return nullptr;
    for (const Binary& binary : binaries)
      if (binary.tightness >= least && now().text == binary.symbol) return &binary;
    return nullptr;
  }

  // Precedence climbing; all of SQLite's binary operators are left-associative.
  Expression binary(int least) {
    const Deeper deeper{*this};
    Expression left = least <= not_tightness && is_word("NOT") ? negation() : unary();
    for (;;) {
      if (least <= equality_tightness && is_postfix()) {
        left = postfix(std::move(left));
        continue;
      }
      const Binary* found = binary_here(least);
      if (found == nullptr) return left;
      Expression whole = part(Kind::binary, take().at);
      whole.operation = found->operation;
      whole.arguments.push_back(std::move(left));
      whole.arguments.push_back(binary(found->tightness + 1));
      left = std::move(whole);
    }
  }

  Expression negation() {
    Expression whole = part(Kind::unary, take().at);
    whole.operation = SqlOperator::logical_not;
    whole.arguments.push_back(binary(not_tightness));
    return whole;
  }

  bool is_postfix() const {
    if (is_word("IS") || is_word("IN") || is_word("BETWEEN") || is_word("LIKE")) return true;
    return is_word("NOT") &&
           (next_is_word("IN") || next_is_word("BETWEEN") || next_is_word("LIKE"));
  }

  Expression postfix(Expression left) {
    const SqlPosition at = now().at;
    if (accept_word("IS")) {
      Expression whole = part(Kind::is_null, at);
      whole.negated = accept_word("NOT");
      expect_word("NULL", "IS is followed by NULL or NOT NULL");
      whole.arguments.push_back(std::move(left));
      return whole;
    }
    const bool negated = accept_word("NOT");
    Expression whole = part(Kind::like, at);
    whole.negated = negated;
    whole.arguments.push_back(std::move(left));
    if (accept_word("IN")) {
      whole.kind = Kind::in_list;
      expect_symbol("(", "IN is followed by a list in parentheses");
      if (is_word("SELECT")) refuse("a query within a query is not supported; use JOIN");
      do {
        whole.arguments.push_back(expression());
      } while (accept_symbol(","));
      expect_symbol(")", "the list after IN is closed by ')'");
    } else if (accept_word("BETWEEN")) {
      whole.kind = Kind::between;
      whole.arguments.push_back(binary(equality_tightness + 1));
      expect_word("AND", "BETWEEN a AND b needs its AND here");
      whole.arguments.push_back(binary(equality_tightness + 1));
    } else {
      expect_word("LIKE", "NOT is followed here by IN, BETWEEN or LIKE");
      whole.arguments.push_back(binary(equality_tightness + 1));
    }
    return whole;
  }

  Expression unary() {
    const Deeper deeper{*this};
    if (is_symbol("-")) {
      Expression whole = part(Kind::unary, take().at);
      whole.operation = SqlOperator::negate;
      whole.arguments.push_back(binary(unary_tightness));
      return whole;
    }
    if (accept_symbol("+")) return binary(unary_tightness);
    return primary();
  }

  Expression primary() {
    const SqlToken token = now();
    switch (token.kind) {
      case SqlToken::Kind::integer:
      case SqlToken::Kind::real:
        take();
        return number(token);
      case SqlToken::Kind::text: {
        Expression literal = part(Kind::literal, take().at);
        literal.value = token.text;
        return literal;
      }
      case SqlToken::Kind::blob: {
        Expression literal = part(Kind::literal, take().at);
        literal.value = blob_of(token.text);
        return literal;
      }
      case SqlToken::Kind::symbol:
        return symbol(token);
      default:
        return named(token);
    }
  }

  Expression number(const SqlToken& token) {
    Expression literal = part(Kind::literal, token.at);
    const char* first = token.text.data();
    const char* last = first + token.text.size();
    std::int64_t integer = 0;
    if (token.kind == SqlToken::Kind::integer &&
        std::from_chars(first, last, integer).ec == std::errc{}) {
      literal.value = integer;
      return literal;
    }
    double real = 0;
    if (std::from_chars(first, last, real).ec != std::errc{})
      throw Refused{sql_error(token.at, "the number '" + token.text + "' is out of range")};
    literal.value = real;
    return literal;
  }

  Expression symbol(const SqlToken& token) {
    if (accept_symbol("?")) {
      Expression parameter = part(Kind::parameter, token.at);
      parameter.number = parameters_++;
      if (parameters_ > most_sql_parameters)
        throw Refused{sql_error(token.at, "a query has at most " +
                                              std::to_string(most_sql_parameters) + " parameters")};
      return parameter;
    }
    if (accept_symbol("(")) {
      if (is_word("SELECT")) refuse("a query within a query is not supported; use JOIN");
      Expression inside = expression();
      expect_symbol(")", "this '(' is closed by ')'");
      return inside;
    }
    refuse("a value is missing before " + found());
  }

  Expression named(const SqlToken& token) {
    if (token.kind == SqlToken::Kind::word) {
      if (token.text == "NULL") return part(Kind::literal, take().at);
      if (token.text == "TRUE" || token.text == "FALSE") {
        Expression literal = part(Kind::literal, take().at);
        literal.value = std::int64_t{token.text == "TRUE" ? 1 : 0};
        return literal;
      }
      if (token.text == "CASE") refuse("CASE is not supported; use coalesce or several queries");
    }
    if (!is_name()) refuse("a value is missing before " + found());
    const std::string first = name("");
    if (token.kind == SqlToken::Kind::word && is_symbol("(")) return call(token);
    Expression column = part(Kind::column, token.at);
    column.name = first;
    if (!accept_symbol(".")) return column;
    column.qualifier = first;
    if (accept_symbol("*")) {
      column.kind = Kind::star;
      return column;
    }
    column.name = name("a column of '" + first + "'");
    return column;
  }

  Expression call(const SqlToken& token) {
    Expression call = part(Kind::call, token.at);
    call.name = token.as_written;
    std::ranges::transform(call.name, call.name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    expect_symbol("(", "a function is followed by '('");
    if (is_word("DISTINCT")) refuse("DISTINCT is not supported; group by it first");
    if (call.name == "count" && accept_symbol("*")) {
      expect_symbol(")", "count(*) is closed by ')'");
      return call;
    }
    if (accept_symbol(")")) throw Refused{sql_error(token.at, call.name + "() needs an argument")};
    do {
      call.arguments.push_back(expression());
    } while (accept_symbol(","));
    expect_symbol(")", "the arguments of " + call.name + " are closed by ')'");
    return call;
  }

  std::vector<SqlToken> tokens_;
  std::size_t place_ = 0;
  std::size_t depth_ = 0;
  std::size_t parts_ = 0;
  std::uint32_t parameters_ = 0;
};

template <class T>
Result<T> parse(std::string_view text, T (Parser::*rule)()) {
  Result<std::vector<SqlToken>> tokens = sql_tokens(text);
  if (!tokens) return tokens.error();
  Parser parser{std::move(*tokens)};
  try {
    return (parser.*rule)();
  } catch (const Refused& refused) {
    return refused.error;
  }
}

}  // namespace

Result<Query> parse_sql(std::string_view text) { return parse(text, &Parser::query); }
Result<Expression> parse_condition(std::string_view text) {
  return parse(text, &Parser::condition);
}

}  // namespace evenkeel
