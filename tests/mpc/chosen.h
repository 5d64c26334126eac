// A protocol with one of its options set as in a scenario.
#pragma once

#include "models/mpc/protocol.h"

namespace evenkeel::test {

class ChosenOption final : public Fields {
 public:
  explicit ChosenOption(std::string chosen) : chosen_(std::move(chosen)) {}
  void number(std::string_view, double&, Unit, const About&) override {}
  void integer(std::string_view, std::int64_t&, const About&) override {}
  void boolean(std::string_view, bool&, const About&) override {}
  void duration(std::string_view, Duration&, const About&) override {}
  void text(std::string_view, std::string&, const About&) override {}
  void option(std::string_view, std::string& value, std::span<const std::string_view>,
              const About&) override {
    value = chosen_;
  }
  void choice(std::string_view, std::string&, std::any&, const Catalogue&, const About&) override {}
  void numbers(std::string_view, std::vector<double>&, Unit, const About&) override {}
  void file(std::string_view, std::string&, const About&) override {}
  void refuse(std::string_view, const std::string&) override {}

 private:
  std::string chosen_;
};

inline ProtocolKind protocol_with(const std::string& name, const std::string& option) {
  if (option.empty()) return protocol_named(name);
  ChosenOption chosen{option};
  return std::any_cast<ProtocolKind>(protocols().find(name)->configure(chosen));
}

}  // namespace evenkeel::test
