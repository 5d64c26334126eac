#include "models/mpc/tools/ring104.h"

#include <cstring>

namespace evenkeel::ring104 {

void pack(std::span<const Word> elements, SecretBytes& to) {
  const std::size_t start = to.size();
  to.resize(start + elements.size() / 2 * element_bytes);
  std::byte* out = to.data() + start;
  for (std::size_t i = 0; i < elements.size(); i += 2, out += element_bytes)
    std::memcpy(out, &elements[i], element_bytes);
}

void unpack(std::span<const std::byte> bytes, std::span<Word> into) {
  const std::byte* in = bytes.data();
  for (std::size_t i = 0; i < into.size(); i += 2, in += element_bytes) {
    into[i + 1] = 0;
    std::memcpy(&into[i], in, element_bytes);
  }
}

}  // namespace evenkeel::ring104
