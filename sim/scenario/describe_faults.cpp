// The table's part about what breaks: when, what, for how long; or at random.
#include "sim/scenario/describe.h"
#include "sim/scenario/describe_switch.h"

namespace evenkeel {

void Swarm::describe(Structure& fields, const Catalogue& kinds_of_faults) {
  std::vector<std::string_view> names;
  for (const Entry& entry : kinds_of_faults.entries()) names.emplace_back(entry.name);
  fields.options("kinds", kinds, names, {"faults to draw from; if not given, all"});
  fields.number("until", until, Unit::none,
                {"share of the run after which all is mended, so that it can heal", 0, 1});
  fields.integer("disks", disks,
                 {"disks that may be damaged at one time: what the system must bear", 0, 1000});
  fields.number("settle", settle, Unit::none,
                {"share of the run between one disk's damage and the next one's", 0, 1});
  fields.number("intensity", intensity, Unit::none,
                {"how much breaks, against what is usual", 0.01, 100});
}

void describe_faults(Structure& fields, std::vector<Fault>& faults, const Catalogue& kinds) {
  const auto item = [&](Structure& inner, Place place) {
    Fault& fault = faults.emplace_back();
    fault.place = std::move(place);
    inner.duration("at", fault.at, {"when it breaks, since the start of the run"});
    inner.required("at");
    inner.kind_here(fault.what, kinds);
    inner.duration("for", fault.lasts, {"how long; if not given, until the end", 1e-9});
    inner.boolean("spare", fault.spare,
                  {"it does not happen while nodes still copy what a lost disk had"});
  };
  fields.list("faults", item, {"what breaks, when, and for how long"});
}

void describe_swarm(Structure& fields, std::optional<Swarm>& swarm, const Catalogue& kinds) {
  describe_switch<Swarm>(
      fields, "swarm", swarm, "faults drawn at random by the run's seed, beside those of 'faults'",
      [&kinds](Swarm& its, Structure& settings) { its.describe(settings, kinds); });
}

}  // namespace evenkeel
