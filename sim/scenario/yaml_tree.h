// A YAML document as a tree that keeps the place of every key and value. Read with bounds on its
// size, depth and number of nodes, so that no input can exhaust memory or the stack.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/mistake.h"

namespace evenkeel {

/// One node. A map has keys[i] for items[i], in the order of the file, each key once.
struct YamlNode {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text = {};  // a scalar's
  bool quoted = false;    // a scalar in quotes, or a block: text even if it looks like a number
  Place place = {};
  std::vector<Name> keys = {};
  std::vector<YamlNode> items = {};

  bool is_map() const { return kind == Kind::map; }
  bool is_list() const { return kind == Kind::list; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_null() const { return kind == Kind::null; }

  /// The value of a key of a map, or null.
  const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);
  /// The value of a key, added at the end (with the place of the map) if it is not there.
  YamlNode& at(const std::string& key);
  void remove(std::string_view key);
};

YamlNode yaml_scalar(Place place, std::string text);
YamlNode yaml_map(Place place);
YamlNode yaml_map(Place place, Name key, YamlNode value);

/// "a map", "a list", "empty", or the scalar in quotes, cut if long: for messages.
std::string shown(const YamlNode& node);
std::string shown(std::string_view text);

struct YamlLimits {
  static constexpr std::size_t file_bytes = 4'000'000;
  static constexpr std::size_t line_bytes = 65'536;
  static constexpr std::size_t nodes = 50'000;  // aliases count as what they stand for
  static constexpr std::size_t depth = 32;
  static constexpr std::size_t mistakes = 200;  // of one text; what follows is not reported
};

/// Reads one document of YAML 1.2. `file` is used in places. Adds what is wrong to `mistakes`;
/// returns an empty node if the text cannot be read as YAML at all.
YamlNode parse_yaml(std::string_view text, const std::string& file, std::vector<Mistake>& mistakes);

/// Nodes in the tree, the root included.
std::size_t count_nodes(const YamlNode& node);

/// YAML text that parse_yaml reads to an equal tree (but for the places), in block style.
std::string to_yaml(const YamlNode& node);
/// The same on one line.
std::string to_flow_yaml(const YamlNode& node);

}  // namespace evenkeel
