// What leaves over a socket in one write: short frames put together, long payloads from where they
// are.
#pragma once

#include <vector>

#include "sim/world/channel.h"
#include "sim/world/frame.h"

namespace evenkeel {

class FrameBatch {
 public:
  bool is_empty() const { return pieces_.empty(); }
  /// Nothing is added to a full batch. One that is not takes a whole frame, but for its padding:
  /// so it holds at most 1 MiB and a payload.
  bool is_full() const;

  /// Copied; at most `most_copied`.
  void add(std::span<const std::byte> bytes);
  /// All but the padding. A long payload is kept until `clear`.
  void add(Frame frame);
  /// As many zeros as there is room for; how many that were.
  std::uint64_t add_zeros(std::uint64_t count);
  void clear();

  /// In the order in which they were added; until something is added or cleared.
  ConstBuffers buffers() const { return {pieces_}; }

 private:
  static constexpr std::size_t most_copied = 64 << 10;
  static constexpr std::size_t most_pieces = 64;
  static constexpr std::size_t most_bytes = 1 << 20;
  static constexpr std::size_t short_payload = 8 << 10;  // that is copied

  std::span<std::byte> copied(std::size_t size);
  void append(std::span<const std::byte> piece);

  std::vector<std::byte> copied_ = std::vector<std::byte>(most_copied);
  std::size_t copied_size_ = 0;
  std::vector<Bytes> kept_;
  std::vector<asio::const_buffer> pieces_;
  std::size_t size_ = 0;
};

}  // namespace evenkeel
