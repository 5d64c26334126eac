#include "models/mpc/tools/adder.h"

#include <algorithm>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

// Some planes of each component.
Words planes(const Words& of, std::size_t components, std::size_t first, std::size_t count) {
  const std::size_t size = of.size() / components;
  Words part(components * count);
  for (std::size_t c = 0; c < components; ++c)
    std::copy_n(of.data() + c * size + first, count, part.data() + c * count);
  return part;
}

Words exclusive_or(Words a, const Words& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] ^= b[i];
  return a;
}

// One place up; what was at the top is not in `a`, and a zero comes in.
Words shifted(const Words& a, std::size_t components, std::size_t lanes) {
  const std::size_t size = a.size() / components;
  Words up(a.size() + components * lanes, 0);
  for (std::size_t c = 0; c < components; ++c)
    std::copy_n(a.data() + c * size, size, up.data() + c * (size + lanes) + lanes);
  return up;
}

// Where a carry may first arise when two are left: one that was shifted up is 0 at place 0.
std::size_t lowest_carry(std::size_t addends) { return addends > 2 ? 1 : 0; }

}  // namespace

// The majority is z ^ (x ^ z)(y ^ z).
Task<Words> top_bit_of_sum(BitSharing& sharing, std::vector<Words> addends, std::size_t width,
                           std::size_t lanes) {
  EVENKEEL_CHECK(addends.size() > 1 && width > 1, "a sum of too few numbers or bits");
  const std::size_t components = sharing.bit_components();
  const std::size_t below = (width - 1) * lanes;
  const std::size_t first = lowest_carry(addends.size());
  while (addends.size() > 2) {
    const Words z = std::move(addends.back());
    addends.pop_back();
    const Words y = std::move(addends.back());
    addends.pop_back();
    const Words x = std::move(addends.back());
    addends.pop_back();
    const Words xz = exclusive_or(x, z);
    const Words yz = exclusive_or(y, z);
    const Words left = planes(xz, components, 0, below);
    const Words right = planes(yz, components, 0, below);
    const Words product = co_await sharing.multiply_bits(left, right);
    const Words majority = exclusive_or(product, planes(z, components, 0, below));
    addends.push_back(exclusive_or(xz, y));
    addends.push_back(shifted(majority, components, lanes));
  }
  const Words sum = exclusive_or(addends[0], addends[1]);
  Words top = planes(sum, components, below, lanes);
  const std::size_t places = width - 1 - first;
  if (places == 0) co_return top;
  const Words left = planes(addends[0], components, first * lanes, places * lanes);
  const Words right = planes(addends[1], components, first * lanes, places * lanes);
  Words generate = co_await sharing.multiply_bits(left, right);
  Words propagate = planes(sum, components, first * lanes, places * lanes);
  Task<Words> carrying =
      carry_out(sharing, std::move(generate), std::move(propagate), places, lanes);
  const Words carry = co_await std::move(carrying);
  co_return exclusive_or(std::move(top), carry);
}

std::size_t sum_products(std::size_t addends, std::size_t width, std::size_t lanes) {
  const std::size_t places = width - 1 - lowest_carry(addends);
  const std::size_t reducing = (addends - 2) * (width - 1) * lanes;
  return places == 0 ? reducing : reducing + places * lanes + carry_products(places, lanes);
}

std::uint32_t sum_rounds(std::size_t addends, std::size_t width) {
  const std::size_t places = width - 1 - lowest_carry(addends);
  const auto reducing = static_cast<std::uint32_t>(addends - 2);
  return places == 0 ? reducing : reducing + 1 + carry_rounds(places);
}

}  // namespace evenkeel
