// enclave: a collector (seat 0) that computes inside a trusted execution environment, which proves
// by remote attestation what it runs. Nobody outside sees the numbers, its owner included.
//
// Real: the agreement on a key with each seat (X25519), the sealing of all that goes in and out
// (AES-128-GCM), the check of the quote. Modelled: the environment itself (the numbers lie in
// ordinary memory) and the vendor's signature on the quote, by a key that is in this program; the
// quote has the fields and the size of one of Intel's DCAP with its chain of certificates, and
// costs the ECDSA operations of one. Neither modelled: that computing inside is slower, that the
// vendor is asked for revoked keys, and side channels.
//
//   set-up    seat -> 0: a challenge and a public key                       64 B
//             0 -> seat: a quote of the code, a public key and the two      4734 B
//   input     owner -> 0: x, sealed                                         8 B a number + 16 B
//   open      0 -> each other party: x, sealed                              8 B a number + 16 B
//   reveal    0 -> the receiver: x, sealed                                  8 B a number + 16 B
//   multiply, dot, compare, random: inside, no message
//
// Promises privacy and right results against all that control no hardware of that vendor's; whoever
// runs seat 0 can end the computation.
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/protocols/collector.h"
#include "models/mpc/tools/aes_gcm.h"
#include "models/mpc/tools/key_agreement.h"
#include "models/runtime/blob.h"

namespace evenkeel {
namespace {

struct Challenge {
  ByteArray<32> nonce = {};
  PublicKey key = {};
};
static_assert(sizeof(Challenge) == 64);

struct Quote {  // after the layout of a DCAP quote, version 3
  ByteArray<48> header = {};
  ByteArray<64> platform = {};
  Digest measurement = {};  // of the code
  ByteArray<224> attributes = {};
  PublicKey key = {};  // the enclave's: with the next, 64 bytes of report data
  Digest answers = {};
  ByteArray<4> size = {};
  Signature signature = {};  // of all before `size`
  ByteArray<4234> certificates = {};

  View8 signed_part() const {
    return View8{reinterpret_cast<const std::byte*>(this), offsetof(Quote, size)};
  }
};
static_assert(sizeof(Quote) == 4734);

constexpr double checked_signatures = 5;  // the quote's, the quoting enclave's, three certificates

template <class T>
std::span<std::byte> bytes_in(T& value) {
  return std::as_writable_bytes(std::span{&value, 1});
}

const SigningKey& vendor() {
  static const SigningKey key{sha256(bytes_of("a hardware vendor that is modelled"))};
  return key;
}
Digest measurement() { return sha256(bytes_of("evenkeel enclave collector 1")); }

class Enclave final : public Collector {
 public:
  explicit Enclave(Session& session)
      : Collector(session, gcm_tag_bytes), channels_(session.seats()) {}

  Task<> set_up() override {
    const OfflinePhase offline{session()};
    session().enter("attestation");
    Prg prg{draw_prg_key(session().node().random())};
    const AgreementKey key{prg};
    session().charge(costs::key_agreement);
    if (collects()) {
      co_await answer_challenges(key);
    } else {
      Challenge challenge{.key = key.public_key()};
      prg.fill(challenge.nonce);
      disclose(challenge.nonce);
      co_await challenge_enclave(key, challenge);
    }
  }

 private:
  struct Channel {
    PrgKey inwards = {};
    PrgKey outwards = {};
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
  };

  static Digest answer_to(const Challenge& challenge) {
    return sha256(std::as_bytes(std::span{&challenge, 1}));
  }

  Task<> answer_challenges(const AgreementKey& key) {
    std::vector<Challenge> challenges(session().seats());
    for (Seat seat = 1; seat < session().seats(); ++seat)
      co_await session().receive_bytes(seat, bytes_in(challenges[seat]));
    for (Seat seat = 1; seat < session().seats(); ++seat) {
      co_await open_channel(seat, key, challenges[seat].key);
      Quote quote;
      quote.measurement = measurement();
      quote.key = key.public_key();
      quote.answers = answer_to(challenges[seat]);
      quote.signature = vendor().sign(quote.signed_part());
      session().charge(costs::ecdsa_signature);
      session().send_bytes(seat, bytes_in(quote));
    }
  }

  Task<> challenge_enclave(const AgreementKey& key, const Challenge& challenge) {
    session().send_bytes(collector, std::as_bytes(std::span{&challenge, 1}));
    Quote quote;
    co_await session().receive_bytes(collector, bytes_in(quote));
    session().charge(checked_signatures * costs::ecdsa_check);
    const bool is_vouched_for =
        is_signed_by(vendor().public_key(), quote.signed_part(), quote.signature);
    if (!is_vouched_for || quote.measurement != measurement() ||
        quote.answers != answer_to(challenge)) {
      const Session::Forever forever =
          session().abort(ErrorCode::cheating, "the quote of seat 0 does not prove an enclave");
      co_await forever;
    }
    co_await open_channel(collector, key, quote.key);
  }

  Task<> open_channel(Seat seat, const AgreementKey& key, const PublicKey& theirs) {
    session().charge(costs::key_agreement);
    const std::optional<SecretKey> agreed = key.agree(theirs);
    if (!agreed) {
      const Session::Forever forever = session().abort(
          ErrorCode::cheating, "with the key of " + session().name_of(seat) + " nobody can agree");
      co_await forever;
    }
    channels_[seat].inwards = derive_prg_key(*agreed, "into the enclave");
    channels_[seat].outwards = derive_prg_key(*agreed, "out of the enclave");
  }

  Cost set_up_cost() const override {
    const Seat others = session().seats() - 1;
    Cost cost{std::vector<std::uint64_t>(session().seats(), sizeof(Challenge)),
              others > 0 ? 2U : 0};
    cost.sent_bytes[collector] = sizeof(Quote) * others;
    return cost;
  }

  void charge_sealing(std::size_t bytes) {
    session().charge(costs::sealed_message + costs::sealed_byte * static_cast<double>(bytes));
  }

  void send_words(Seat to, std::span<const Word> words) override {
    Channel& channel = channels_[to];
    Blob sealed(words.size_bytes() + gcm_tag_bytes);
    gcm_seal(collects() ? channel.outwards : channel.inwards, channel.sent++, std::as_bytes(words),
             sealed);
    charge_sealing(sealed.size());
    session().send_bytes(to, sealed);
  }

  Task<> receive_words(Seat from, std::span<Word> into) override {
    Channel& channel = channels_[from];
    Blob sealed(into.size_bytes() + gcm_tag_bytes);
    co_await session().receive_bytes(from, sealed);
    charge_sealing(sealed.size());
    const bool is_whole = gcm_unseal(collects() ? channel.inwards : channel.outwards,
                                     channel.received++, sealed, std::as_writable_bytes(into));
    if (is_whole) co_return;
    const Session::Forever forever = session().abort(
        ErrorCode::cheating, "what came from " + session().name_of(from) + " was changed");
    co_await forever;
  }

  std::vector<Channel> channels_;  // by seat
};

const Registered entry{
    protocols(),
    protocol_entry("an attested enclave computes in the clear, sealed from its owner (modelled)",
                   {.name = "enclave",
                    .promises = {.fewest_parties = 1,
                                 .most_parties = 1024,
                                 .corruptions = "n of n",
                                 .adversary = Adversary::malicious,
                                 .outcome = Outcomes::abort,
                                 .trusted = "the hardware vendor, and no side channels",
                                 .is_modelled = true,
                                 .majority_is_honest = false},
                    .make = [](Session& session) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Enclave>(session);
                    }})};

}  // namespace
}  // namespace evenkeel
