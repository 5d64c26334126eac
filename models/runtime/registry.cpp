#include "models/runtime/registry.h"

#include <algorithm>

#include "models/runtime/check.h"

namespace evenkeel {

void Catalogue::add(Entry entry) {
  EVENKEEL_CHECK(find(entry.name) == nullptr, "two entries of one name: " + entry.name);
  const auto place = std::ranges::lower_bound(entries_, entry.name, {}, &Entry::name);
  entries_.insert(place, std::move(entry));
}

const Entry* Catalogue::find(std::string_view name) const {
  const auto place = std::ranges::lower_bound(entries_, name, {}, &Entry::name);
  return place != entries_.end() && place->name == name ? &*place : nullptr;
}

}  // namespace evenkeel
