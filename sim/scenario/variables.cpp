// Each variable is worked out once; products of numbers are all that is computed.
#include "sim/scenario/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/scenario/quantity.h"

namespace evenkeel {
namespace {

constexpr std::size_t longest_text = 10'000;    // bytes of one scalar once replaced
constexpr std::size_t longest_sum = 4'000'000;  // of all

class Substitution {
 public:
  Substitution(const YamlNode& variables, std::vector<Mistake>& mistakes)
      : variables_(variables), mistakes_(mistakes) {
    for (const Name& key : variables.keys) names_.push_back(key.text);
  }

  void walk(YamlNode& node) {
    if (node.is_scalar() && node.text.find("${") != std::string::npos) {
      node.text = replaced(node.text, node.place);
      node.quoted = false;
    }
    for (YamlNode& item : node.items) walk(item);
  }

  void check_all() {
    for (const std::string& name : names_) value_of(name, variables_.find(name)->place);
  }

 private:
  void mistake(const Place& place, std::string message) {
    if (mistakes_.size() < YamlLimits::mistakes) mistakes_.push_back({place, std::move(message)});
  }

  std::string replaced(const std::string& text, const Place& place) {
    std::string result;
    std::size_t done = 0;
    for (std::size_t start = text.find("${"); start != std::string::npos;
         start = text.find("${", done)) {
      const std::size_t end = text.find('}', start);
      if (end == std::string::npos) {
        mistake(place, shown(text) + " has a '${' without a '}'; write ${name}");
        return "0";
      }
      result.append(text, done, start - done);
      result += expression(text.substr(start + 2, end - start - 2), place);
      done = end + 1;
      if (result.size() > longest_text) break;
    }
    result.append(text, done, text.size() - done);
    sum_ += result.size();
    if (result.size() <= longest_text && sum_ <= longest_sum) return result;
    mistake(place, "variables make this text too long; at most 10 kB, and 4 MB in all");
    return "0";
  }

  /// `name`, or factors joined by * and /.
  std::string expression(const std::string& text, const Place& place) {
    std::vector<std::string> factors(1);
    std::string operators;
    for (const char c : text) {
      if (c == '*' || c == '/') {
        operators += c;
        factors.emplace_back();
      } else if (c != ' ') {
        factors.back() += c;
      }
    }
    if (operators.empty()) return value_of(factors.front(), place);
    double product = factor(factors.front(), place);
    for (std::size_t i = 0; i < operators.size(); ++i) {
      const double next = factor(factors[i + 1], place);
      product = operators[i] == '*' ? product * next : product / next;
    }
    if (std::isfinite(product)) return fmt::format("{}", product);
    mistake(place, "${" + text + "} has no finite value");
    return "0";
  }

  double factor(const std::string& text, const Place& place) {
    const auto literal = parse_number(text);
    if (const double* value = std::get_if<double>(&literal)) return *value;
    const std::string value = value_of(text, place);
    const auto number = parse_number(value);
    if (const double* result = std::get_if<double>(&number)) return *result;
    mistake(place, fmt::format("the variable '{}' is {}, which is no number to compute with; leave "
                               "its unit to the place where it is used",
                               text, shown(value)));
    return 1;
  }

  /// Each variable is worked out once, so that variables of variables cannot take long.
  std::string value_of(const std::string& name, const Place& place) {
    if (const auto known = values_.find(name); known != values_.end()) return known->second;
    const YamlNode* value = variables_.find(name);
    if (value == nullptr) {
      mistake(place, fmt::format(
                         "no variable {}{}", shown(name),
                         names_.empty() ? "; add it under 'variables'" : suggestion(name, names_)));
      return "0";
    }
    return values_[name] = worked_out(name, *value);
  }

  std::string worked_out(const std::string& name, const YamlNode& value) {
    constexpr std::size_t deepest = 32;
    const bool is_open = std::ranges::find(open_, name) != open_.end();
    if (is_open || open_.size() >= deepest || !value.is_scalar()) {
      mistake(value.place, fmt::format("the variable '{}' {}", name,
                                       is_open ? "refers to itself; break the circle"
                                       : value.is_scalar()
                                           ? "refers to others more than 32 deep"
                                           : "is " + shown(value) + "; write a number or a text"));
      return "0";
    }
    open_.push_back(name);
    std::string result = replaced(value.text, value.place);
    open_.pop_back();
    return result;
  }

  const YamlNode& variables_;
  std::vector<Mistake>& mistakes_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> values_;
  std::vector<std::string> open_;  // being worked out, outermost first
  std::size_t sum_ = 0;
};

}  // namespace

void substitute(YamlNode& tree, std::vector<Mistake>& mistakes) {
  YamlNode variables;
  if (const YamlNode* found = tree.find("variables")) variables = *found;
  if (!variables.is_map() && !variables.is_null())
    mistakes.push_back({variables.place, "'variables' is " + shown(variables) +
                                             ", where a map must stand: name: value"});
  if (!variables.is_map()) variables = yaml_map(variables.place);
  tree.remove("variables");
  Substitution substitution{variables, mistakes};
  substitution.check_all();
  substitution.walk(tree);
}

}  // namespace evenkeel
