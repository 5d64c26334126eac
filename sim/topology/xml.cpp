// pugixml parses without recursion and knows no entities but XML's own five.
#include "sim/topology/xml.h"

#include <fmt/format.h>

namespace evenkeel {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

bool declares_latin_1(std::string_view text) {
  if (!text.starts_with("<?xml")) return false;
  const std::string declaration = lower_case(text.substr(0, text.substr(0, 200).find("?>")));
  return declaration.find("\"iso-8859-1\"") != declaration.npos ||
         declaration.find("'iso-8859-1'") != declaration.npos;
}

std::string from_latin_1(std::string_view text) {
  std::string utf8;
  utf8.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | (code >> 6));
      utf8 += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return utf8;
}

std::string as_utf8(std::string_view text, const std::string& file) {
  if (text.size() > max_topology_bytes) throw UserError({file}, "is too long");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw UserError({file, 1, 1}, "is UTF-16; save it as UTF-8");
  // A mark counts as part of the first line, but the parser must not see it.
  if (text.starts_with(utf8_mark)) return "   " + std::string{text.substr(utf8_mark.size())};
  return declares_latin_1(text) ? from_latin_1(text) : std::string{text};
}

}  // namespace

XmlFile::XmlFile(std::string_view text, const std::string& file) : lines_(file, {}) {
  const std::string utf8 = as_utf8(text, file);
  lines_ = Lines(file, utf8);
  if (const std::size_t zero = utf8.find('\0'); zero != utf8.npos)
    throw UserError(lines_.at(zero), "a zero byte; this is not XML text");
  const pugi::xml_parse_result result =
      document_.load_buffer(utf8.data(), utf8.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result)
    throw UserError(lines_.at(static_cast<std::size_t>(result.offset)),
                    fmt::format("is not well-formed XML: {}", result.description()));
  if (!root()) throw UserError({file, 1, 1}, "holds no XML element");
  check_depth();
}

void XmlFile::check_depth() const {
  int depth = 1;
  for (pugi::xml_node node = document_.first_child(); node;) {
    if (depth > max_depth) refuse(node, fmt::format("elements nest deeper than {}", max_depth));
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node.next_sibling();
  }
}

Place XmlFile::place(pugi::xml_node element) const {
  const std::ptrdiff_t name = element.offset_debug();  // just behind the '<'
  return lines_.at(name > 0 ? static_cast<std::size_t>(name) - 1 : 0);
}

void XmlFile::refuse(pugi::xml_node element, const std::string& message) const {
  throw UserError(place(element), message);
}

std::string_view XmlFile::required(pugi::xml_node element, const char* attribute) const {
  const pugi::xml_attribute found = element.attribute(attribute);
  if (!found)
    refuse(element, fmt::format("<{}> has no '{}'", printable(element.name()), attribute));
  return found.value();
}

std::string_view local_name(pugi::xml_node element) {
  const std::string_view name = element.name();
  const std::size_t colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

}  // namespace evenkeel
