// Catalogues of things that can be chosen by name: policies, kinds of knowledge, arrivals, service
// times. An entry registers itself with a namespace-scope constant at the end of its own file.
#pragma once

#include <any>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/fields.h"

namespace evenkeel {

/// One thing that can be chosen.
struct Entry {
  std::string name;
  std::string summary;                         // one line
  std::function<std::any(Fields&)> configure;  // visits the settings, returns what makes the thing
};

/// All entries of one kind, ordered by name. `kind` is the word used in messages: "policy".
class Catalogue {
 public:
  explicit Catalogue(std::string kind) : kind_(std::move(kind)) {}

  /// Names are unique; a second entry of the same name is our own bug and aborts.
  void add(Entry entry);
  const Entry* find(std::string_view name) const;
  const std::vector<Entry>& entries() const { return entries_; }
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

/// Registers an entry where a file defines it: `const Registered entry{policies(), {...}};`
struct Registered {
  Registered(Catalogue& catalogue, Entry entry) { catalogue.add(std::move(entry)); }
};

}  // namespace evenkeel
