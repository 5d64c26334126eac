// libFuzzer: any bytes as what a peer says over a socket, or as what a node saw. However the bytes
// are cut in pieces, the same frames come out.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sim/metrics/probe_log.h"
#include "tests/frame_feed.h"

namespace {

using namespace evenkeel;

struct Heard {
  std::vector<Frame> frames;
  bool ok = true;
};

Heard hear(std::span<const std::byte> bytes, std::size_t piece) {
  Heard heard;
  FrameReader reader;
  while (heard.ok && !bytes.empty()) {
    const std::size_t some = std::min(piece, bytes.size());
    heard.ok = test::feed(reader, bytes.first(some),
                          [&](Frame frame) { heard.frames.push_back(std::move(frame)); });
    bytes = bytes.subspan(some);
  }
  return heard;
}

bool same(const Frame& a, const Frame& b) {
  return a.deliver_at == b.deliver_at && a.port == b.port && a.payload.bytes == b.payload.bytes &&
         a.payload.padding == b.payload.padding;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes{reinterpret_cast<const std::byte*>(data), size};
  decode_greeting(bytes);
  const Heard whole = hear(bytes, bytes.size() + 1);
  const Heard cut = hear(bytes, 1 + (size > 0 ? data[0] : 0));
  if (whole.ok != cut.ok || whole.frames.size() != cut.frames.size()) std::abort();
  for (std::size_t i = 0; i < whole.frames.size(); ++i)
    if (!same(whole.frames[i], cut.frames[i])) std::abort();
  if (const auto log = ProbeLog::from_bytes({reinterpret_cast<const char*>(data), size}))
    if (log->to_bytes().size() != size || (log->fits(1, 1, 1) && !log->fits(2, 2, 2))) std::abort();
  return 0;
}
