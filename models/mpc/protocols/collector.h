// Protocols that are none: seat 0 gets all numbers, computes in the clear and tells what is opened.
// The secrets of the other parties are zeros that stand for nothing.
#pragma once

#include "models/mpc/protocol.h"

namespace evenkeel {

class Collector : public Protocol {
 public:
  /// Every message is `overhead` bytes longer than the words in it.
  Collector(Session& session, std::size_t overhead)
      : Protocol(session, ring64(), 1), overhead_(overhead) {}

  Cost cost(const SecureOperation& operation) const final;
  Task<Secrets> random(std::size_t count) final;
  Task<std::vector<std::int64_t>> open(const Secrets& secrets) final;
  Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) final;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) final;
  Secrets constants(std::span<const std::int64_t> values) const final;

 protected:
  static constexpr Seat collector = 0;

  bool collects() const { return session().self() == collector; }
  virtual Cost set_up_cost() const = 0;
  /// Between the collector and another seat.
  virtual void send_words(Seat to, std::span<const Word> words) = 0;
  virtual Task<> receive_words(Seat from, std::span<Word> into) = 0;

 private:
  Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                 std::size_t count) final;
  Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) final;
  static Secrets zeros(std::size_t count) { return {count, Words(count, 0)}; }
  void charge_operations(std::size_t count);

  std::size_t overhead_;
};

}  // namespace evenkeel
