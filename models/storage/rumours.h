// News on its way to everybody: each item is sent along with whatever is sent anyway, a number of
// times that grows with the logarithm of the group's size, the least sent first (SWIM, Das, Gupta &
// Motivala, DSN 2002, section 4.1).
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/runtime/message.h"

namespace evenkeel {

/// One item. A newer one of the same topic and key takes its place.
struct Rumour {
  std::uint8_t topic = 0;
  std::uint32_t key = 0;
  Blob body = {};
  friend bool operator==(const Rumour&, const Rumour&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(topic, key, body);
  }
};

class Rumours {
 public:
  /// Items waiting, at most: then the one sent most often is dropped, and whoever missed it learns
  /// of it by comparison.
  static constexpr std::size_t most_waiting = 20'000;

  void add(Rumour rumour);
  /// The least sent, in at most so many bytes on the wire, which now were sent once more; what was
  /// sent `times` is dropped.
  std::vector<Rumour> take(std::size_t bytes, std::size_t times);
  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }

 private:
  using Name = std::pair<std::uint8_t, std::uint32_t>;  // topic and key
  using Place = std::pair<std::size_t, std::uint64_t>;  // times sent; the newer first
  std::map<Place, Rumour> waiting_;
  std::map<Name, Place> places_;
  std::uint64_t added_ = 0;
};

}  // namespace evenkeel
