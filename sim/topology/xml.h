// An XML file held in memory, in which every element knows its line. Hostile files are refused:
// entities are never expanded, a document type is skipped, depth and size are bounded.
#pragma once

#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "sim/topology/text.h"

namespace evenkeel {

class XmlFile {
 public:
  static constexpr int max_depth = 64;

  /// UserError with the place if the text is not well-formed XML in UTF-8 (or declared Latin-1).
  /// `file` is the name for messages.
  XmlFile(std::string_view text, const std::string& file);

  pugi::xml_node root() const { return document_.document_element(); }
  Place place(pugi::xml_node element) const;
  /// Throws the UserError for a mistake in that element.
  [[noreturn]] void refuse(pugi::xml_node element, const std::string& message) const;
  /// The attribute's text; refuses an element without it.
  std::string_view required(pugi::xml_node element, const char* attribute) const;

 private:
  void check_depth() const;

  Lines lines_;
  pugi::xml_document document_;
};

/// The name of an element without its namespace prefix.
std::string_view local_name(pugi::xml_node element);

}  // namespace evenkeel
