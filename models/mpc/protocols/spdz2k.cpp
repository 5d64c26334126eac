// spdz2k: as spdz, over Z_2^64 with 64 bits more that authenticate.
//
// Cramer, Damgard, Escudero, Scholl and Xing, CRYPTO 2018: shares modulo 2^128 of what counts
// modulo 2^64, and of its product with a key. All in spdz.cpp holds with l = 16 B, but for
//
//              offline: the dealer -> 0          online, each to each other               rounds
//   open       l: blinds the upper half          as spdz                                      10
//   compare    the sign of x = a - b, of w = bits + 1 bits, as additive.cpp, G = ceil(bits / 4):
//     the mask   2 l, 41 bits for each of w        z = x + r: l                                1
//     groups     41 bits for each of 11 G         nothing                                     0
//     the tree   121 bits an AND, 2 (G-1) - log2 G 2 bits an AND                        log2(G)
//     the bit    40 bits, 2 l                      1 bit                                       1
//   at 64 bits: 128 + 52 + 1 = 181 bits in 6 rounds
//
// A cheat among numbers goes unnoticed with probability about 2^-57, among bits 2^-40.
#include <algorithm>

#include "models/mpc/protocols/spdz.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/ring128.h"

namespace evenkeel {
namespace {

class Spdz2k final : public Spdz {
 public:
  Spdz2k(Session& session, const Settings& settings) : Spdz(session, ring128(), settings) {}

 private:
  ComparisonShape comparison_of(int bits) const override {
    const auto places = static_cast<std::size_t>(bits);
    return {places + 1, places, 1};
  }
  Task<Words> sign(Words difference, std::size_t count, int bits) override;
  Task<Words> blinded(Words shares, std::size_t count) override;
  std::size_t elements_to_blind() const override { return 1; }
};

Task<Words> Spdz2k::sign(Words difference, std::size_t count, int bits) {
  const std::size_t lanes = lanes_of(count);
  const auto top = static_cast<std::size_t>(bits) * lanes;  // where the plane of the sign begins
  Task<Masked> masking = mask(std::move(difference), count, bits);
  const Masked masked = co_await std::move(masking);
  Words low(count);
  for (std::size_t i = 0; i < count; ++i) low[i] = masked.opened[2 * i];
  const std::vector<Words> numbers{planes_of(low, static_cast<std::size_t>(bits) + 1)};
  Words sign = co_await below_mask(numbers, masked, bits);
  const std::size_t planes = masked.mask.size() / seat().bits().components();
  for (std::size_t c = 0; c < seat().bits().components(); ++c)
    for (std::size_t i = 0; i < lanes; ++i)
      sign[c * lanes + i] ^= masked.mask[c * planes + top + i];
  seat().bits().add_known(sign, std::span{numbers[0]}.subspan(top, lanes));
  co_return sign;
}

// Adds 2^64 times something uniform.
Task<Words> Spdz2k::blinded(Words shares, std::size_t count) {
  Task<Words> drawing = preprocessing().uniform(count);
  Words blind = co_await std::move(drawing);
  constexpr Word upper_half[] = {0, 1};
  domain().scale(blind, upper_half);
  if (seat().computes()) domain().add(shares, blind);
  co_return shares;
}

const Registered entry{
    protocols(),
    spdz_entry("spdz2k",
               "n parties of whom all but one may deviate, over Z_2^64, with a dealer or without "
               "(SPDZ2k, 2018)",
               62,
               [](Session& session, const Spdz::Settings& settings) -> std::unique_ptr<Protocol> {
                 return std::make_unique<Spdz2k>(session, settings);
               })};

}  // namespace
}  // namespace evenkeel
