#include "models/mpc/ledger.h"

#include <algorithm>

namespace evenkeel {

using Kind = SecureOperation::Kind;

Task<> Ledger::set_up() {
  note({.kind = Kind::set_up});
  co_await protocol_->set_up();
}

Task<std::vector<Words>> Ledger::enter(std::span<const Seat> owners, const Words& mine,
                                       std::size_t count) {
  operations_.push_back({{.kind = Kind::input, .count = count, .who = owners[0]},
                         protocol_->cost_of_inputs(owners, count)});
  return protocol_->enter(owners, mine, count);
}

Task<Words> Ledger::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  note({.kind = Kind::dot, .count = a.count / length, .length = length});
  return protocol_->sums_of_products(a, b, length);
}

Task<Secrets> Ledger::random(std::size_t count) {
  note({.kind = Kind::random, .count = count});
  Secrets secrets = co_await protocol_->random(count);
  co_return secrets;
}

Task<std::vector<std::int64_t>> Ledger::open(const Secrets& secrets) {
  note({.kind = Kind::open, .count = secrets.count});
  std::vector<std::int64_t> opened = co_await protocol_->open(secrets);
  co_return opened;
}

Task<std::vector<std::int64_t>> Ledger::reveal(Seat receiver, const Secrets& secrets) {
  note({.kind = Kind::reveal, .count = secrets.count, .who = receiver});
  std::vector<std::int64_t> revealed = co_await protocol_->reveal(receiver, secrets);
  co_return revealed;
}

Task<Secrets> Ledger::less(const Secrets& a, const Secrets& b, int bits) {
  note({.kind = Kind::compare, .count = a.count, .bits = bits});
  Secrets is_less = co_await protocol_->less(a, b, bits);
  co_return is_less;
}

Cost sum_of(std::span<const Priced> operations, std::size_t seats) {
  Cost all{.sent_bytes = std::vector<std::uint64_t>(seats, 0)};
  for (const Priced& one : operations) {
    all.add_bytes(one.cost);
    all.add_rounds(one.cost);
  }
  return all;
}

}  // namespace evenkeel
