// The codec of every message: little-endian, fixed-width numbers, length-prefixed texts, bounded.
// Bytes from a peer are hostile: a Reader never reads past the end and never throws; after the
// first mistake it gives zeros and ok() is false.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "models/runtime/check.h"
#include "models/runtime/payload.h"

namespace evenkeel {

static_assert(std::endian::native == std::endian::little, "the codec copies little-endian numbers");

/// The longest text or list that the codec writes or accepts, in elements.
inline constexpr std::uint32_t wire_limit = 1 << 24;

template <class T>
concept WireNumber = std::integral<T> || std::floating_point<T> || std::is_enum_v<T>;

class Writer {
 public:
  explicit Writer(Bytes& bytes) : bytes_(bytes) {}

  template <WireNumber T>
  Writer& put(T value) {
    const std::size_t start = bytes_.size();
    bytes_.resize(start + sizeof value, boost::container::default_init);
    std::memcpy(bytes_.data() + start, &value, sizeof value);
    return *this;
  }
  Writer& put(std::string_view text);

 private:
  Bytes& bytes_;
};

class Reader {
 public:
  explicit Reader(const Bytes& bytes) : Reader({bytes.data(), bytes.size()}) {}
  explicit Reader(std::span<const std::byte> bytes)
      : next_(bytes.data()), end_(next_ + bytes.size()) {}

  template <WireNumber T>
  T get() {
    T value{};
    if (static_cast<std::size_t>(end_ - next_) < sizeof value) {
      fail();
      return value;
    }
    if constexpr (std::same_as<T, bool>) {
      value = *next_ != std::byte{0};
    } else {
      std::memcpy(&value, next_, sizeof value);
    }
    next_ += sizeof value;
    return value;
  }
  std::string text();
  /// The next `size` bytes, valid as long as what is read; null if there are fewer.
  const std::byte* take(std::size_t size) {
    if (left() < size) {
      fail();
      return nullptr;
    }
    return std::exchange(next_, next_ + size);
  }
  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }

  /// Marks the bytes as malformed: a value that was read makes no sense.
  void fail() {
    ok_ = false;
    next_ = end_;
  }
  bool ok() const { return ok_; }
  /// ok, and nothing is left over.
  bool done() const { return ok_ && next_ == end_; }

 private:
  const std::byte* next_;
  const std::byte* end_;
  bool ok_ = true;
};

}  // namespace evenkeel
