// Writes a tree as YAML. A scalar is written plain where every reader takes it for the same thing,
// else in double quotes.
#include <algorithm>

#include "sim/scenario/yaml_tree.h"

namespace evenkeel {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool is_plain(const std::string& text) {
  static const std::string inside = "_./+- %*()";
  static const std::string first = "_./+-";
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  if (!is_word_character(text.front()) && first.find(text.front()) == std::string::npos)
    return false;
  if (text.front() == '-' && (text.size() == 1 || !is_word_character(text[1]))) return false;
  if (text.starts_with("...")) return false;
  if (text == "null" || text == "Null" || text == "NULL") return false;
  return std::ranges::all_of(
      text, [](char c) { return is_word_character(c) || inside.find(c) != std::string::npos; });
}

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n')
      quoted += "\\n";
    else if (c == '\r')
      quoted += "\\r";
    else if (c == '\t')
      quoted += "\\t";
    else
      quoted += c;
  }
  return quoted + '"';
}

/// Quotes that stood in the file stay where they keep a text from being a number or a truth value.
std::string scalar(const std::string& text, bool quoted) {
  const bool may_be_plain = is_plain(text) &&
                            !(quoted && !std::isalpha(static_cast<unsigned char>(text.front()))) &&
                            !(quoted && text.size() <= 5);
  return may_be_plain ? text : in_quotes(text);
}

std::string key(const std::string& text) { return scalar(text, false); }

void write(const YamlNode& node, std::size_t indent, std::string& out);

void write_value(const YamlNode& value, std::size_t indent, std::string& out) {
  if (value.items.empty()) {
    out += ' ' + to_flow_yaml(value) + '\n';
    return;
  }
  out += '\n';
  write(value, indent + 2, out);
}

void write(const YamlNode& node, std::size_t indent, std::string& out) {
  if (node.items.empty()) {
    out += std::string(indent, ' ') + to_flow_yaml(node) + '\n';
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    out += std::string(indent, ' ') + (node.is_map() ? key(node.keys[i].text) + ':' : "-");
    write_value(node.items[i], indent, out);
  }
}

}  // namespace

std::string to_flow_yaml(const YamlNode& node) {
  if (node.is_null()) return "null";
  if (node.is_scalar()) return scalar(node.text, node.quoted);
  std::string out = node.is_map() ? "{" : "[";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) out += ", ";
    if (node.is_map()) out += key(node.keys[i].text) + ": ";
    out += to_flow_yaml(node.items[i]);
  }
  return out + (node.is_map() ? '}' : ']');
}

std::string to_yaml(const YamlNode& node) {
  std::string out;
  write(node, 0, out);
  return out;
}

}  // namespace evenkeel
