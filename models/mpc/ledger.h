// A protocol that notes what it is asked for, so that its formula can be held against what it
// spent.
#pragma once

#include "models/mpc/protocol.h"

namespace evenkeel {

/// An operation (inputs at once are one), and its cost by the formula when it was asked for: a
/// check pays for what came before.
struct Priced {
  SecureOperation operation = {};
  Cost cost = {};
};

class Ledger final : public Protocol {
 public:
  /// `operations` outlives it.
  Ledger(std::unique_ptr<Protocol> protocol, std::vector<Priced>& operations)
      : Protocol(protocol->session(), protocol->domain(), protocol->components()),
        protocol_(std::move(protocol)),
        operations_(operations) {}

  Cost cost(const SecureOperation& operation) const override { return protocol_->cost(operation); }
  Cost cost_of_inputs(std::span<const Seat> owners, std::size_t count) const override {
    return protocol_->cost_of_inputs(owners, count);
  }
  Task<> set_up() override;
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;
  Secrets constants(std::span<const std::int64_t> values) const override {
    return protocol_->constants(values);
  }

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;
  void note(const SecureOperation& operation) {
    operations_.push_back({operation, protocol_->cost(operation)});
  }

  std::unique_ptr<Protocol> protocol_;
  std::vector<Priced>& operations_;
};

/// What all of them cost together.
Cost sum_of(std::span<const Priced> operations, std::size_t seats);

}  // namespace evenkeel
