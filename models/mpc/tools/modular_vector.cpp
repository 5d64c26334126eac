#include "models/mpc/tools/modular_vector.h"

#include <algorithm>
#include <cstring>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr std::size_t chunk_bytes = 16384;  // stays in the first-level cache

__extension__ using Wide = unsigned __int128;

// operation(lane, mask) for every lane.
template <class Lanes, class Operation>
void with_mask(Lanes& lanes, const PrgKey& key, Operation operation) {
  using Lane = typename Lanes::value_type;
  constexpr std::size_t at_once = chunk_bytes / sizeof(Lane);
  Prg prg{key};
  Lanes mask(std::min(at_once, lanes.size()));
  for (std::size_t start = 0; start < lanes.size(); start += at_once) {
    const std::size_t count = std::min(at_once, lanes.size() - start);
    prg.fill(std::as_writable_bytes(std::span{mask}.first(count)));
    for (std::size_t i = 0; i < count; ++i) operation(lanes[start + i], mask[i]);
  }
}

template <class Lanes>
void pack_lanes(const Lanes& lanes, int bits, std::span<std::byte> into) {
  const Word kept = ~Word{0} >> (64 - bits);
  Word waiting = 0;
  int waiting_bits = 0;
  std::byte* to = into.data();
  for (const auto lane : lanes) {
    const Word number = lane & kept;
    waiting |= number << waiting_bits;
    waiting_bits += bits;
    if (waiting_bits < 64) continue;
    std::memcpy(to, &waiting, sizeof waiting);
    to += sizeof waiting;
    waiting_bits -= 64;
    waiting = waiting_bits == 0 ? 0 : number >> (bits - waiting_bits);
  }
  std::memcpy(to, &waiting, static_cast<std::size_t>((waiting_bits + 7) / 8));
}

template <class Lanes>
void add_packed_lanes(Lanes& lanes, int bits, std::span<const std::byte> packed) {
  const Word kept = ~Word{0} >> (64 - bits);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const std::size_t bit = i * static_cast<std::size_t>(bits);
    const std::size_t start = bit / 8;
    Wide word = 0;
    if (start + sizeof word <= packed.size()) {
      std::memcpy(&word, packed.data() + start, sizeof word);
    } else {
      std::memcpy(&word, packed.data() + start, packed.size() - start);
    }
    lanes[i] += static_cast<typename Lanes::value_type>(static_cast<Word>(word >> bit % 8) & kept);
  }
}

}  // namespace

ModularVector::ModularVector(std::size_t count, int bits) : count_(count), bits_(bits) {
  EVENKEEL_CHECK(bits >= 1 && bits <= 64, "lanes have 1 to 64 bits");
  if (is_narrow()) {
    narrow_.assign(count, 0);
  } else {
    wide_.assign(count, 0);
  }
}

void ModularVector::add(std::span<const Word> numbers) {
  EVENKEEL_CHECK(numbers.size() == count_, "vectors of unlike length");
  for (std::size_t i = 0; i < narrow_.size(); ++i)
    narrow_[i] += static_cast<std::uint32_t>(numbers[i]);
  for (std::size_t i = 0; i < wide_.size(); ++i) wide_[i] += numbers[i];
}

void ModularVector::add_mask(const PrgKey& key) {
  const auto adding = [](auto& lane, auto mask) { lane += mask; };
  is_narrow() ? with_mask(narrow_, key, adding) : with_mask(wide_, key, adding);
}

void ModularVector::subtract_mask(const PrgKey& key) {
  const auto subtracting = [](auto& lane, auto mask) { lane -= mask; };
  is_narrow() ? with_mask(narrow_, key, subtracting) : with_mask(wide_, key, subtracting);
}

void ModularVector::pack(std::span<std::byte> into) const {
  EVENKEEL_CHECK(into.size() == packed_bytes(), "another length than was agreed");
  is_narrow() ? pack_lanes(narrow_, bits_, into) : pack_lanes(wide_, bits_, into);
}

void ModularVector::add_packed(std::span<const std::byte> packed) {
  EVENKEEL_CHECK(packed.size() == packed_bytes(), "another length than was agreed");
  is_narrow() ? add_packed_lanes(narrow_, bits_, packed) : add_packed_lanes(wide_, bits_, packed);
}

std::vector<Word> ModularVector::values() const {
  std::vector<Word> values;
  values.reserve(count_);
  for (const std::uint32_t lane : narrow_) values.push_back(reduced(lane));
  for (const Word lane : wide_) values.push_back(reduced(lane));
  return values;
}

}  // namespace evenkeel
