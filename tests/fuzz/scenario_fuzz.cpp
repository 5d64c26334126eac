// libFuzzer: any bytes as a scenario file. Whatever is accepted must be read back from its
// canonical text; whatever is not must give at least one message.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/scenario/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evenkeel;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const ScenarioDocument document = parse_scenario(text, "fuzz.yaml", "/nowhere", catalogues());
  const std::vector<Mistake> mistakes = validate(document);
  if (!mistakes.empty()) {
    for (const Mistake& mistake : mistakes)
      if (mistake.message.empty()) std::abort();
    return 0;
  }
  const ScenarioDocument again =
      parse_scenario(document.canonical(), "again.yaml", "/nowhere", catalogues());
  if (!validate(again).empty() || again.canonical() != document.canonical()) std::abort();
  return 0;
}
