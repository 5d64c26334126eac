// Settings as a scenario would give them: by name, numbers in base units, lists with commas, those
// of a nested choice behind a dot. Bounds are held, and every setting must be read.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <any>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "models/runtime/user_error.h"
#include "sim/workload/arrivals.h"
#include "sim/workload/movement.h"
#include "sim/workload/service.h"

namespace evenkeel {

using Values = std::map<std::string, std::string>;

class Settings final : public Fields {
 public:
  explicit Settings(Values values) : values_(std::move(values)) {}

  void number(std::string_view name, double& value, Unit, const About& about) override {
    if (const std::string* given = take(name)) value = std::stod(*given);
    check(name, value, about);
  }
  void integer(std::string_view name, std::int64_t& value, const About& about) override {
    if (const std::string* given = take(name)) value = std::stoll(*given);
    check(name, static_cast<double>(value), about);
  }
  void boolean(std::string_view name, bool& value, const About& about) override {
    if (const std::string* given = take(name)) value = *given == "true";
    EXPECT_FALSE(about.meaning.empty()) << name;
  }
  void duration(std::string_view name, Duration& value, const About& about) override {
    if (const std::string* given = take(name)) value = seconds(std::stod(*given));
    check(name, to_seconds(value), about);
  }
  void text(std::string_view name, std::string& value, const About& about) override {
    if (const std::string* given = take(name)) value = *given;
    EXPECT_FALSE(about.meaning.empty()) << name;
  }
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About& about) override {
    text(name, value, about);
    if (std::find(options.begin(), options.end(), value) == options.end())
      refuse(name, "no option");
  }
  void choice(std::string_view name, std::string& value, std::any& made, const Catalogue& catalogue,
              const About& about) override {
    text(name, value, about);
    const std::string outer = prefix_;
    prefix_ += std::string{name} + ".";
    made = catalogue.find(value)->configure(*this);
    prefix_ = outer;
  }
  void numbers(std::string_view name, std::vector<double>& values, Unit,
               const About& about) override {
    if (const std::string* given = take(name)) {
      values.clear();
      std::istringstream parts{*given};
      for (std::string part; std::getline(parts, part, ',');) values.push_back(std::stod(part));
    }
    for (const double value : values) check(name, value, about);
  }
  void file(std::string_view name, std::string& value, const About& about) override {
    text(name, value, about);
  }
  void refuse(std::string_view name, const std::string& message) override {
    refused += std::string{name} + ": " + message + "\n";
  }

  /// The settings that no field asked for.
  std::string unread() const {
    std::string result;
    for (const auto& [name, value] : values_)
      if (!read_.contains(name)) result += name + " ";
    return result;
  }

  std::string refused = {};

 private:
  const std::string* take(std::string_view name) {
    const auto found = values_.find(prefix_ + std::string{name});
    if (found == values_.end()) return nullptr;
    read_[found->first] = true;
    return &found->second;
  }
  void check(std::string_view name, double value, const About& about) {
    EXPECT_FALSE(about.meaning.empty()) << name;
    if (!(value >= about.min && value <= about.max)) refuse(name, "out of range");
  }

  Values values_;
  std::map<std::string, bool> read_;
  std::string prefix_;
};

/// What the entry makes of the settings; `refusals`, if given, gets what it says against them.
template <class Make>
Make configured(const Catalogue& catalogue, const std::string& name, const Values& values,
                std::string* refusals = nullptr) {
  const Entry* entry = catalogue.find(name);
  if (entry == nullptr) throw std::runtime_error("no entry " + name);
  Settings settings{values};
  std::any made = entry->configure(settings);
  EXPECT_EQ(settings.unread(), "") << name;
  if (refusals) *refusals = settings.refused;
  if (!refusals) {
    EXPECT_EQ(settings.refused, "") << name;
  }
  return std::any_cast<Make>(made);
}

inline std::unique_ptr<Distribution> distribution(const std::string& name, const Values& values) {
  return configured<MakeDistribution>(service_times(), name, values)();
}
inline std::unique_ptr<Arrivals> arrivals_of(const std::string& name, const Values& values,
                                             const ArrivalContext& context) {
  return configured<MakeArrivals>(arrivals(), name, values)(context);
}

/// A file that is there as long as the object is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    static int number = 0;
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string{test->test_suite_name()} + "_" + test->name();
    std::ranges::replace(name, '/', '_');
    path_ = testing::TempDir() + "evenkeel_" + name + "_" + std::to_string(++number) + ".csv";
    std::ofstream{path_, std::ios::binary} << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The message of the UserError that `act` throws; empty if it throws none.
template <class Act>
std::string user_error_of(Act act) {
  try {
    act();
  } catch (const UserError& error) {
    return error.what();
  }
  return {};
}

inline std::string trace_path(const std::string& name) {
  return EVENKEEL_SOURCE_DIR "/../shared/data/traces/" + name;
}

}  // namespace evenkeel

/// Tests of data that a clone of the project may lack.
#define EVENKEEL_NEEDS(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "not there: " << path
