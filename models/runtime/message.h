// Messages from one list of fields each: a struct says `template <class Visitor> void
// fields(Visitor& visit) { visit(key, value); }` and has its encoding, its decoding and its size
// from that. The bytes are canonical: equal values have equal bytes, so they may be signed and
// hashed.
//
// On the wire a number has its width, a list or a text its length in 4 bytes and its elements, an
// optional a byte and perhaps the value, a variant its index in a byte and the value.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/runtime/blob.h"
#include "models/runtime/wire.h"

namespace evenkeel {

namespace wire {

struct AnyVisitor {
  template <class... Ts>
  void operator()(Ts&...) {}
};

template <class T>
concept Fielded = requires(T& value, AnyVisitor& visit) {
  value.fields(visit);
};

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <>
inline constexpr bool is_list<std::string> = true;

template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t n>
inline constexpr bool is_array<std::array<T, n>> = true;

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;

template <class T>
inline constexpr bool is_map = false;
template <class K, class V, class C>
inline constexpr bool is_map<std::map<K, V, C>> = true;

/// Elements that are copied as they stand in memory.
template <class T>
concept Plain = WireNumber<T> && !std::same_as<T, bool>;

/// Visits each field with `one(field)`.
template <class One>
struct EachField {
  One& one;
  template <class... Ts>
  void operator()(Ts&... fields) {
    (one(fields), ...);
  }
};

template <class T, class One>
void each_field(T& value, One& one) {
  EachField<One> visit{one};
  value.fields(visit);
}

// Takes the parts of a composite value; `one` is called for each part.
template <class T, class One>
void each_part(const T& value, One& one) {
  if constexpr (is_pair<T>) {
    one(value.first);
    one(value.second);
  } else if constexpr (is_variant<T>) {
    std::visit([&](const auto& held) { one(held); }, value);
  } else if constexpr (std::same_as<T, std::monostate>) {
  } else if constexpr (Fielded<T>) {
    each_field(const_cast<T&>(value), one);  // the visitor only reads
  } else {
    for (const auto& element : value) one(element);
  }
}

class Sizer {
 public:
  template <class T>
  void operator()(const T& value) {
    if constexpr (WireNumber<T>) {
      size_ += sizeof value;
    } else if constexpr (is_duration<T>) {
      size_ += sizeof value.count();
    } else if constexpr (is_optional<T>) {
      size_ += 1;
      if (value) (*this)(*value);
    } else {
      if constexpr (is_list<T> || is_map<T>) size_ += sizeof(std::uint32_t);
      if constexpr (is_variant<T>) size_ += 1;
      if constexpr (is_list<T> || is_array<T>) {
        if constexpr (Plain<typename T::value_type>) {
          size_ += value.size() * sizeof(typename T::value_type);
          return;
        }
      }
      each_part(value, *this);
    }
  }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

/// Writes into room that a Sizer has measured.
class Encoder {
 public:
  explicit Encoder(std::byte* at) : at_(at) {}

  template <class T>
  void operator()(const T& value) {
    if constexpr (WireNumber<T>) {
      copy(&value, sizeof value);
    } else if constexpr (is_duration<T>) {
      (*this)(value.count());
    } else if constexpr (is_optional<T>) {
      (*this)(value.has_value());
      if (value) (*this)(*value);
    } else {
      if constexpr (is_list<T> || is_map<T>) {
        EVENKEEL_CHECK(value.size() <= wire_limit, "a list longer than the codec allows");
        (*this)(static_cast<std::uint32_t>(value.size()));
      }
      if constexpr (is_variant<T>) (*this)(static_cast<std::uint8_t>(value.index()));
      if constexpr (is_list<T> || is_array<T>) {
        if constexpr (Plain<typename T::value_type>) {
          copy(value.data(), value.size() * sizeof(typename T::value_type));
          return;
        }
      }
      each_part(value, *this);
    }
  }
  const std::byte* end() const { return at_; }

 private:
  void copy(const void* from, std::size_t size) {
    if (size > 0) std::memcpy(at_, from, size);
    at_ += size;
  }
  std::byte* at_;
};

/// A list of so many elements is given room at once; a longer one grows, as its bytes may lie.
inline constexpr std::uint32_t room_at_once = 16;

/// Reads hostile bytes: after a mistake the reader is not ok, and the values are what they were.
class Decoder {
 public:
  explicit Decoder(Reader& reader) : reader_(reader) {}

