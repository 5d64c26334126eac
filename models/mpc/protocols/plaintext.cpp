// plaintext: a collector that all trust (seat 0) sees everything. What the protection of the others
// costs is the difference to this.
//
//   input     owner -> 0: x                     8 B a number
//   open      0 -> each other party: x          8 B a number
//   reveal    0 -> the receiver: x              8 B a number
//   multiply, dot, compare, random: at seat 0, no message
//
// Promises nothing.
#include "models/mpc/protocols/collector.h"

namespace evenkeel {
namespace {

class Plaintext final : public Collector {
 public:
  explicit Plaintext(Session& session) : Collector(session, 0) {}

  Task<> set_up() override { co_return; }

 private:
  Cost set_up_cost() const override { return no_cost(); }
  void send_words(Seat to, std::span<const Word> words) override { session().send(to, words); }
  Task<> receive_words(Seat from, std::span<Word> into) override {
    return session().receive_bytes(from, std::as_writable_bytes(into));
  }
};

const Registered entry{protocols(),
                       protocol_entry("a trusted collector computes in the clear: the baseline",
                                      {.name = "plaintext",
                                       .promises = {.fewest_parties = 1,
                                                    .most_parties = 1024,
                                                    .corruptions = "0 of n",
                                                    .adversary = Adversary::none,
                                                    .outcome = Outcomes::none,
                                                    .trusted = "seat 0, which sees everything"},
                                       .make = [](Session& session) -> std::unique_ptr<Protocol> {
                                         return std::make_unique<Plaintext>(session);
                                       }})};

}  // namespace
}  // namespace evenkeel
