#include "sim/world/frame.h"

#include <algorithm>
#include <cstring>

namespace evenkeel {
namespace {

constexpr std::uint32_t magic = 0x4c4b5645;  // "EVKL"
constexpr std::uint16_t version = 1;

template <class Array, class T>
void put(Array& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <class T, class Span>
T get(const Span& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::array<std::byte, greeting_size> encode(const Greeting& greeting) {
  std::array<std::byte, greeting_size> bytes{};
  put(bytes, 0, magic);
  put(bytes, 4, version);
  put(bytes, 6, index(greeting.from));
  put(bytes, 10, greeting.run);
  return bytes;
}

std::optional<Greeting> decode_greeting(std::span<const std::byte> bytes) {
  if (bytes.size() != greeting_size || get<std::uint32_t>(bytes, 0) != magic ||
      get<std::uint16_t>(bytes, 4) != version)
    return std::nullopt;
  return Greeting{NodeId{get<std::uint32_t>(bytes, 6)}, get<std::uint64_t>(bytes, 10)};
}

std::array<std::byte, frame_header_size> encode_header(const Frame& frame) {
  std::array<std::byte, frame_header_size> bytes{};
  put(bytes, 0, static_cast<std::uint32_t>(frame.payload.bytes.size()));
  put(bytes, 4, frame.payload.padding);
  put(bytes, 12, frame.port);
  put(bytes, 14, frame.deliver_at.count());
  return bytes;
}

bool FrameReader::begin() {
  const auto size = get<std::uint32_t>(header_, 0);
  const auto port = get<std::uint16_t>(header_, 12);
  frame_ = {.deliver_at = Time{get<std::int64_t>(header_, 14)}, .port = Port{port}};
  frame_.payload.padding = get<std::uint64_t>(header_, 4);
  if (size > Frame::most_bytes || frame_.payload.padding > Frame::most_padding ||
      port >= port_count || frame_.deliver_at < Time{})
    return false;
  payload_size_ = size;
  payload_read_ = 0;
  padding_left_ = frame_.payload.padding;
  return true;
}

// A length alone is not believed: room grows with what has come, `at_hand` with it.
void FrameReader::make_room(std::size_t at_hand) {
  Bytes& bytes = frame_.payload.bytes;
  if (payload_read_ < bytes.size()) return;
  const std::size_t room = std::max(buffer_size, most_room * (payload_read_ + at_hand));
  bytes.reserve(std::min(payload_size_, room));
  bytes.resize(std::min(payload_size_, room), boost::container::default_init);
}

std::span<std::byte> FrameReader::space() {
  constexpr std::size_t least = 16 << 10;  // less is read together with what follows
  constexpr std::size_t most = 1 << 20;    // before it is the others' turn
  fills_payload_ = false;
  if (!is_in_payload()) return buffer_;
  make_room(0);
  const std::span<std::byte> rest = room();
  if (rest.size() < least) return buffer_;
  fills_payload_ = true;
  return rest.first(std::min(rest.size(), most));
}

bool FrameReader::filled(std::size_t size, const Sink& sink) {
  std::span<const std::byte> bytes = std::span{buffer_}.first(fills_payload_ ? 0 : size);
  if (fills_payload_) payload_read_ += size;
  while (!broken_) {
    if (header_read_ < frame_header_size) {
      const std::size_t some = std::min(frame_header_size - header_read_, bytes.size());
      std::ranges::copy(bytes.first(some), header_.data() + header_read_);
      header_read_ += some;
      bytes = bytes.subspan(some);
      if (header_read_ < frame_header_size) return true;
      broken_ = !begin();
      continue;
    }
    while (is_in_payload() && !bytes.empty()) {
      make_room(bytes.size());
      const std::size_t some = std::min(room().size(), bytes.size());
      std::ranges::copy(bytes.first(some), room().begin());
      payload_read_ += some;
      bytes = bytes.subspan(some);
    }
    const auto skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(padding_left_, bytes.size()));
    padding_left_ -= skipped;
    bytes = bytes.subspan(skipped);
    if (is_in_payload() || padding_left_ > 0) return true;
    header_read_ = 0;
    sink(std::move(frame_));
  }
  return false;
}

}  // namespace evenkeel
