// A protocol that notes what it is asked for, so that its formula can be held against what it
// spent.
#pragma once

#include "models/mpc/protocol.h"

namespace evenkeel {

/// An operation, and its cost by the formula when it was asked for: a check pays for what came
/// before.
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
  Task<> set_up() override;
  Task<std::vector<Secrets>> inputs(std::span<const Seat> owners,
                                    std::span<const std::int64_t> mine, std::size_t count) override;
  Task<Secrets> multiply(const Secrets& a, const Secrets& b) override;
  Task<Secrets> dot(const Secrets& a, const Secrets& b, std::size_t length) override;
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;
  Secrets constants(std::span<const std::int64_t> values) const override {
    return protocol_->constants(values);
  }

 private:
  std::unique_ptr<Protocol> protocol_;
  void note(const SecureOperation& operation) {
    operations_.push_back({operation, protocol_->cost(operation)});
  }

  std::vector<Priced>& operations_;
};

/// What all of them cost together. Inputs of several owners side by side take one round.
Cost sum_of(std::span<const Priced> operations, std::size_t seats);

}  // namespace evenkeel
