#include "models/storage/fair_loads.h"

#include <algorithm>
#include <map>

namespace evenkeel {
namespace {

struct Zone {
  std::vector<std::size_t> members = {};  // places in the list of members
  double least = 0;                       // copies that it must hold, and may
  double most = 0;
};

/// The level at which `held(level)`, which grows with it, is `wanted`.
template <class Held>
double level_of(Held held, double wanted, double highest) {
  double low = 0;
  double high = highest;
  for (int i = 0; i < 100; ++i) {
    const double middle = low + (high - low) / 2;
    (held(middle) < wanted ? low : high) = middle;
  }
  return high;
}

double share(const Member& member, double level, double all) {
  return std::min(all, member.capacity * level);
}

double held_by(const Zone& zone, const std::vector<Member>& members, double level, double all) {
  double sum = 0;
  for (const std::size_t i : zone.members) sum += share(members[i], level, all);
  return sum;
}

std::map<std::uint32_t, Zone> zones_of(const std::vector<Member>& members, const Spread& wanted) {
  std::map<std::uint32_t, Zone> zones;
  const auto all = static_cast<double>(wanted.partitions);
  for (std::size_t i = 0; i < members.size(); ++i) zones[members[i].zone].members.push_back(i);
  for (auto& [name, zone] : zones) {
    const std::size_t more = wanted.copies - wanted.zones;
    zone.most = all * static_cast<double>(std::min(zone.members.size(), 1 + more));
    zone.least = more > 0 ? all : 0;
  }
  return zones;
}

}  // namespace

Spread spread(const std::vector<Member>& members, std::uint32_t copies, std::size_t of_partitions) {
  std::vector<std::uint32_t> zones;
  for (const Member& member : members) zones.push_back(member.zone);
  std::ranges::sort(zones);
  zones.erase(std::ranges::unique(zones).begin(), zones.end());
  const std::size_t possible = std::min<std::size_t>(copies, members.size());
  return {possible, std::min(possible, zones.size()), of_partitions};
}

std::vector<double> fair_loads(const std::vector<Member>& members, const Spread& wanted) {
  const std::map<std::uint32_t, Zone> zones = zones_of(members, wanted);
  const auto all = static_cast<double>(wanted.partitions);
  const double smallest = std::ranges::min(members, {}, &Member::capacity).capacity;
  const double highest = 2 * all / smallest;  // all members are full
  const auto zone_total = [&](const Zone& zone, double level) {
    return std::clamp(held_by(zone, members, level, all), zone.least, zone.most);
  };
  const auto total = [&](double level) {
    double sum = 0;
    for (const auto& [name, zone] : zones) sum += zone_total(zone, level);
    return sum;
  };
  const double level = level_of(total, all * static_cast<double>(wanted.copies), highest);
  std::vector<double> loads(members.size());
  for (const auto& [name, zone] : zones) {
    const double own = level_of([&](double tried) { return held_by(zone, members, tried, all); },
                                zone_total(zone, level), highest);
    for (const std::size_t i : zone.members) loads[i] = share(members[i], own, all);
  }
  return loads;
}

}  // namespace evenkeel
