// A known way of getting the refreshing of secrets wrong, for tests alone: the checks of a run must
// find it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace evenkeel {

enum class SecretsFlaw : std::uint8_t {
  none,
  torn_refresh  // a keeper gives its old share up before enough keepers have their new ones
};
inline constexpr std::array<std::string_view, 2> secrets_flaw_names = {"none", "torn_refresh"};

}  // namespace evenkeel
