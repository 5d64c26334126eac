#include "models/access/sql_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "models/access/sql_lexer.h"
#include "models/crypto/crypto.h"

namespace evenkeel {
namespace {

using Kind = Expression::Kind;

constexpr std::array<std::string_view, 16> symbols = {
    "OR", "AND", "NOT", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||", "-"};
constexpr std::array<int, 16> tightnesses = {1, 2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 7, 7, 7, 8, 9};
constexpr int tightest = 10;

int tightness(const Expression& expression) {
  switch (expression.kind) {
    case Kind::unary:
    case Kind::binary:
      return tightnesses[static_cast<std::size_t>(expression.operation)];
    case Kind::is_null:
    case Kind::in_list:
    case Kind::between:
    case Kind::like:
      return 4;
    default:
      return tightest;
  }
}

std::string quoted(std::string_view text, char quote) {
  std::string all{quote};
  for (const char c : text) {
    all += c;
    if (c == quote) all += quote;
  }
  return all + quote;
}

std::string user_name(std::string_view name) {
  return is_plain_sql_name(name) ? std::string{name} : quoted_sql_name(name);
}

// Writes an expression with no more parentheses than it needs: SQLite nests them only so deep.
class Writing {
 public:
  explicit Writing(std::string& out) : out_(out) {}
  virtual ~Writing() = default;

  void write(const Expression& whole, int least) {
    if (replaced(whole)) return;
    const bool wrapped = tightness(whole) < least;
    if (wrapped) out_ += '(';
    write_bare(whole);
    if (wrapped) out_ += ')';
  }

 protected:
  virtual bool replaced(const Expression&) { return false; }
  virtual void literal(const Expression& leaf) = 0;
  virtual void parameter(const Expression& leaf) = 0;
  virtual void column(const Expression& leaf) = 0;
  std::string& out_;

 private:
  void list(const Expression& whole, std::size_t from) {
    out_ += '(';
    for (std::size_t i = from; i < whole.arguments.size(); ++i) {
      if (i > from) out_ += ", ";
      write(whole.arguments[i], 0);
    }
    out_ += ')';
  }

  void write_bare(const Expression& whole) {
    switch (whole.kind) {
      case Kind::literal:
        return literal(whole);
      case Kind::parameter:
        return parameter(whole);
      case Kind::column:
        return column(whole);
      case Kind::star:
        if (!whole.qualifier.empty()) out_ += user_name(whole.qualifier) + ".";
        out_ += '*';
        return;
      case Kind::unary:
      case Kind::binary:
        return operation(whole);
      case Kind::call:
        out_ += whole.name;
        if (whole.arguments.empty()) {
          out_ += "(*)";
        } else {
          list(whole, 0);
        }
        return;
      default:
        return condition(whole);
    }
  }

  void operation(const Expression& whole) {
    const std::string_view symbol = symbols[static_cast<std::size_t>(whole.operation)];
    const int its = tightness(whole);
    if (whole.operation == SqlOperator::logical_not) {
      out_ += "NOT ";
      write(whole.arguments[0], its);
    } else if (whole.operation == SqlOperator::negate) {
      out_ += '-';
      write(whole.arguments[0], tightest);  // two minuses would be a comment
    } else {
      write(whole.arguments[0], its);
      out_ += ' ';
      out_ += symbol;
      out_ += ' ';
      write(whole.arguments[1], its + 1);
    }
  }

  void condition(const Expression& whole) {
    write(whole.arguments[0], 4);
    if (whole.kind == Kind::is_null) {
      out_ += whole.negated ? " IS NOT NULL" : " IS NULL";
      return;
    }
    if (whole.negated) out_ += " NOT";
    if (whole.kind == Kind::in_list) {
      out_ += " IN ";
      list(whole, 1);
    } else if (whole.kind == Kind::between) {
      out_ += " BETWEEN ";
      write(whole.arguments[1], 5);
      out_ += " AND ";
      write(whole.arguments[2], 5);
    } else {
      out_ += " LIKE ";
      write(whole.arguments[1], 5);
    }
  }
};

class UserWriting final : public Writing {
 public:
  using Writing::Writing;

 private:
  void literal(const Expression& leaf) override {
    const std::string text = sql_text(leaf.value);
    out_ += text.starts_with('-') ? "(" + text + ")" : text;
  }
  void parameter(const Expression&) override { out_ += '?'; }
  void column(const Expression& leaf) override {
    if (!leaf.qualifier.empty()) out_ += user_name(leaf.qualifier) + ".";
    out_ += user_name(leaf.name);
  }
};

class SqliteWriting final : public Writing {
 public:
  explicit SqliteWriting(BoundWriter& writer) : Writing(writer.sql.text), writer_(writer) {}

 private:
  bool replaced(const Expression& whole) override {
    return writer_.replace && writer_.replace(whole);
  }
  void literal(const Expression& leaf) override { writer_.sql.bind(leaf.value); }
  void parameter(const Expression& leaf) override {
    writer_.sql.bind(writer_.parameters[leaf.number]);
  }
  void column(const Expression& leaf) override { out_ += writer_.column(leaf); }

  BoundWriter& writer_;
};

template <class List, class Write>
void write_list(std::string& out, std::string_view before, const List& list, Write write) {
  if (list.empty()) return;
  out += before;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ", ";
    write(list[i]);
  }
}

}  // namespace

std::string quoted_sql_name(std::string_view name) { return quoted(name, '"'); }

std::string sql_text(const Value& value) {
  switch (value.index()) {
    case 0:
      return "NULL";
    case 1:
      return std::to_string(std::get<std::int64_t>(value));
    case 2: {
      const double real = std::get<double>(value);
      if (std::isinf(real)) return real > 0 ? "9e999" : "-9e999";
      if (std::isnan(real)) return "NULL";
      std::array<char, 40> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), real).ptr;
      std::string text{digits.data(), end};
      if (text.find_first_of(".e") == std::string::npos) text += ".0";
      return text;
    }
    case 3:
      return quoted(std::get<std::string>(value), '\'');
    default:
      return "x'" + hex(std::get<Blob>(value)) + "'";
  }
}

