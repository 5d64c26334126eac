#include "models/mpc/tools/correlated_product.h"

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

constexpr std::size_t first_stream = 64;  // of the upper half of delta

Words drawn(Prg& stream, const Domain& domain, std::size_t words) {
  Words elements = stream.words(words);
  domain.from_random(elements);
  return elements;
}

void double_all(const Domain& domain, Words& elements) {
  const Words same = elements;
  domain.add(elements, same);
}

void charge(Session& session, const Domain& domain, std::size_t words, double streams) {
  session.charge(static_cast<double>(words * key_bits(domain)) *
                 (streams * costs::prg_word + 4 * costs::word_operation));
}

}  // namespace

std::size_t key_bits(const Domain& domain) { return domain.width() == 1 ? 61 : 64; }

Words key_in(const Domain& domain, const Block& delta) {
  Words key(domain.width(), 0);
  key[0] = delta.high & (~Word{0} >> (64 - key_bits(domain)));
  domain.from_random(key);
  return key;
}

// From the highest bit down, so that each sum is doubled once a bit.
Words products_by_owner(Session& session, Seat key_holder, TransferReceiver& transfers,
                        const Domain& domain, std::span<const Word> numbers) {
  charge(session, domain, numbers.size(), 2);
  const std::size_t bits = key_bits(domain);
  Words shares(numbers.size(), 0);
  Words told(bits * numbers.size());
  for (std::size_t i = bits; i-- > 0;) {
    const Words first = drawn(transfers.first_stream(first_stream + i), domain, numbers.size());
    const Words second = drawn(transfers.second_stream(first_stream + i), domain, numbers.size());
    const auto of_bit = std::span{told}.subspan(i * numbers.size(), numbers.size());
    std::copy(numbers.begin(), numbers.end(), of_bit.begin());
    domain.add(of_bit, first);
    domain.subtract(of_bit, second);
    double_all(domain, shares);
    domain.subtract(shares, first);
  }
  session.send(key_holder, told);
  return shares;
}

Task<Words> products_by_key(Session& session, Seat owner, TransferSender& transfers,
                            const Domain& domain, std::size_t elements) {
  const std::size_t words = elements * domain.width();
  const std::size_t bits = key_bits(domain);
  charge(session, domain, words, 1);
  Words told = co_await session.receive(owner, bits * words);
  domain.from_random(told);  // whatever came is an element
  Words shares(words, 0);
  for (std::size_t i = bits; i-- > 0;) {
    Words product = drawn(transfers.stream(first_stream + i), domain, words);
    const auto of_bit = std::span{told}.subspan(i * words, words);
    const Word mask = 0 - (transfers.delta().high >> i & 1);
    for (Word& word : of_bit) word &= mask;
    domain.add(product, of_bit);
    double_all(domain, shares);
    domain.add(shares, product);
  }
  co_return shares;
}

}  // namespace evenkeel
