#include "sim/metrics/names_of.h"

#include <array>

namespace evenkeel {
namespace {

constexpr std::array<std::string_view, 6> scopes = {"run",  "class", "site",
                                                    "node", "link",  "count"};
constexpr std::array<std::string_view, 3> ends = {"completed", "dropped", "timed_out"};

template <class Enum, std::size_t n>
std::optional<Enum> find(const std::array<std::string_view, n>& names, std::string_view name) {
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Scope scope) { return scopes[static_cast<std::size_t>(scope)]; }
std::string_view name_of(RequestEnd end) { return ends[static_cast<std::size_t>(end)]; }
std::optional<Scope> scope_named(std::string_view name) { return find<Scope>(scopes, name); }
std::optional<RequestEnd> request_end_named(std::string_view name) {
  return find<RequestEnd>(ends, name);
}

}  // namespace evenkeel
