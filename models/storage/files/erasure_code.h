// Reed-Solomon codes: k pieces of data get m of parity, and any k of the k+m give back the rest.
// Arithmetic in GF(2^8) by ISA-L, with Cauchy matrices (Blömer et al., ICSI TR-95-048), of which
// every square part can be inverted.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "models/runtime/result.h"

namespace evenkeel {

/// Into how many shards a chunk is cut, and how many more are computed. data = 1: copies.
struct Coding {
  static constexpr std::uint8_t most_data = 20;
  static constexpr std::uint8_t most_parity = 10;

  std::uint8_t data = 1;
  std::uint8_t parity = 2;
  friend auto operator<=>(const Coding&, const Coding&) = default;

  unsigned total() const { return unsigned{data} + parity; }
  bool is_copies() const { return data == 1; }
  bool is_sound() const { return data >= 1 && data <= most_data && parity <= most_parity; }
  static Coding copies(unsigned count) { return {1, static_cast<std::uint8_t>(count - 1)}; }

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(data, parity);
  }
};

/// The bytes of one shard, somewhere else; `index` is 0 .. k-1 for data, then parity.
struct ShardView {
  unsigned index = 0;
  const std::byte* bytes = nullptr;
};
struct ShardRoom {
  unsigned index = 0;
  std::byte* bytes = nullptr;
};

/// Not for two threads at once: it keeps the tables that it computed.
class ErasureCode {
 public:
  /// The coding is sound. With one piece of data, all shards are equal to it.
  explicit ErasureCode(Coding coding);

  Coding coding() const { return coding_; }
  /// All shards have `bytes` bytes; pointers: k of data, m of parity. Copies nothing.
  void encode(std::span<const std::byte* const> data, std::span<std::byte* const> parity,
              std::size_t bytes) const;
  /// Fills the rooms from any k shards of different indices. ErrorCode::invalid with other sources.
  Result<Done> reconstruct(std::span<const ShardView> sources, std::span<const ShardRoom> rooms,
                           std::size_t bytes);

 private:
  static constexpr std::size_t most_tables = 256;
  using Matrix = std::vector<unsigned char>;
  struct Pattern {  // indices as bits
    std::uint32_t sources = 0;
    std::uint32_t rooms = 0;
    friend auto operator<=>(const Pattern&, const Pattern&) = default;
  };

  Matrix tables_for(const Pattern& pattern) const;
  void multiply(const Matrix& tables, std::span<const std::byte* const> from,
                std::span<std::byte* const> to, std::size_t bytes) const;

  Coding coding_;
  Matrix rows_;           // (k+m) x k
  Matrix encode_tables_;  // as ISA-L expands them
  std::map<Pattern, Matrix> tables_;
};

/// One code for each coding in use.
class ErasureCodes {
 public:
  /// The coding is sound.
  ErasureCode& of(Coding coding) { return codes_.try_emplace(coding, coding).first->second; }

 private:
  std::map<Coding, ErasureCode> codes_;
};

}  // namespace evenkeel
