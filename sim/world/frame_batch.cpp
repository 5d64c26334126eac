#include "sim/world/frame_batch.h"

#include <algorithm>

namespace evenkeel {
namespace {

const std::array<std::byte, 64 << 10> zeros{};

}  // namespace

bool FrameBatch::is_full() const {
  return size_ >= most_bytes || pieces_.size() + 3 > most_pieces ||
         copied_size_ + frame_header_size + 2 * short_payload > most_copied;
}

// What follows what was copied last is one piece with it.
void FrameBatch::append(std::span<const std::byte> piece) {
  if (piece.empty()) return;
  size_ += piece.size();
  if (!pieces_.empty()) {
    asio::const_buffer& last = pieces_.back();
    if (static_cast<const std::byte*>(last.data()) + last.size() == piece.data()) {
      last = {last.data(), last.size() + piece.size()};
      return;
    }
  }
  pieces_.emplace_back(piece.data(), piece.size());
}

std::span<std::byte> FrameBatch::copied(std::size_t size) {
  const auto place = std::span{copied_}.subspan(copied_size_, size);
  copied_size_ += size;
  append(place);
  return place;
}

void FrameBatch::add(std::span<const std::byte> bytes) {
  std::ranges::copy(bytes, copied(bytes.size()).begin());
}

void FrameBatch::add(Frame frame) {
  add(encode_header(frame));
  Bytes& bytes = frame.payload.bytes;
  if (bytes.size() <= short_payload) return add({bytes.data(), bytes.size()});
  kept_.push_back(std::move(bytes));
  append({kept_.back().data(), kept_.back().size()});
}

std::uint64_t FrameBatch::add_zeros(std::uint64_t count) {
  if (count <= short_payload) {
    std::ranges::fill(copied(static_cast<std::size_t>(count)), std::byte{});
    return count;
  }
  std::uint64_t added = 0;
  while (added < count && size_ < most_bytes && pieces_.size() < most_pieces) {
    const auto some = std::min<std::uint64_t>(count - added, zeros.size());
    append(std::span{zeros}.first(static_cast<std::size_t>(some)));
    added += some;
  }
  return added;
}

void FrameBatch::clear() {
  copied_size_ = 0;
  size_ = 0;
  kept_.clear();
  pieces_.clear();
}

}  // namespace evenkeel
