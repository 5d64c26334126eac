#include "gui/data/scenario_text.h"

#include <algorithm>

namespace evenkeel::gui {
namespace {

constexpr std::size_t npos = std::string::npos;

/// A value that needs braces of its own to be one: "power_of_d: {d: 2}".
std::string bracedIfMap(const std::string& value) {
  const std::size_t key =
      value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  return key != npos && key > 0 && value.compare(key, 2, ": ") == 0 ? "{" + value + "}" : value;
}

bool isLike(const FieldPath& path, const FieldPath& pattern, std::size_t p = 0, std::size_t q = 0) {
  if (q == pattern.size()) return p == path.size();
  if (pattern[q] == "**")
    return isLike(path, pattern, p, q + 1) || (p < path.size() && isLike(path, pattern, p + 1, q));
  return p < path.size() && (pattern[q] == "*" || pattern[q] == path[p]) &&
         isLike(path, pattern, p + 1, q + 1);
}

template <class Visit>
void forMaps(const YamlNode& map, FieldPath& path, const Visit& visit) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    path.push_back(map.keys[i].text);
    map.items[i].is_map() ? forMaps(map.items[i], path, visit) : visit(path);
    path.pop_back();
  }
}

/// But for places.
bool isSame(const YamlNode& a, const YamlNode& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.keys.size(); ++i)
    if (a.keys[i].text != b.keys[i].text) return false;
  return std::ranges::equal(a.items, b.items, isSame);
}

/// Takes the field out, and what holds nothing without it.
void takeOut(YamlNode& map, const FieldPath& path, std::size_t from = 0) {
  YamlNode* below = map.find(path[from]);
  if (below == nullptr) return;
  if (from + 1 < path.size() && below->is_map()) takeOut(*below, path, from + 1);
  if (from + 1 == path.size() || below->items.empty()) map.remove(path[from]);
}

}  // namespace

std::string applied(const std::string& text, const TextEdit& edit) {
  return std::string(text).replace(edit.at, edit.length, edit.text);
}

ScenarioText::ScenarioText(std::string text) : text_(std::move(text)), lines_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') lines_.push_back(i + 1);
  std::vector<Mistake> mistakes;
  root_ = parse_yaml(text_, "", mistakes);
  if (!mistakes.empty()) root_ = {};
}

std::size_t ScenarioText::offsetOf(const Place& place) const {
  if (place.line < 1 || static_cast<std::size_t>(place.line) > lines_.size()) return text_.size();
  const std::size_t column = static_cast<std::size_t>(std::max(place.column, 1)) - 1;
  return std::min(text_.size(), lines_[static_cast<std::size_t>(place.line) - 1] + column);
}

bool ScenarioText::isFlow(const YamlNode& node) const {
  const std::size_t at = offsetOf(node.place);
  return at < text_.size() && (text_[at] == '{' || text_[at] == '[');
}

std::optional<ScenarioText::Found> ScenarioText::find(const FieldPath& path) const {
  Found found{.node = &root_};
  for (const std::string& name : path) {
    found.isInFlow = found.isInFlow || isFlow(*found.node);
    found.parent = found.node;
    found.node = found.node->is_map() ? found.node->find(name) : nullptr;
    if (found.node == nullptr) return std::nullopt;
  }
  return found;
}

/// Past the bracket that closes the one there; npos: none does.
std::size_t ScenarioText::endOfBrackets(std::size_t from) const {
  int depth = 0;
  for (std::size_t i = from; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '\'' || c == '"') {
      i = text_.find(c, i + 1);
      if (i == npos) return npos;
    } else if (c == '#' && text_[i - 1] == ' ') {
      i = text_.find('\n', i);
      if (i == npos) return npos;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i + 1;
  }
  return npos;
}

