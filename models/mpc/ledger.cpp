#include "models/mpc/ledger.h"

#include <algorithm>

namespace evenkeel {

using Kind = SecureOperation::Kind;

Task<> Ledger::set_up() {
  note({.kind = Kind::set_up});
  co_await protocol_->set_up();
}

Task<std::vector<Secrets>> Ledger::inputs(std::span<const Seat> owners,
                                          std::span<const std::int64_t> mine, std::size_t count) {
  for (const Seat owner : owners) note({.kind = Kind::input, .count = count, .who = owner});
  std::vector<Secrets> entered = co_await protocol_->inputs(owners, mine, count);
  co_return entered;
}

Task<Secrets> Ledger::multiply(const Secrets& a, const Secrets& b) {
  note({.kind = Kind::multiply, .count = a.count});
  Secrets product = co_await protocol_->multiply(a, b);
  co_return product;
}

Task<Secrets> Ledger::dot(const Secrets& a, const Secrets& b, std::size_t length) {
  note({.kind = Kind::dot, .count = a.count / length, .length = length});
  Secrets product = co_await protocol_->dot(a, b, length);
  co_return product;
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

namespace {

// Of inputs side by side: the deepest, in all and of each phase.
void be_beside(Cost& inputs, const Cost& other) {
  const std::uint32_t online = std::max(inputs.online_rounds(), other.online_rounds());
  inputs.rounds = std::max(inputs.rounds, other.rounds);
  inputs.offline_rounds = std::max(inputs.offline_rounds, other.offline_rounds);
  inputs.rounds_at_once = online + inputs.offline_rounds - inputs.rounds;
}

}  // namespace

Cost sum_of(std::span<const Priced> operations, std::size_t seats) {
  Cost all{.sent_bytes = std::vector<std::uint64_t>(seats, 0)};
  Cost inputs;
  for (const auto& [operation, cost] : operations) {
    all.add_bytes(cost);
    if (operation.kind == Kind::input) {
      be_beside(inputs, cost);
      continue;
    }
    all.add_rounds(inputs);
    inputs = {};
    all.add_rounds(cost);
  }
  all.add_rounds(inputs);
  return all;
}

}  // namespace evenkeel
