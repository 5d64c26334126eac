// Settings as they come: reads nothing and keeps every default, or the few values a test sets.
// Checks on the way that each field has a meaning and that its default lies within its bounds.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <any>
#include <map>
#include <string>

#include "models/runtime/fields.h"
#include "models/runtime/registry.h"

namespace evenkeel {

class DefaultFields : public Fields {
 public:
  /// `values` by field name; a number, an integer and a duration (in seconds) are all doubles here.
  explicit DefaultFields(std::map<std::string, double> values = {},
                         std::map<std::string, std::string> names = {})
      : values_(std::move(values)), names_(std::move(names)) {}

  void number(std::string_view name, double& value, Unit, const About& about) override {
    if (const double* given = take(name)) value = *given;
    check(name, value, about);
  }
  void integer(std::string_view name, std::int64_t& value, const About& about) override {
    if (const double* given = take(name)) value = static_cast<std::int64_t>(*given);
    check(name, static_cast<double>(value), about);
  }
  void boolean(std::string_view name, bool& value, const About& about) override {
    if (const double* given = take(name)) value = *given != 0;
    check(name, 0, About{about.meaning});
  }
  void duration(std::string_view name, Duration& value, const About& about) override {
    if (const double* given = take(name)) value = seconds(*given);
    check(name, to_seconds(value), about);
  }
  void text(std::string_view name, std::string& value, const About& about) override {
    rename(name, value, about);
  }
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About& about) override {
    rename(name, value, about);
    EXPECT_TRUE(std::find(options.begin(), options.end(), value) != options.end())
        << name << ": " << value;
  }
  void choice(std::string_view name, std::string& value, std::any& made, const Catalogue& catalogue,
              const About& about) override {
    rename(name, value, about);
    const Entry* entry = catalogue.find(value);
    ASSERT_NE(entry, nullptr) << name << ": " << value;
    made = entry->configure(*this);
  }
  void numbers(std::string_view name, std::vector<double>&, Unit, const About& about) override {
    check(name, 0, About{about.meaning});
  }
  void file(std::string_view name, std::string& value, const About& about) override {
    rename(name, value, about);
  }
  void refuse(std::string_view name, const std::string& message) override {
    refused += std::string{name} + ": " + message + "\n";
  }

  std::string refused = {};

 private:
  const double* take(std::string_view name) const {
    const auto found = values_.find(std::string{name});
    return found == values_.end() ? nullptr : &found->second;
  }
  void rename(std::string_view name, std::string& value, const About& about) const {
    const auto found = names_.find(std::string{name});
    if (found != names_.end()) value = found->second;
    check(name, 0, About{about.meaning});
  }
  static void check(std::string_view name, double value, const About& about) {
    EXPECT_FALSE(name.empty());
    EXPECT_FALSE(about.meaning.empty()) << name;
    EXPECT_GE(value, about.min) << name;
    EXPECT_LE(value, about.max) << name;
  }

  std::map<std::string, double> values_;
  std::map<std::string, std::string> names_;
};

}  // namespace evenkeel
