// An entry of a catalogue chosen by name, with its settings, as a message carries it.
#pragma once

#include <any>
#include <map>
#include <string>
#include <vector>

#include "models/runtime/registry.h"
#include "models/runtime/result.h"

namespace evenkeel {

/// Settings left out keep their defaults. Durations are numbers of seconds, booleans 0 or 1.
struct ChosenEntry {
  std::string name = {};
  std::map<std::string, double> numbers = {};
  std::map<std::string, std::string> texts = {};
  std::map<std::string, std::vector<double>> lists = {};
  friend bool operator==(const ChosenEntry&, const ChosenEntry&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, numbers, texts, lists);
  }
};

/// What the entry's `configure` made of the settings. ErrorCode::invalid names an unknown entry, an
/// unknown setting, or a value out of bounds.
Result<std::any> configure(const Catalogue& catalogue, const ChosenEntry& chosen);

/// The same entries, to be chosen where settings are read (a scenario file): each one's `configure`
/// returns the ChosenEntry, with all its settings, that `configure(catalogue, chosen)` takes. The
/// catalogue is complete before this is called.
Catalogue entries_to_choose(const Catalogue& catalogue);

template <class Made>
Result<Made> make_chosen(const Catalogue& catalogue, const ChosenEntry& chosen) {
  const Result<std::any> made = configure(catalogue, chosen);
  if (!made) return made.error();
  const Made* value = std::any_cast<Made>(&*made);
  EVENKEEL_CHECK(value != nullptr, "an entry makes what its catalogue does not promise");
  return *value;
}

}  // namespace evenkeel
