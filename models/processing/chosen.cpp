#include "models/processing/chosen.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace evenkeel {
namespace {

class ChosenFields final : public Fields {
 public:
  explicit ChosenFields(const ChosenEntry& chosen) : chosen_(chosen) {}

  void number(std::string_view name, double& value, Unit, const About& about) override {
    const double* given = find(chosen_.numbers, name);
    if (given == nullptr) return;
    if (*given >= about.min && *given <= about.max) {
      value = *given;
    } else {
      out_of_bounds(name, about);
    }
  }
  void integer(std::string_view name, std::int64_t& value, const About& about) override {
    const double* given = find(chosen_.numbers, name);
    if (given == nullptr) return;
    const double lowest = std::max(about.min, -9e15);
    const double highest = std::min(about.max, 9e15);
    if (*given >= lowest && *given <= highest && *given == std::floor(*given)) {
      value = static_cast<std::int64_t>(*given);
    } else {
      out_of_bounds(name, {about.meaning, lowest, highest});
    }
  }
  void boolean(std::string_view name, bool& value, const About&) override {
    if (const double* given = find(chosen_.numbers, name)) value = *given != 0;
  }
  void duration(std::string_view name, Duration& value, const About& about) override {
    const double* given = find(chosen_.numbers, name);
    if (given == nullptr) return;
    if (*given >= about.min && *given <= about.max) {
      value = seconds(*given);
    } else {
      out_of_bounds(name, about);
    }
  }
  void text(std::string_view name, std::string& value, const About&) override {
    if (const std::string* given = find(chosen_.texts, name)) value = *given;
  }
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About&) override {
    const std::string* given = find(chosen_.texts, name);
    if (given == nullptr) return;
    if (std::ranges::find(options, *given) == options.end())
      return fail("'" + std::string{name} + "' cannot be '" + *given + "'");
    value = *given;
  }
  void choice(std::string_view name, std::string& value, std::any& made, const Catalogue& catalogue,
              const About&) override {
    if (const std::string* given = find(chosen_.texts, name)) value = *given;
    const Result<std::any> inner = configure(catalogue, {.name = value});
    if (!inner) return fail(inner.error().detail);
    made = *inner;
  }
  void numbers(std::string_view name, std::vector<double>& values, Unit,
               const About& about) override {
    const std::vector<double>* given = find(chosen_.lists, name);
    if (given == nullptr) return;
    for (const double one : *given)
      if (!(one >= about.min && one <= about.max)) return out_of_bounds(name, about);
    values = *given;
  }
  void file(std::string_view name, std::string&, const About&) override {
    if (find(chosen_.texts, name) != nullptr) fail("no files in settings that travel");
  }
  void refuse(std::string_view name, const std::string& message) override {
    fail("'" + std::string{name} + "': " + message);
  }

  /// The first thing wrong; empty: nothing.
  std::string mistake() {
    const auto check = [this](const auto& given) {
      for (const auto& [name, value] : given)
        if (!used_.contains(name)) fail("there is no setting '" + name + "'");
    };
    check(chosen_.numbers);
    check(chosen_.texts);
    check(chosen_.lists);
    return mistake_;
  }

 private:
  template <class Map>
  const typename Map::mapped_type* find(const Map& given, std::string_view name) {
    used_.emplace(name);
    const auto found = given.find(std::string{name});
    return found == given.end() ? nullptr : &found->second;
  }
  void fail(const std::string& what) {
    if (mistake_.empty()) mistake_ = what;
  }
  void out_of_bounds(std::string_view name, const About& about) {
    fail("'" + std::string{name} + "' must be from " + std::to_string(about.min) + " to " +
         std::to_string(about.max) + ": " + std::string{about.meaning});
  }

  const ChosenEntry& chosen_;
  std::set<std::string> used_;
  std::string mistake_;
};

// Lets another one read the settings, and notes what came of it.
class NotingFields final : public Fields {
 public:
  NotingFields(Fields& from, ChosenEntry& chosen) : from_(from), chosen_(chosen) {}

  void number(std::string_view name, double& value, Unit unit, const About& about) override {
    from_.number(name, value, unit, about);
    chosen_.numbers[std::string{name}] = value;
  }
  void integer(std::string_view name, std::int64_t& value, const About& about) override {
    from_.integer(name, value, about);
    chosen_.numbers[std::string{name}] = static_cast<double>(value);
  }
  void boolean(std::string_view name, bool& value, const About& about) override {
    from_.boolean(name, value, about);
    chosen_.numbers[std::string{name}] = value ? 1 : 0;
  }
  void duration(std::string_view name, Duration& value, const About& about) override {
    from_.duration(name, value, about);
    chosen_.numbers[std::string{name}] = to_seconds(value);
  }
  void text(std::string_view name, std::string& value, const About& about) override {
    from_.text(name, value, about);
    chosen_.texts[std::string{name}] = value;
  }
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About& about) override {
    from_.option(name, value, options, about);
    chosen_.texts[std::string{name}] = value;
  }
  void choice(std::string_view name, std::string& value, std::any& made, const Catalogue& catalogue,
              const About& about) override {
    from_.choice(name, value, made, catalogue, about);
    chosen_.texts[std::string{name}] = value;
  }
  void numbers(std::string_view name, std::vector<double>& values, Unit unit,
               const About& about) override {
    from_.numbers(name, values, unit, about);
    chosen_.lists[std::string{name}] = values;
  }
  void file(std::string_view name, std::string&, const About&) override {
    from_.refuse(name, "no files in settings that travel");
  }
  void refuse(std::string_view name, const std::string& message) override {
    from_.refuse(name, message);
  }

 private:
  Fields& from_;
  ChosenEntry& chosen_;
};

}  // namespace

Catalogue entries_to_choose(const Catalogue& catalogue) {
  Catalogue all{catalogue.kind()};
  for (const Entry& entry : catalogue.entries())
    all.add({entry.name, entry.summary, [entry](Fields& fields) -> std::any {
               ChosenEntry chosen{.name = entry.name};
               NotingFields noting{fields, chosen};
               entry.configure(noting);
               return chosen;
             }});
  return all;
}

Result<std::any> configure(const Catalogue& catalogue, const ChosenEntry& chosen) {
  const Entry* entry = catalogue.find(chosen.name);
  if (entry == nullptr) {
    std::string known;
    for (const Entry& one : catalogue.entries()) known += (known.empty() ? "" : ", ") + one.name;
    return Error{ErrorCode::invalid,
                 "no " + catalogue.kind() + " '" + chosen.name + "'; there are: " + known};
  }
  ChosenFields fields{chosen};
  std::any made = entry->configure(fields);
  const std::string mistake = fields.mistake();
  if (!mistake.empty())
    return Error{ErrorCode::invalid, catalogue.kind() + " '" + chosen.name + "': " + mistake};
  return made;
}

}  // namespace evenkeel
