#include "models/mpc/tools/oblivious_product.h"

namespace evenkeel {
namespace {

constexpr std::size_t bits = 64;
constexpr std::size_t full_words = 32;  // a product

}  // namespace

Task<Words> products_by_sender(Session& session, Seat receiver, TransferSender& transfers,
                               std::span<const Word> factors) {
  const std::size_t count = factors.size();
  const Blocks q = co_await transfers.rows(bits * count);
  const BlockPairs masks = transfers.masks(q);
  Words shares(count, 0);
  Words told(product_bytes(count) / 8, 0);
  std::array<Word, bits> differences;
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < bits; ++i) {
      const Word kept = masks.first[bits * k + i].low;
      shares[k] -= kept << i;
      differences[i] = (kept + factors[k] - masks.second[bits * k + i].low) & (~Word{0} >> i);
    }
    Word* const words = told.data() + full_words * k;
    words[0] = differences[0];
    for (std::size_t i = 1; i < full_words; ++i)
      words[i] = differences[i] | differences[bits - i] << (bits - i);
    told[full_words * count + k / 2] |= differences[32] << (32 * (k % 2));
  }
  session.send(receiver, told);
  co_return shares;
}

Task<Words> products_by_receiver(Session& session, Seat sender, TransferReceiver& transfers,
                                 std::span<const Word> factors) {
  const std::size_t count = factors.size();
  const Blocks masks = transfers.random(factors);
  const Words told = co_await session.receive(sender, product_bytes(count) / 8);
  Words shares(count, 0);
  for (std::size_t k = 0; k < count; ++k) {
    const Word* const words = told.data() + full_words * k;
    for (std::size_t i = 0; i < bits; ++i) {
      // Whatever stands above the 64 - i bits is shifted out.
      Word difference = words[i % full_words];
      if (i > full_words) difference = words[bits - i] >> i;
      if (i == full_words) difference = told[full_words * count + k / 2] >> (32 * (k % 2));
      const Word chosen = 0 - (factors[k] >> i & 1);
      shares[k] += (masks[bits * k + i].low + (difference & chosen)) << i;
    }
  }
  co_return shares;
}

}  // namespace evenkeel
