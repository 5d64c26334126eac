#include "models/runtime/wire.h"

#include "models/runtime/check.h"

namespace evenkeel {

Writer& Writer::put(std::string_view text) {
  EVENKEEL_CHECK(text.size() <= wire_limit, "a text longer than the codec allows");
  put(static_cast<std::uint32_t>(text.size()));
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  bytes_.insert(bytes_.end(), data, data + text.size());
  return *this;
}

std::string Reader::text() {
  const auto size = get<std::uint32_t>();
  if (!ok_ || size > wire_limit || size > left()) {
    fail();
    return {};
  }
  std::string value(reinterpret_cast<const char*>(next_), size);
  next_ += size;
  return value;
}

}  // namespace evenkeel
