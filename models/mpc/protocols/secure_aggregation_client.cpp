// What a client of secure_aggregation.cpp does with its keys (secure_aggregation_keys.h): it enters
// its numbers behind masks, and gives what takes off the masks of others.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/protocols/secure_aggregation_keys.h"
#include "models/runtime/blob.h"

namespace evenkeel {
namespace {

constexpr Seat server = 0;

class AggregationClient {
 public:
  AggregationClient(Session& session, const SecureAggregationShape& shape)
      : session_(session), shape_(shape), keys_(session, shape) {}

  Task<> take_part(std::span<const Word> mine) {
    co_await keys_.prepare();
    send_masked(mine);
    Blob request(shape_.request());
    session_.enter("masked input");
    co_await session_.receive_bytes(server, request);
    const SecretBytes reply = co_await shares_for(request);
    if (shape_.is_active) co_await check_consistency(request);
    session_.enter("unmasking");
    session_.send_bytes(server, reply);
  }

 private:
  Seat self() const { return session_.self(); }
  void send_masked(std::span<const Word> mine);
  Task<SecretBytes> shares_for(std::span<const std::byte> request);
  Task<> check_consistency(std::span<const std::byte> request);

  Session& session_;
  const SecureAggregationShape& shape_;
  SharedKeys keys_;
};

// Of a pair the one with the lower seat adds the mask and the other takes it off.
void AggregationClient::send_masked(std::span<const Word> mine) {
  EVENKEEL_CHECK(mine.size() == shape_.count, "a client enters as many numbers as agreed");
  ModularVector vector{shape_.count, shape_.bits};
  vector.add(mine);
  vector.add_mask(derive_prg_key(keys_.seed(), own_mask));
  session_.charge(shape_.mask_work());
  for (const SharedKeys::Member& member : keys_.members()) {
    if (!member.is_there || member.seat == self()) continue;
    session_.charge(shape_.mask_work());
    self() < member.seat ? vector.add_mask(member.mask) : vector.subtract_mask(member.mask);
  }
  Blob packed(vector.packed_bytes());
  vector.pack(packed);
  session_.charge(costs::packed_word * static_cast<double>(shape_.count));
  session_.send_bytes(server, packed);
}

// A client that is told it dropped out, or that its own key is wanted, is being lied to.
Task<SecretBytes> AggregationClient::shares_for(std::span<const std::byte> request) {
  const std::span<const std::byte> seeds = request.first(shape_.bitmap());
  const std::span<const std::byte> keys = request.last(shape_.bitmap());
  SecretBytes reply(shape_.reply(), std::byte{0});
  std::size_t in_sum = 0;
  for (std::size_t i = 0; i < keys_.members().size(); ++i) {
    const std::string name = session_.name_of(keys_.members()[i].seat);
    std::string lie;
    if (has_bit(seeds, i) && has_bit(keys, i))
      lie = "the server asks for both the seed and the key of " + name;
    else if (keys_.members()[i].seat == self() && !has_bit(seeds, i))
      lie = "the server says that " + name + " has dropped out";
    for (const bool is_seed : {true, false}) {
      if (!lie.empty() || !has_bit(is_seed ? seeds : keys, i)) continue;
      const std::optional<KeyShare> share =
          keys_.vault().tell(i, is_seed ? ShareVault::Secret::seed : ShareVault::Secret::key);
      if (!share) {
        lie = "the server asks for a share of " + name + " that there is not";
        continue;
      }
      std::ranges::copy(*share, reply.begin() + static_cast<std::ptrdiff_t>(i * sizeof *share));
    }
    if (!lie.empty()) {
      const Session::Forever forever = keys_.cheated(lie);
      co_await forever;
    }
    in_sum += has_bit(seeds, i) ? 1 : 0;
  }
  co_await keys_.want_enough(in_sum, "masked input");
  co_return reply;
}

// t clients have signed the same list, and more than a third of all would have to sign two for two
// lists to come so far.
Task<> AggregationClient::check_consistency(std::span<const std::byte> request) {
  session_.enter("consistency check");
  const std::span<const std::byte> in_sum = request.first(shape_.bitmap());
  session_.charge(costs::signature);
  const Signature own = keys_.signing_key().sign(in_sum);
  disclose(own);  // all see it
  session_.send_bytes(server, own);
  Blob list(shape_.signature_list());
  co_await session_.receive_bytes(server, list);
  std::size_t signers = 1;
  std::span<const std::byte> rest{list};
  for (std::size_t i = 0; i < keys_.members().size(); ++i) {
    if (keys_.members()[i].seat == self()) continue;
    Signature signature;
    std::memcpy(signature.data(), rest.data(), sizeof signature);
    rest = rest.subspan(sizeof signature);
    if (is_blank(signature)) continue;
    session_.charge(costs::signature_check);
    if (!has_bit(in_sum, i) ||
        !is_signed_by(keys_.members()[i].verification_key, in_sum, signature)) {
      const Session::Forever forever =
          keys_.cheated(fmt::format("{} has not signed the same list of clients in the sum",
                                    session_.name_of(keys_.members()[i].seat)));
      co_await forever;
    }
    ++signers;
  }
  co_await keys_.want_enough(signers, "consistency check");
}

}  // namespace

Task<> enter_masked(Session& session, const SecureAggregationShape& shape,
                    std::span<const Word> mine) {
  AggregationClient client{session, shape};
  co_await client.take_part(mine);
}

}  // namespace evenkeel
