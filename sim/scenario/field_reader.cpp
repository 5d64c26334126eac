// The fields of flat settings. What is nested is in structure_reader.cpp.
#include "sim/scenario/field_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "sim/scenario/quantity.h"
#include "sim/scenario/shape.h"

namespace evenkeel {

void ReadContext::mistake(const Place& place, std::string message) {
  constexpr std::size_t most = 1000;  // beyond that nobody reads on
  if (mistakes.size() < most) mistakes.push_back({place, std::move(message)});
}

FieldReader::FieldReader(const YamlNode& map, std::string what, Place where, ReadContext& context)
    : node_(map),
      what_(std::move(what)),
      where_(std::move(where)),
      context_(context),
      mistakes_before_(context.mistakes.size()) {}

FieldReader FieldReader::of_first(const YamlNode& value, std::string what, ReadContext& context) {
  FieldReader reader{value, std::move(what), value.place, context};
  reader.only_first_ = true;
  return reader;
}

void FieldReader::finish() {
  if (only_first_) {
    if (known_.empty()) mistake(node_, fmt::format("'{}' has no settings; write it alone", what_));
  }
  for (const Name& key : node_.keys) {
    if (only_first_ || std::ranges::find(known_, key.text) != known_.end()) continue;
    const std::string in = what_.empty() ? "" : fmt::format(" in '{}'", what_);
    const std::string better = key.text == "<<" ? "; YAML 1.2 merges no maps, use 'include'"
                                                : suggestion(key.text, known_);
    context_.mistake(key.place, fmt::format("no key {}{}{}", shown(key.text), in, better));
    // What is missing is likely just misspelt.
    std::erase(missing_, nearest(key.text, known_));
  }
  for (const std::string& name : missing_)
    context_.mistake(where_, what_.empty() ? fmt::format("no '{}'; add it", name)
                                           : fmt::format("'{}' has no '{}'; add it", what_, name));
}

const YamlNode* FieldReader::take(std::string_view name) {
  known_.emplace_back(name);
  const YamlNode* value = !only_first_ ? node_.find(name) : known_.size() == 1 ? &node_ : nullptr;
  if (value != nullptr && value->is_null()) {
    mistake(*value, fmt::format("'{}' is empty; give it a value or remove it", name));
    return nullptr;
  }
  return value;
}

const YamlNode* FieldReader::take_scalar(std::string_view name, std::string_view what_it_is) {
  const YamlNode* value = take(name);
  if (value == nullptr || value->is_scalar()) return value;
  mistake(*value, fmt::format("'{}' is {}, where {} must stand", name, shown(*value), what_it_is));
  return nullptr;
}

bool FieldReader::is_given(std::string_view name) const {
  if (only_first_) return !known_.empty() && known_.front() == name;
  return node_.find(name) != nullptr;
}

void FieldReader::mistake(const YamlNode& node, std::string message) {
  context_.mistake(node.place, std::move(message));
}

void FieldReader::missing(std::string_view name) {
  if (std::ranges::find(missing_, name) == missing_.end()) missing_.emplace_back(name);
}

void FieldReader::required(std::string_view name) {
  if (!is_given(name)) missing(name);
}

bool FieldReader::read_number(const YamlNode& node, double& value, Unit unit, const About& about) {
  if (unit == Unit::none && node.quoted) {
    mistake(node, fmt::format("{} is text; write the number without quotes", shown(node)));
    return false;
  }
  const auto parsed = parse_quantity(node.text, unit);
  if (const auto* bad = std::get_if<BadQuantity>(&parsed)) {
    mistake(node, bad->message);
    return false;
  }
  const double number = std::get<double>(parsed);
  const Bounds bounds = bounds_of(about, unit);
  if (number < bounds.min)
    mistake(node, fmt::format("{} is too small; it must be at least {}", shown(node),
                              format_quantity(bounds.min, unit)));
  else if (number > bounds.max)
    mistake(node, fmt::format("{} is too large; it must be at most {}", shown(node),
                              format_quantity(bounds.max, unit)));
  else
    value = number;
  return number >= bounds.min && number <= bounds.max;
}

void FieldReader::number(std::string_view name, double& value, Unit unit, const About& about) {
  if (const YamlNode* node = take_scalar(name, noun(unit))) {
    if (!read_number(*node, value, unit, about) && std::isnan(value)) value = 0;
  } else if (std::isnan(value)) {
    if (!is_given(name)) missing(name);
    value = 0;
  }
}

void FieldReader::integer(std::string_view name, std::int64_t& value, const About& about) {
  const YamlNode* node = take_scalar(name, "a whole number");
  if (node == nullptr) return;
  double number = 0;
  if (!read_number(*node, number, Unit::none, about)) return;
  constexpr double largest_whole = 9'007'199'254'740'992;  // 2^53: beyond it doubles skip some
  if (number != std::floor(number) || std::abs(number) > largest_whole)
    mistake(*node, fmt::format("{} is not a whole number; write for instance {}", shown(*node),
                               static_cast<std::int64_t>(std::clamp(number, -1e9, 1e9))));
  else
    value = static_cast<std::int64_t>(number);
}

void FieldReader::boolean(std::string_view name, bool& value, const About&) {
  const YamlNode* node = take_scalar(name, "true or false");
  if (node == nullptr) return;
  static constexpr std::array<std::string_view, 3> yes = {"true", "True", "TRUE"};
  static constexpr std::array<std::string_view, 3> no = {"false", "False", "FALSE"};
  const auto is_one_of = [&](const auto& words) {
    return !node->quoted && std::ranges::find(words, node->text) != words.end();
  };
  if (is_one_of(yes) || is_one_of(no))
    value = is_one_of(yes);
  else
    mistake(*node, fmt::format("{} is not true or false; write one of these two (in YAML 1.2, yes, "
                               "no, on and off are text)",
                               shown(*node)));
}

void FieldReader::duration(std::string_view name, Duration& value, const About& about) {
  const YamlNode* node = take_scalar(name, noun(Unit::time));
  double number = 0;
  if (node != nullptr && read_number(*node, number, Unit::time, about)) value = seconds(number);
}

void FieldReader::text(std::string_view name, std::string& value, const About&) {
  constexpr std::size_t longest = 10'000;
  const YamlNode* node = take_scalar(name, "text");
  if (node == nullptr) return;
  if (node->text.size() > longest)
    mistake(*node, fmt::format("longer than {} bytes; shorten it", longest));
  else
    value = node->text;
}

void FieldReader::option(std::string_view name, std::string& value,
                         std::span<const std::string_view> options, const About&) {
  const std::vector<std::string> names{options.begin(), options.end()};
  if (const YamlNode* node = take_scalar(name, "one word")) {
    if (std::ranges::find(names, node->text) != names.end())
      value = node->text;
    else
      mistake(*node, fmt::format("no {} {}{}", name, shown(*node), suggestion(node->text, names)));
  } else if (value.empty()) {
    if (!is_given(name)) missing(name);
  }
  if (value.empty() && !names.empty()) value = names.front();
}

void FieldReader::numbers(std::string_view name, std::vector<double>& values, Unit unit,
                          const About& about) {
  const YamlNode* node = take(name);
  if (node == nullptr) return;
  if (!node->is_list()) {
    mistake(*node, fmt::format("'{}' is {}, where a list must stand; write it like [{}]", name,
                               shown(*node), example(unit)));
    return;
  }
  std::vector<double> read;
  for (const YamlNode& item : node->items) {
    double value = 0;
    if (!item.is_scalar())
      mistake(item, fmt::format("{} in the list '{}', where {} must stand", shown(item), name,
                                noun(unit)));
    else if (read_number(item, value, unit, about))
      read.push_back(value);
  }
  values = std::move(read);
}

void FieldReader::file(std::string_view name, std::string& value, const About&) {
  namespace fs = std::filesystem;
  const YamlNode* node = take_scalar(name, "the name of a file");
  if (node == nullptr) {
    if (value.empty() && !is_given(name)) missing(name);
    return;
  }
  const fs::path path = fs::path{context_.directory} / node->text;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_regular_file(status) || fs::is_directory(status)) {
    value = path.string();
    context_.files.push_back(value);
    return;
  }
  mistake(*node, fmt::format("no file {}; names are relative to the folder of the scenario, {}",
                             shown(node->text),
                             context_.directory.empty() ? "'.'" : shown(context_.directory)));
}

void FieldReader::refuse(std::string_view name, const std::string& message) {
  // What does not fit together may be a mere consequence of a mistake already told.
  if (context_.mistakes.size() > mistakes_before_ || !missing_.empty()) return;
  const YamlNode* value = only_first_ ? &node_ : node_.find(name);
  context_.mistake(
      value != nullptr ? value->place : where_,
      message.find('\'') != std::string::npos ? message : fmt::format("'{}': {}", name, message));
}

}  // namespace evenkeel
