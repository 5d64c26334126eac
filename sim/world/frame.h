// What goes over a socket between two nodes: a greeting, then frames. Everything is bounded, and
// bytes that make no sense end the connection.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "models/runtime/payload.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// The first bytes on a connection: who calls, in which run.
struct Greeting {
  NodeId from{};
  std::uint64_t run = 0;
};
inline constexpr std::size_t greeting_size = 18;
std::array<std::byte, greeting_size> encode(const Greeting& greeting);
/// Nothing if it is none, or of another version.
std::optional<Greeting> decode_greeting(std::span<const std::byte> bytes);

/// A message as the wire carries it. Its padding follows as zeros.
struct Frame {
  static constexpr std::uint32_t most_bytes = 1 << 24;
  static constexpr std::uint64_t most_padding = std::uint64_t{1} << 40;

  Time deliver_at{};  // not before
  Port port{};
  Payload payload{};
};
inline constexpr std::size_t frame_header_size = 22;
std::array<std::byte, frame_header_size> encode_header(const Frame& frame);

/// Puts frames together from the pieces that a socket gives: the rest of a long payload comes
/// straight into its own memory, all else through a buffer. Padding is counted, not kept.
class FrameReader {
 public:
  using Sink = std::function<void(Frame)>;
  static constexpr std::size_t buffer_size = 64 << 10;
  /// A payload takes at most so many times the memory of what has come of it, or a buffer's.
  static constexpr std::size_t most_room = 32;

  /// Where the socket puts what comes next: at least one byte and at most 1 MiB, until `filled`.
  std::span<std::byte> space();
  /// So many bytes have come there; gives each frame that is complete to the sink. False once the
  /// bytes make no sense; nothing is read after that.
  bool filled(std::size_t size, const Sink& sink);

 private:
  bool begin();
  void make_room(std::size_t at_hand);
  /// What was made of it for the payload and is not filled yet.
  std::span<std::byte> room() {
    Bytes& bytes = frame_.payload.bytes;
    return {bytes.data() + payload_read_, bytes.size() - payload_read_};
  }
  bool is_in_payload() const {
    return header_read_ == frame_header_size && payload_read_ < payload_size_;
  }

  std::vector<std::byte> buffer_ = std::vector<std::byte>(buffer_size);
  bool fills_payload_ = false;  // not the buffer
  std::array<std::byte, frame_header_size> header_{};
  std::size_t header_read_ = 0;
  std::size_t payload_size_ = 0;
  std::size_t payload_read_ = 0;
  std::uint64_t padding_left_ = 0;
  bool broken_ = false;
  Frame frame_;
};

}  // namespace evenkeel
