#include "sim/study/matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/runtime/user_error.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_combinations = 10'000;
constexpr std::size_t most_values = 1000;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// Walks over YAML in flow style, and knows whether a comma splits.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> run() {
    for (at_ = 0; at_ < text_.size(); ++at_) step(text_[at_]);
    if (depth_ != 0) throw UserError("a bracket or brace is never closed");
    finish();
    return std::move(values_);
  }

 private:
  void step(char c) {
    if ((c == '\'' || c == '"') && starts_scalar_) return skip_quoted(c);
    if (c == '[' || c == '{') ++depth_;
    if ((c == ']' || c == '}') && --depth_ < 0)
      throw UserError("a bracket closes that never opened");
    if (c == ',' && depth_ == 0) {
      finish();
      start_ = at_ + 1;
    }
    if (c != ' ') starts_scalar_ = c == ',' || c == '[' || c == '{' || c == ':';
  }

  /// An apostrophe within a word is no quote; two in single quotes stand for one.
  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (quote == '"' && text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == quote) {
        const bool doubled = quote == '\'' && text_.substr(at_ + 1).starts_with(quote);
        if (!doubled) break;
        ++at_;
      }
    }
    if (at_ >= text_.size()) throw UserError("a quote is never closed");
    starts_scalar_ = false;
  }

  void finish() {
    values_.push_back(trimmed(text_.substr(start_, at_ - start_)));
    if (values_.back().empty()) throw UserError("a value is empty; write path=v1,v2");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  int depth_ = 0;
  bool starts_scalar_ = true;
  std::vector<std::string> values_;
};

void check_distinct(const Variation& axis) {
  for (auto value = axis.values.begin(); value != axis.values.end(); ++value)
    if (std::find(axis.values.begin(), value, *value) != value)
      throw UserError(axis.place,
                      fmt::format("'{}' has the value {} twice", axis.path, shown(*value)));
}

}  // namespace

std::vector<std::string> split_values(std::string_view text) { return Splitter{text}.run(); }

Variation parse_vary(const std::string& option) {
  const Place place{"--vary " + option.substr(0, 100)};
  const std::size_t equals = option.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UserError(place, "write path=v1,v2, such as balancing.policy=random,nearest");
  Variation vary{.path = trimmed(option.substr(0, equals)), .place = place};
  std::vector<std::string> texts;
  try {
    texts = split_values(std::string_view(option).substr(equals + 1));
  } catch (const UserError& error) {
    throw UserError(place, error.what());
  }
  if (texts.size() > most_values)
    throw UserError(place, fmt::format("more than {} values", most_values));
  for (const std::string& text : texts) {
    std::vector<Mistake> mistakes;
    const std::string value = to_flow_yaml(parse_yaml(text, place.file, mistakes));
    if (!mistakes.empty()) throw UserError(place, mistakes.front().message);
    vary.values.push_back(value);
  }
  return vary;
}

std::vector<Choice> combinations(std::span<const Variation> vary) {
  std::vector<Choice> result(1);
  for (const Variation& axis : vary) {
    check_distinct(axis);
    if (result.size() * axis.values.size() > most_combinations)
      throw UserError(axis.place, fmt::format("more than {} combinations", most_combinations));
    std::vector<Choice> next;
    for (const Choice& so_far : result)
      for (const std::string& value : axis.values) {
        next.push_back(so_far);
        next.back()[axis.path] = value;
      }
    result = std::move(next);
  }
  return result;
}

}  // namespace evenkeel