std::string sql_text(const Expression& expression) {
  std::string text;
  UserWriting{text}.write(expression, 0);
  return text;
}

std::string sql_text(const Query& query) {
  std::string text = query.explain ? "EXPLAIN SELECT " : "SELECT ";
  const auto write = [&](const Expression& one) { text += sql_text(one); };
  write_list(text, "", query.items, [&](const SelectItem& item) {
    write(item.what);
    if (!item.alias.empty()) text += " AS " + user_name(item.alias);
  });
  write_list(text, " FROM ", query.from, [&](const FromTable& table) {
    if (text.ends_with(", ")) text.replace(text.size() - 2, 2, " JOIN ");
    text += user_name(table.name) + " AS " + user_name(table.alias);
  });
  if (query.on) text += " ON " + sql_text(*query.on);
  if (query.where) text += " WHERE " + sql_text(*query.where);
  write_list(text, " GROUP BY ", query.group_by, write);
  if (query.having) text += " HAVING " + sql_text(*query.having);
  write_list(text, " ORDER BY ", query.order_by, [&](const OrderItem& item) {
    write(item.by);
    if (item.descending) text += " DESC";
  });
  if (query.limit) text += " LIMIT " + sql_text(*query.limit);
  if (query.offset) text += " OFFSET " + sql_text(*query.offset);
  return text;
}

void BoundWriter::write(const Expression& expression) {
  // Below everything: whoever calls may put operators around it.
  SqliteWriting{*this}.write(expression, tightest);
}

bool same_expression(const Expression& a, const Expression& b) {
  return a.kind == b.kind && a.operation == b.operation && a.negated == b.negated &&
         a.table == b.table && a.number == b.number && a.value == b.value &&
         (a.kind == Kind::column || a.name == b.name) &&
         std::ranges::equal(a.arguments, b.arguments, same_expression);
}

}  // namespace evenkeel
