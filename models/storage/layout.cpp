#include "models/storage/layout.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

bool is_ascending(const std::vector<Member>& members) {
  return std::ranges::adjacent_find(members, [](const Member& a, const Member& b) {
           return a.node >= b.node;
         }) == members.end();
}

bool is_row(const std::vector<Member>& members, std::uint32_t copies,
            const std::vector<NodeId>& row) {
  if (row.size() != std::min<std::size_t>(copies, members.size())) return false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!std::ranges::binary_search(members, row[i], {}, &Member::node)) return false;
    if (std::find(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(i), row[i]) !=
        row.begin() + static_cast<std::ptrdiff_t>(i))
      return false;
  }
  return true;
}

std::uint64_t first_bytes(const Digest& digest) {
  std::uint64_t value = 0;
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

struct Scored {
  NodeId node{};
  double score = 0;
  std::size_t round = 0;  // how many of its zone come before it
};

}  // namespace

std::vector<Member> Layout::members_of(std::size_t region) const {
  if (region == 0) return members;
  std::vector<Member> its;
  for (const Member& member : members)
    if (std::ranges::binary_search(homes[region - 1], member.node)) its.push_back(member);
  return its;
}

bool is_sound(const Layout& layout) {
  if (layout.regions() > most_regions || layout.replicas.size() != partitions) return false;
  const auto is_ascending_home = [](const std::vector<NodeId>& home) {
    return !home.empty() && home.size() <= most_members && std::ranges::is_sorted(home);
  };
  if (!std::ranges::all_of(layout.homes, is_ascending_home)) return false;
  for (std::size_t region = 0; region < layout.regions(); ++region) {
    const std::vector<Member> members = layout.members_of(region);
    if (members.empty()) return false;
    for (std::size_t p = region; p < partitions; p += layout.regions())
      if (!is_row(members, layout.copies, layout.replicas[p])) return false;
  }
  const auto is_member = [](const Member& member) {
    return std::isfinite(member.capacity) && member.capacity > 0;
  };
  return layout.copies > 0 && layout.copies <= most_copies && !layout.members.empty() &&
         layout.members.size() <= most_members && std::ranges::all_of(layout.members, is_member) &&
         is_ascending(layout.members);
}

std::vector<NodeId> rendezvous(const Layout& layout, const Digest& chunk, std::size_t count) {
  const std::uint64_t hash = first_bytes(chunk);
  std::vector<std::pair<std::uint32_t, Scored>> by_zone;
  for (const Member& member : layout.members) {
    const std::uint64_t drawn = mix(mix(hash ^ 0x9e3779b97f4a7c15ULL) + index(member.node));
    const double uniform = (static_cast<double>(drawn >> 11) + 0.5) * 0x1.0p-53;
    by_zone.push_back({member.zone, {member.node, -member.capacity / portable::log(uniform)}});
  }
  std::ranges::sort(by_zone, [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    if (a.second.score != b.second.score) return a.second.score > b.second.score;
    return a.second.node < b.second.node;
  });
  for (std::size_t i = 1; i < by_zone.size(); ++i)
    if (by_zone[i].first == by_zone[i - 1].first)
      by_zone[i].second.round = by_zone[i - 1].second.round + 1;
  const auto is_before = [](const auto& a, const auto& b) {
    if (a.second.round != b.second.round) return a.second.round < b.second.round;
    if (a.second.score != b.second.score) return a.second.score > b.second.score;
    return a.second.node < b.second.node;
  };
  count = std::min(count, by_zone.size());
  std::ranges::partial_sort(by_zone, by_zone.begin() + static_cast<std::ptrdiff_t>(count),
                            is_before);
  std::vector<NodeId> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(by_zone[i].second.node);
  return chosen;
}

}  // namespace evenkeel
