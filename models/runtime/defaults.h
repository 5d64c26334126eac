// Settings as they come: every field keeps its default.
#pragma once

#include "models/runtime/fields.h"
#include "models/runtime/registry.h"

namespace evenkeel {

class Defaults final : public Fields {
 public:
  void number(std::string_view, double&, Unit, const About&) override {}
  void integer(std::string_view, std::int64_t&, const About&) override {}
  void boolean(std::string_view, bool&, const About&) override {}
  void duration(std::string_view, Duration&, const About&) override {}
  void text(std::string_view, std::string&, const About&) override {}
  void option(std::string_view, std::string&, std::span<const std::string_view>,
              const About&) override {}
  void choice(std::string_view, std::string& value, std::any& made, const Catalogue& catalogue,
              const About&) override {
    if (const Entry* entry = catalogue.find(value)) made = entry->configure(*this);
  }
  void numbers(std::string_view, std::vector<double>&, Unit, const About&) override {}
  void file(std::string_view, std::string&, const About&) override {}
  void refuse(std::string_view, const std::string&) override {}
};

}  // namespace evenkeel
