// Two parties with additive shares of Z_2^64 and products by oblivious transfer: what yao.cpp and
// gmw.cpp share, who compare in different ways. Seat 1 offers in the transfers, seat 0 chooses.
//
//   set-up     1: a key of both and 128 base transfers, 16 + 4096 B; 0: 32 B         2 rounds
//   input      a party's: nothing, the other's share is drawn from the key of both;  0
//              a client's: 8 B to 0, a key of 16 B to 1                              1
//   multiply   own products, and two cross products by transfers                     2
//              (tools/oblivious_product.h): 0 sends 2048 B, 1 520 B
//   dot        the same a product                                                    2
//   open       8 B each                                                              1
//   reveal     8 B by who is not the receiver                                        1
#pragma once

#include <optional>

#include "models/mpc/protocol.h"
#include "models/mpc/tools/oblivious_transfer.h"

namespace evenkeel {

class TwoParty : public Protocol {
 public:
  explicit TwoParty(Session& session)
      : Protocol(session, ring64(), 1), sender_(session, 0), receiver_(session, 1) {}

  Cost cost(const SecureOperation& operation) const override;
  Task<> set_up() override;
  Task<std::vector<Secrets>> inputs(std::span<const Seat> owners,
                                    std::span<const std::int64_t> mine, std::size_t count) override;
  Task<Secrets> multiply(const Secrets& a, const Secrets& b) override { return dot(a, b, 1); }
  Task<Secrets> dot(const Secrets& a, const Secrets& b, std::size_t length) override;
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Secrets constants(std::span<const std::int64_t> values) const override;

 protected:
  virtual Cost cost_of_comparison(std::size_t count, int bits) const = 0;

  Seat self() const { return session().self(); }
  Seat other() const { return 1 - self(); }
  /// This seat offers both messages of a transfer; else it chooses.
  bool offers() const { return self() == 1; }
  /// Either seat's end of the transfers.
  TransferSender& sender() { return sender_; }
  TransferReceiver& receiver() { return receiver_; }
  /// Words that both know and nobody else.
  Prg& common() { return *common_; }
  /// Words that nobody else knows.
  Prg& own() { return *own_; }

 private:
  TransferSender sender_;
  TransferReceiver receiver_;
  std::optional<Prg> common_;
  std::optional<Prg> own_;
};

}  // namespace evenkeel
