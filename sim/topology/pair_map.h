// A table by pairs of nodes, for pairs that really meet: most of the n x n never do. Open
// addressing with linear probing; nothing is ever taken out but all at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/runtime/node_id.h"

namespace evenkeel {

template <class Value>
class PairMap {
 public:
  /// The value of a pair, fresh and `true` if it has not been asked for yet. The reference is valid
  /// until the next call.
  std::pair<Value&, bool> get(NodeId from, NodeId to) {
    const std::uint64_t pair = std::uint64_t{index(from)} << 32 | index(to);
    if (2 * (used_ + 1) > slots_.size()) grow();
    Slot& slot = place_of(pair);
    const bool fresh = slot.pair == vacant;
    if (fresh) {
      slot.pair = pair;
      ++used_;
    }
    return {slot.value, fresh};
  }

  void clear() {
    slots_.clear();
    used_ = 0;
  }

  template <class Visit>
  void each(Visit visit) const {
    for (const Slot& slot : slots_)
      if (slot.pair != vacant) visit(slot.value);
  }

 private:
  static constexpr std::uint64_t vacant = ~std::uint64_t{0};

  struct Slot {
    std::uint64_t pair = vacant;
    Value value{};
  };

  // There is always a vacant slot, and their number is a power of two.
  Slot& place_of(std::uint64_t pair) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (pair * 0x9e3779b97f4a7c15U >> 32) & mask;
    while (slots_[at].pair != pair && slots_[at].pair != vacant) at = (at + 1) & mask;
    return slots_[at];
  }

  void grow() {
    std::vector<Slot> old(std::max<std::size_t>(16, 2 * slots_.size()));
    old.swap(slots_);
    for (Slot& slot : old)
      if (slot.pair != vacant) place_of(slot.pair) = std::move(slot);
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace evenkeel
