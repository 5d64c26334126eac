// A part of a scenario that is off if not given.
#pragma once

#include <array>
#include <optional>

#include "sim/scenario/structure.h"

namespace evenkeel {

/// `true` switches it on with its defaults, a map with other settings.
template <class Settings, class Describe>
void describe_switch(Structure& fields, std::string_view name, std::optional<Settings>& value,
                     std::string_view meaning, Describe describe) {
  Place place;
  const std::string key{name};
  const std::array forms = {
      Form{Form::Kind::bare, key, "on with its defaults, or off",
           [&](Structure& inner) {
             bool on = false;
             inner.boolean(key, on, {"on with its defaults, or off"});
             value = on ? std::optional{Settings{}} : std::nullopt;
           }},
      Form{Form::Kind::bare, key, "on, with these settings",
           [&](Structure& inner) {
             value = Settings{};
             inner.group(key, [&](Structure& settings) { describe(*value, settings); }, {meaning});
           }},
  };
  fields.one_of(name, forms, place, {meaning});
}

}  // namespace evenkeel