  template <class T>
  void operator()(T& value) {
    if constexpr (WireNumber<T>) {
      value = reader_.get<T>();
    } else if constexpr (is_duration<T>) {
      value = T{reader_.get<typename T::rep>()};
    } else if constexpr (is_optional<T>) {
      value.reset();
      if (reader_.get<bool>()) (*this)(value.emplace());
    } else if constexpr (is_pair<T>) {
      (*this)(value.first);
      (*this)(value.second);
    } else if constexpr (is_variant<T>) {
      alternative(value, reader_.get<std::uint8_t>());
    } else if constexpr (std::same_as<T, std::monostate>) {
    } else if constexpr (Fielded<T>) {
      each_field(value, *this);
    } else if constexpr (is_map<T>) {
      map(value);
    } else {
      list(value);
    }
  }

 private:
  template <class... Ts>
  void alternative(std::variant<Ts...>& value, std::size_t index) {
    if (index >= sizeof...(Ts)) return reader_.fail();
    const auto read = [&]<class T>(std::type_identity<T>) {
      T held{};
      (*this)(held);
      value = std::move(held);
    };
    std::size_t i = 0;
    ((i++ == index ? read(std::type_identity<Ts>{}) : void()), ...);
  }

  template <class Map>
  void map(Map& value) {
    value.clear();
    std::uint32_t count = reader_.get<std::uint32_t>();
    if (count > reader_.left()) return reader_.fail();
    for (; count > 0 && reader_.ok(); --count) {
      std::pair<typename Map::key_type, typename Map::mapped_type> item{};
      (*this)(item);
      // Canonical: ascending, each key once.
      if (!value.empty() && !value.key_comp()(value.rbegin()->first, item.first)) reader_.fail();
      value.emplace_hint(value.end(), std::move(item));
    }
  }

  template <class List>
  void list(List& value) {
    using Element = typename List::value_type;
    if constexpr (is_array<List>) {
      for (Element& element : value) (*this)(element);
      return;
    } else {
      value.clear();
      const std::uint32_t count = reader_.get<std::uint32_t>();
      if (count > wire_limit || count > reader_.left()) return reader_.fail();
      if constexpr (Plain<Element>) {
        const std::byte* from = reader_.take(std::size_t{count} * sizeof(Element));
        if (from == nullptr || count == 0) return;
        if constexpr (sizeof(Element) == 1) {
          const auto* first = reinterpret_cast<const Element*>(from);
          value.assign(first, first + count);
        } else {
          value.resize(count);
          std::memcpy(value.data(), from, std::size_t{count} * sizeof(Element));
        }
      } else {
        value.reserve(std::min(count, room_at_once));
        for (std::uint32_t i = 0; i < count && reader_.ok(); ++i) (*this)(value.emplace_back());
      }
    }
  }

  Reader& reader_;
};

}  // namespace wire

/// How many bytes the values take.
template <class... Ts>
std::size_t encoded_size(const Ts&... values) {
  wire::Sizer sizer;
  (sizer(values), ...);
  return sizer.size();
}

/// Appends the values to bytes of any kind that can grow.
template <class Container, class... Ts>
void append(Container& bytes, const Ts&... values) {
  const std::size_t start = bytes.size();
  if constexpr (std::same_as<Container, Bytes>) {
    bytes.resize(start + encoded_size(values...), boost::container::default_init);
  } else {
    bytes.resize(start + encoded_size(values...));
  }
  wire::Encoder encoder{reinterpret_cast<std::byte*>(bytes.data()) + start};
  (encoder(values), ...);
}

/// The values' bytes, to be kept or signed.
template <class... Ts>
Blob encoded(const Ts&... values) {
  Blob bytes;
  append(bytes, values...);
  return bytes;
}

/// Reads a value; look at the reader for whether it worked.
template <class T>
T read(Reader& reader) {
  T value{};
  wire::Decoder decoder{reader};
  decoder(value);
  return value;
}

/// Nothing if the bytes are not exactly one such value.
template <class T>
std::optional<T> decoded(std::span<const std::byte> bytes) {
  Reader reader{bytes};
  std::optional<T> value{read<T>(reader)};
  if (!reader.done()) value.reset();
  return value;
}

}  // namespace evenkeel