/// Nothing: no value of one line that is written here.
std::optional<std::size_t> ScenarioText::endOf(const Found& found) const {
  const std::size_t at = offsetOf(found.node->place);
  if (found.node->is_null() || at >= text_.size()) return std::nullopt;
  const std::size_t lineEnd = std::min(text_.find('\n', at), text_.size());
  std::size_t end = lineEnd;
  if (text_[at] == '{' || text_[at] == '[') {
    end = endOfBrackets(at);
  } else if (!found.node->is_scalar()) {
    return std::nullopt;
  } else if (text_[at] == '\'' || text_[at] == '"') {
    end = text_.find(text_[at], at + 1);
    if (end != npos) ++end;
  } else {
    end = std::min(end, text_.find(" #", at));
    if (found.isInFlow) end = std::min(end, text_.find_first_of(",]}", at));
    while (end > at && (text_[end - 1] == ' ' || text_[end - 1] == '\r')) --end;
    if (text_.substr(at, end - at) != found.node->text) return std::nullopt;
  }
  return end <= lineEnd ? std::optional(end) : std::nullopt;
}

std::optional<std::string> ScenarioText::value(const FieldPath& path) const {
  const auto found = find(path);
  if (!found) return std::nullopt;
  if (found->node->is_null()) return "";
  const auto end = endOf(*found);
  if (!end) return std::nullopt;
  const std::size_t at = offsetOf(found->node->place);
  return text_.substr(at, *end - at);
}

int ScenarioText::line(const FieldPath& path) const {
  const auto found = find(path);
  return found ? found->node->place.line : 0;
}

std::vector<FieldPath> ScenarioText::fieldsLike(const FieldPath& pattern) const {
  std::vector<FieldPath> result;
  FieldPath path;
  if (isReadable())
    forMaps(root_, path, [&](const FieldPath& its) {
      if (isLike(its, pattern) && value(its)) result.push_back(its);
    });
  return result;
}

/// In braces before they close; in a block below its first value of one line, or above its first.
std::optional<TextEdit> ScenarioText::add(const YamlNode& map, const std::string& entry,
                                          bool isRoot) const {
  if (isFlow(map)) {
    const std::size_t end = endOfBrackets(offsetOf(map.place));
    if (end == npos) return std::nullopt;
    return TextEdit{.at = end - 1, .text = (map.keys.empty() ? "" : ", ") + entry};
  }
  if (map.keys.empty()) return std::nullopt;
  const std::string indent(static_cast<std::size_t>(map.keys.front().place.column) - 1, ' ');
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (!endOf({.parent = &map, .node = &map.items[i]})) continue;
    const std::size_t end = text_.find('\n', offsetOf(map.items[i].place));
    if (end != npos) return TextEdit{.at = end + 1, .text = indent + entry + "\n"};
  }
  if (isRoot)
    return TextEdit{.at = text_.size(), .text = (text_.ends_with('\n') ? "" : "\n") + entry + "\n"};
  return TextEdit{.at = offsetOf(map.keys.front().place), .text = entry + "\n" + indent};
}

std::optional<TextEdit> ScenarioText::edit(const FieldPath& path, const std::string& value) const {
  if (const auto found = find(path)) {
    if (found->node->is_null()) return std::nullopt;
    const auto end = endOf(*found);
    if (!end) return std::nullopt;
    const std::size_t at = offsetOf(found->node->place);
    return TextEdit{.at = at, .length = *end - at, .text = value};
  }
  std::string entry = path.back() + ": " + value;
  for (std::size_t depth = path.size() - 1;; --depth) {
    const auto parent = find(FieldPath(path.begin(), path.begin() + static_cast<long>(depth)));
    if (parent && !parent->node->is_map()) return std::nullopt;
    if (parent) return add(*parent->node, entry, depth == 0);
    entry = path[depth - 1] + ": {" + entry + "}";
  }
}

std::optional<TextEdit> ScenarioText::set(const FieldPath& path, const std::string& given) const {
  const std::string value = bracedIfMap(given);
  if (!isReadable() || path.empty() || value.find('\n') != npos) return std::nullopt;
  const auto change = edit(path, value);
  if (!change) return std::nullopt;
  // The new text must say that, and nothing else differently.
  const ScenarioText changed(applied(text_, *change));
  if (!changed.isReadable() || changed.value(path) != value) return std::nullopt;
  YamlNode before = root_, after = changed.root_;
  takeOut(before, path);
  takeOut(after, path);
  return isSame(before, after) ? change : std::nullopt;
}

}  // namespace evenkeel::gui
