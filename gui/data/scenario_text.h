// A scenario's text as a form edits it: where a field's value stands, and what of the text changes
// when it gets another, so that comments and layout stay as their author left them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/yaml_tree.h"

namespace evenkeel::gui {

using FieldPath = std::vector<std::string>;  // {"workload", "detect", "rate"}

/// `length` bytes from `at` on become `text`.
struct TextEdit {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string text = {};
};

class ScenarioText {
 public:
  explicit ScenarioText(std::string text);

  const std::string& text() const { return text_; }
  /// False: no YAML yet, or no map; nothing can be edited by field.
  bool isReadable() const { return root_.is_map(); }

  /// As it is written there, without comment: "1 /s", "{power_of_d: {d: 2}}". Empty text: the field
  /// is there without a value. Nothing: it is not there, or is no value of one line.
  std::optional<std::string> value(const FieldPath& path) const;
  /// From 1; 0: not there.
  int line(const FieldPath& path) const;
  /// The fields of one line whose path is like this one, in the order of the text; "*" is any one
  /// name, "**" any number of names.
  std::vector<FieldPath> fieldsLike(const FieldPath& pattern) const;

  /// The edit after which the field has this value; what is missing on the way is added. Nothing:
  /// such a text would be no YAML, or mean something else.
  std::optional<TextEdit> set(const FieldPath& path, const std::string& value) const;

 private:
  struct Found {
    const YamlNode* parent = nullptr;
    const YamlNode* node = nullptr;
    bool isInFlow = false;  // within braces or brackets
  };
  std::optional<Found> find(const FieldPath& path) const;
  std::size_t offsetOf(const Place& place) const;
  bool isFlow(const YamlNode& node) const;
  std::optional<std::size_t> endOf(const Found& found) const;
  std::size_t endOfBrackets(std::size_t from) const;
  std::optional<TextEdit> edit(const FieldPath& path, const std::string& value) const;
  std::optional<TextEdit> add(const YamlNode& map, const std::string& entry, bool isRoot) const;

  std::string text_;
  std::vector<std::size_t> lines_;  // where each begins
  YamlNode root_;
};

std::string applied(const std::string& text, const TextEdit& edit);

}  // namespace evenkeel::gui
