#include "models/mpc/tools/ring104.h"

namespace evenkeel::ring104 {

void pack(std::span<const Word> elements, SecretBytes& to) {
  const std::size_t start = to.size();
  to.resize(start + elements.size() / 2 * element_bytes);
  const std::span<std::byte> packed = std::span{to}.subspan(start);
  for (std::size_t i = 0; i < elements.size() / 2; ++i) put(packed, i, at(elements, i));
}

void unpack(std::span<const std::byte> bytes, std::span<Word> into) {
  for (std::size_t i = 0; i < into.size() / 2; ++i) set(into, i, get(bytes, i));
}

}  // namespace evenkeel::ring104
