// How devices move between sites. One kind of movement a file.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/runtime/registry.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// The sites and the ways between them that devices can take.
struct Map {
  static constexpr double min_length_m = 1;

  struct Way {
    std::uint32_t to = 0;
    double length_m = 0;  // finite; less than min_length_m counts as that
  };
  std::vector<std::vector<Way>> ways = {};       // by site; a way back is a way of its own
  std::vector<std::string> names = {};           // by site, unique
  std::vector<std::uint32_t> destinations = {};  // where a device may want to go; empty: anywhere
};

/// Where the devices of one population are. Advanced when asked: a device nobody asks about costs
/// no time. The answer for a device and a time is always the same, whatever was asked before; times
/// that go forward are cheap.
class Movement {
 public:
  virtual ~Movement() = default;
  virtual std::uint32_t site_of(std::uint32_t device, Time at) = 0;
};

struct MovementContext {
  std::shared_ptr<const Map> map = {};
  std::function<std::uint32_t(std::uint32_t device)> home = {};
  std::uint32_t devices = 1;
  std::uint64_t seed = 0;
};

/// Null: nobody moves. UserError if a file makes no sense, or there is no map where one is needed.
using MakeMovement = std::function<std::unique_ptr<Movement>(const MovementContext&)>;

/// All kinds of movement. An entry's `configure` returns a MakeMovement.
Catalogue& movements();

/// The entry for a struct of settings with `void describe(Fields&)` and
/// `std::unique_ptr<Movement> make(const MovementContext&) const`.
template <class Settings>
Entry movement_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            Settings settings;
            settings.describe(fields);
            return MakeMovement{
                [settings](const MovementContext& context) { return settings.make(context); }};
          }};
}

}  // namespace evenkeel
