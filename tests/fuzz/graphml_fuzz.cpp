// Any bytes given to the GraphML reader: a graph or a UserError, never anything else.
#include <cstdint>
#include <string_view>

#include "models/runtime/user_error.h"
#include "sim/topology/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    evenkeel::parse_graphml(text, "fuzz.graphml", {});
  } catch (const evenkeel::UserError&) {
  }
  return 0;
}
