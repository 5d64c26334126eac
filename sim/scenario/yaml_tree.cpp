// The tree's own operations; reading is in yaml_parse.cpp, writing in yaml_write.cpp.
#include "sim/scenario/yaml_tree.h"

#include <algorithm>

namespace evenkeel {

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(keys, key, &Name::text);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

YamlNode* YamlNode::find(std::string_view key) {
  return const_cast<YamlNode*>(static_cast<const YamlNode*>(this)->find(key));
}

YamlNode& YamlNode::at(const std::string& key) {
  if (YamlNode* found = find(key)) return *found;
  kind = Kind::map;
  keys.push_back({key, place});
  items.push_back({});
  items.back().place = place;
  return items.back();
}

void YamlNode::remove(std::string_view key) {
  const auto found = std::ranges::find(keys, key, &Name::text);
  if (found == keys.end()) return;
  items.erase(items.begin() + (found - keys.begin()));
  keys.erase(found);
}

YamlNode yaml_scalar(Place place, std::string text) {
  return {.kind = YamlNode::Kind::scalar, .text = std::move(text), .place = std::move(place)};
}

YamlNode yaml_map(Place place) {
  YamlNode map;
  map.kind = YamlNode::Kind::map;
  map.place = std::move(place);
  return map;
}

YamlNode yaml_map(Place place, Name key, YamlNode value) {
  YamlNode map = yaml_map(std::move(place));
  map.keys.push_back(std::move(key));
  map.items.push_back(std::move(value));
  return map;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::size_t end = std::min(text.size(), longest);
  // Not in the middle of a UTF-8 character.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  std::string line{text.substr(0, end)};
  std::ranges::replace(line, '\n', ' ');
  return "'" + line + (end < text.size() ? "...'" : "'");
}

std::string shown(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "empty";
    case YamlNode::Kind::scalar:
      return shown(node.text);
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "";
}

std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += count_nodes(item);
  return count;
}

}  // namespace evenkeel
