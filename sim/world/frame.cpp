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
  bytes_left_ = size;
  padding_left_ = frame_.payload.padding;
  return true;
}

bool FrameReader::feed(std::span<const std::byte> bytes, const Sink& sink) {
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
    // What arrives is kept as it arrives: a length alone takes no memory.
    const std::size_t some = std::min(bytes_left_, bytes.size());
    frame_.payload.bytes.insert(frame_.payload.bytes.end(), bytes.data(), bytes.data() + some);
    bytes_left_ -= some;
    bytes = bytes.subspan(some);
    const auto skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(padding_left_, bytes.size()));
    padding_left_ -= skipped;
    bytes = bytes.subspan(skipped);
    if (bytes_left_ > 0 || padding_left_ > 0) return true;
    header_read_ = 0;
    sink(std::move(frame_));
  }
  return false;
}

}  // namespace evenkeel
