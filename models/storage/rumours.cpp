#include "models/storage/rumours.h"

#include <limits>

namespace evenkeel {

void Rumours::add(Rumour rumour) {
  const Name name{rumour.topic, rumour.key};
  if (const auto known = places_.find(name); known != places_.end()) {
    waiting_.erase(known->second);
    places_.erase(known);
  }
  if (waiting_.size() >= most_waiting) {
    const auto last = std::prev(waiting_.end());
    places_.erase({last->second.topic, last->second.key});
    waiting_.erase(last);
  }
  const Place place{0, std::numeric_limits<std::uint64_t>::max() - added_++};
  places_[name] = place;
  waiting_.emplace(place, std::move(rumour));
}

std::vector<Rumour> Rumours::take(std::size_t bytes, std::size_t times) {
  std::vector<Rumour> taken;
  std::vector<std::pair<Place, Rumour>> again;
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    const std::size_t size = encoded_size(next->second);
    if (size > bytes) break;
    bytes -= size;
    taken.push_back(next->second);
    const Name name{next->second.topic, next->second.key};
    const Place place{next->first.first + 1, next->first.second};
    if (place.first >= times) {
      places_.erase(name);
    } else {
      places_[name] = place;
      again.emplace_back(place, std::move(next->second));
    }
    next = waiting_.erase(next);
  }
  for (auto& [place, rumour] : again) waiting_.emplace(place, std::move(rumour));
  return taken;
}

}  // namespace evenkeel
