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
  Task<Secrets> random(std::size_t count) override;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) override;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) override;
  Secrets constants(std::span<const std::int64_t> values) const override;

 protected:
  virtual Cost cost_of_comparison(std::size_t count, int bits) const = 0;

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
  /// Seat 0 need not wait for the last message of what was done, and can begin the next while it
  /// travels: that takes a round less.
  void let_first_go_on(bool is_ahead) { first_is_ahead_ = is_ahead; }

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) override;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) override;
  void enter_as_client(const Words& mine);

  TransferSender sender_;
  TransferReceiver receiver_;
  std::optional<Prg> common_;
  std::optional<Prg> own_;
  bool first_is_ahead_ = false;
};

}  // namespace evenkeel
