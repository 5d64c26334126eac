// libFuzzer: any bytes as a message. What is accepted must be written and read again alike.
#include <cstdint>
#include <cstdlib>

#include "models/balancing/request.h"
#include "models/runtime/wire.h"

namespace {

using namespace evenkeel;

template <class Message, class Encode, class Decode>
void check(const std::optional<Message>& message, Encode encode_again, Decode decode) {
  if (!message) return;
  const Payload once = encode_again(*message);
  const std::optional<Message> again = decode(once);
  if (!again || encode_again(*again).bytes != once.bytes) std::abort();
}

void read_freely(const Bytes& bytes) {
  Reader reader{bytes};
  while (reader.ok() && reader.left() > 0) {
    switch (reader.get<std::uint8_t>() % 4) {
      case 0:
        reader.get<std::uint64_t>();
        break;
      case 1:
        reader.get<double>();
        break;
      case 2:
        reader.get<bool>();
        break;
      default:
        if (reader.text().size() > bytes.size()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Payload payload;
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  payload.bytes.assign(bytes, bytes + size);
  read_freely(payload.bytes);
  const auto sized = [](const auto& message) { return encode(message, 0); };
  const auto plain = [](const auto& message) { return encode(message); };
  check(decode_request(payload), sized, decode_request);
  check(decode_answer(payload), sized, decode_answer);
  check(decode_report(payload), plain, decode_report);
  check(decode_notice(payload), plain, decode_notice);
  return 0;
}
