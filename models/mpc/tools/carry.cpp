#include "models/mpc/tools/carry.h"

#include <algorithm>
#include <bit>

namespace evenkeel {

std::uint32_t carry_rounds(std::size_t places) {
  return static_cast<std::uint32_t>(std::bit_width(places - 1));
}

std::size_t carry_products(std::size_t places, std::size_t lanes) {
  std::size_t products = 0;
  for (; places > 1; places = (places + 1) / 2) products += 2 * (places / 2) - 1;
  return products * lanes;
}

// A level joins places 2i and 2i+1: generate = g_high + p_high g_low, propagate = p_high p_low. The
// lowest pair needs no propagate, since no carry comes in. An odd place at the top stays as it is.
Task<Words> carry_out(BitSharing& sharing, Words generate, Words propagate, std::size_t places,
                      std::size_t lanes) {
  const std::size_t components = sharing.bit_components();
  while (places > 1) {
    const std::size_t pairs = places / 2;
    const std::size_t left = (places + 1) / 2;
    const std::size_t products = (2 * pairs - 1) * lanes;
    Words a(components * products);
    Words b(components * products);
    for (std::size_t c = 0; c < components; ++c) {
      const Word* g = generate.data() + c * places * lanes;
      const Word* p = propagate.data() + c * places * lanes;
      Word* to_a = a.data() + c * products;
      Word* to_b = b.data() + c * products;
      for (std::size_t i = 0; i < pairs; ++i) {
        to_a = std::copy_n(p + (2 * i + 1) * lanes, lanes, to_a);
        to_b = std::copy_n(g + 2 * i * lanes, lanes, to_b);
      }
      for (std::size_t i = 1; i < pairs; ++i) {
        to_a = std::copy_n(p + (2 * i + 1) * lanes, lanes, to_a);
        to_b = std::copy_n(p + 2 * i * lanes, lanes, to_b);
      }
    }
    const Words product = co_await sharing.multiply_bits(a, b);
    Words next_generate(components * left * lanes);
    Words next_propagate(components * left * lanes, 0);
    for (std::size_t c = 0; c < components; ++c) {
      const Word* g = generate.data() + c * places * lanes;
      const Word* p = propagate.data() + c * places * lanes;
      const Word* got = product.data() + c * products;
      Word* to_g = next_generate.data() + c * left * lanes;
      Word* to_p = next_propagate.data() + c * left * lanes;
      for (std::size_t i = 0; i < pairs * lanes; ++i)
        to_g[i] = g[(2 * (i / lanes) + 1) * lanes + i % lanes] ^ got[i];
      std::copy_n(got + pairs * lanes, (pairs - 1) * lanes, to_p + lanes);
      if (left > pairs) {
        std::copy_n(g + (places - 1) * lanes, lanes, to_g + pairs * lanes);
        std::copy_n(p + (places - 1) * lanes, lanes, to_p + pairs * lanes);
      }
    }
    generate = std::move(next_generate);
    propagate = std::move(next_propagate);
    places = left;
  }
  co_return generate;
}

}  // namespace evenkeel
