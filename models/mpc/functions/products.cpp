#include "models/mpc/functions/products.h"

namespace evenkeel {
namespace {

// Multiplies neighbours in each run; an odd one out stays at its end.
Task<Secrets> halved(Protocol& protocol, const Secrets& factors, std::size_t length) {
  std::vector<std::size_t> left;
  std::vector<std::size_t> right;
  for (std::size_t start = 0; start < factors.count; start += length)
    for (std::size_t i = 0; i + 1 < length; i += 2) {
      left.push_back(start + i);
      right.push_back(start + i + 1);
    }
  const Secrets a = protocol.pick(factors, left);
  const Secrets b = protocol.pick(factors, right);
  Secrets products = co_await protocol.multiply(a, b);
  if (length % 2 == 0) co_return products;
  const Secrets all = protocol.joined(products, factors);
  const std::size_t pairs = length / 2;
  std::vector<std::size_t> order;
  for (std::size_t run = 0; run < factors.count / length; ++run) {
    for (std::size_t i = 0; i < pairs; ++i) order.push_back(run * pairs + i);
    order.push_back(products.count + run * length + length - 1);
  }
  co_return protocol.pick(all, order);
}

}  // namespace

Task<Secrets> products(Protocol& protocol, const Secrets& factors, std::size_t length) {
  Secrets left = factors;
  for (std::size_t each = length; each > 1; each = (each + 1) / 2) {
    Secrets fewer = co_await halved(protocol, left, each);
    left = std::move(fewer);
  }
  co_return left;
}

}  // namespace evenkeel
