#include "models/storage/secrets/secret_messages.h"

#include <sodium.h>

#include <algorithm>

#include "models/mpc/costs.h"

namespace evenkeel {

WireWords on_wire(std::span<const Word> words) { return {words.begin(), words.end()}; }

Words taken(WireWords& words) {
  Words own(words.size());
  std::ranges::copy(words, own.begin());
  sodium_memzero(words.data(), words.size() * sizeof(std::uint64_t));
  words.clear();
  return own;
}

// A product for each element, receiver and power.
Work sharing_work(std::size_t elements, std::uint32_t n, std::uint32_t threshold) {
  return {costs::field_product * costs::operations_per_ns * static_cast<double>(elements) * n *
          threshold};
}

}  // namespace evenkeel
