// The clients' side of secure_aggregation: messages, promises and papers stand in
// secure_aggregation.cpp.
#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/protocols/secure_aggregation.h"
#include "models/mpc/tools/key_agreement.h"
#include "models/mpc/tools/share_vault.h"
#include "models/runtime/blob.h"

namespace evenkeel {
namespace {

constexpr Seat server = 0;

struct Member {
  Seat seat = 0;
  bool is_there = false;  // as far as this client was told
  PublicKey share_key = {};
  PublicKey mask_key = {};
  PublicKey verification_key = {};
  PrgKey channel = {};  // for shares
  PrgKey mask = {};
};

class AggregationClient {
 public:
  AggregationClient(Session& session, const SecureAggregationShape& shape)
      : session_(session),
        shape_(shape),
        prg_(draw_prg_key(session.node().random())),
        share_key_(prg_),
        mask_key_(prg_),
        signing_key_(drawn_key()),
        seed_(drawn_key()),
        vault_(shape.members()) {}
  ~AggregationClient() {
    OPENSSL_cleanse(seed_.data(), seed_.size());
    OPENSSL_cleanse(members_.data(), members_.size() * sizeof(Member));
  }

  Task<> take_part(std::span<const Word> mine) {
    co_await prepare();
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
  ByteArray<32> drawn_key() {
    ByteArray<32> key;
    prg_.fill(key);
    return key;
  }
  Seat self() const { return session_.self(); }
  Session::Forever cheated(const std::string& what) {
    return session_.abort(ErrorCode::cheating, what);
  }
  std::size_t number_there() const {
    return static_cast<std::size_t>(std::ranges::count(members_, true, &Member::is_there));
  }
  Task<> want_enough(std::size_t left, std::string_view step) {
    if (left >= shape_.graph.threshold) co_return;
    const Session::Forever forever = session_.abort(
        ErrorCode::no_quorum, fmt::format("{} of {} that share keys with {} are left after '{}', "
                                          "and {} are needed",
                                          left, shape_.members(), session_.name_of(self()), step,
                                          shape_.graph.threshold));
    co_await forever;
  }

  Task<> prepare() {
    const OfflinePhase offline{session_};
    co_await advertise_keys();
    co_await share_keys();
  }
  Task<> advertise_keys();
  Task<> learn_of(std::span<const std::byte> list);
  Task<> agree_with(Member& member);
  Task<> share_keys();
  Task<> keep_shares(std::span<const std::byte> list);
  void send_masked(std::span<const Word> mine);
  Task<SecretBytes> shares_for(std::span<const std::byte> request);
  Task<> check_consistency(std::span<const std::byte> request);

  Session& session_;
  const SecureAggregationShape& shape_;
  Prg prg_;
  AgreementKey share_key_;
  AgreementKey mask_key_;
  SigningKey signing_key_;
  SecretKey seed_;
  std::vector<Member> members_;
  ShareVault vault_;
};

Task<> AggregationClient::advertise_keys() {
  session_.enter("advertise keys");
  session_.charge(2 * costs::key_agreement);
  Blob keys;
  for (const PublicKey& key : {share_key_.public_key(), mask_key_.public_key()})
    keys.insert(keys.end(), key.begin(), key.end());
  if (shape_.is_active) {
    session_.charge(costs::signature);
    const Signature signature = signing_key_.sign(keys);
    keys.insert(keys.end(), signature.begin(), signature.end());
    for (Seat other = 1; other <= shape_.clients; ++other)
      if (other != self()) session_.send_bytes(other, signing_key_.public_key());
  }
  session_.send_bytes(server, keys);
  Blob list(shape_.key_list());
  co_await session_.receive_bytes(server, list);
  co_await learn_of(list);
}

// Of the neighbours' keys, in order of their seats.
Task<> AggregationClient::learn_of(std::span<const std::byte> list) {
  AggregationGraph graph = AggregationGraph::complete(shape_.clients);
  if (shape_.is_sparse) {
    PrgKey key;
    std::memcpy(key.data(), list.data(), key.size());
    list = list.subspan(key.size());
    graph = AggregationGraph::drawn(shape_.clients, shape_.graph.degree, key);
  }
  for (const Seat seat : graph.members(self())) {
    Member& member = members_.emplace_back();
    member.seat = seat;
    member.is_there = seat == self();
    if (seat == self()) continue;
    const std::span<const std::byte> keys = list.first(shape_.keys());
    list = list.subspan(keys.size());
    if (is_blank(keys)) continue;
    member.is_there = true;
    std::memcpy(member.share_key.data(), keys.data(), sizeof(PublicKey));
    std::memcpy(member.mask_key.data(), keys.data() + sizeof(PublicKey), sizeof(PublicKey));
    if (!shape_.is_active) continue;
    co_await session_.receive_bytes(seat, member.verification_key);
    Signature signature;
    std::memcpy(signature.data(), keys.data() + 2 * sizeof(PublicKey), sizeof signature);
    session_.charge(costs::signature_check);
    if (!is_signed_by(member.verification_key, keys.first(2 * sizeof(PublicKey)), signature)) {
      const Session::Forever forever = cheated(fmt::format(
          "the keys that the server gave for {} are not signed by it", session_.name_of(seat)));
      co_await forever;
    }
  }
  co_await want_enough(number_there(), "advertise keys");
}

Task<> AggregationClient::agree_with(Member& member) {
  session_.charge(2 * costs::key_agreement);
  std::optional<SecretKey> channel = share_key_.agree(member.share_key);
  std::optional<SecretKey> mask = mask_key_.agree(member.mask_key);
  if (!channel || !mask) {
    const Session::Forever forever =
        cheated(fmt::format("with the keys that the server gave for {} nobody can agree on one",
                            session_.name_of(member.seat)));
    co_await forever;
  }
  member.channel = derive_prg_key(*channel, "shares");
  member.mask = derive_prg_key(*mask, pair_mask);
  OPENSSL_cleanse(channel->data(), channel->size());
  OPENSSL_cleanse(mask->data(), mask->size());
}

Task<> AggregationClient::share_keys() {
  session_.enter("share keys");
  std::vector<Seat> holders;
  for (const Member& member : members_) holders.push_back(member.seat);
  const std::size_t threshold = shape_.graph.threshold;
  std::vector<KeyShare> seeds = share_key(seed_, holders, threshold, prg_);
  std::vector<KeyShare> keys = share_key(mask_key_.secret(), holders, threshold, prg_);
  session_.charge(2 * shape_.sharing_work());
  Blob list(shape_.share_list());  // of ciphertexts
  SecretBytes plain(2 * sizeof(KeyShare));
  std::span<std::byte> rest{list};
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].seat == self()) {
      vault_.put(i, seeds[i], keys[i]);
      continue;
    }
    const std::span<std::byte> sealed = rest.first(shape_.sealed_shares());
    rest = rest.subspan(sealed.size());
    if (!members_[i].is_there) continue;
    co_await agree_with(members_[i]);
    session_.charge(costs::sealed_message);
    std::ranges::copy(seeds[i], plain.begin());
    std::ranges::copy(keys[i], plain.begin() + sizeof(KeyShare));
    gcm_seal(members_[i].channel, self(), plain, sealed);
  }
  OPENSSL_cleanse(seeds.data(), seeds.size() * sizeof(KeyShare));
  OPENSSL_cleanse(keys.data(), keys.size() * sizeof(KeyShare));
  session_.send_bytes(server, list);
  co_await session_.receive_bytes(server, list);
  co_await keep_shares(list);
}

Task<> AggregationClient::keep_shares(std::span<const std::byte> list) {
  SecretBytes plain(2 * sizeof(KeyShare));
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (member.seat == self()) continue;
    const std::span<const std::byte> sealed = list.first(shape_.sealed_shares());
    list = list.subspan(sealed.size());
    if (is_blank(sealed)) {
      member.is_there = false;
      continue;
    }
    session_.charge(costs::sealed_message);
    if (!member.is_there || !gcm_unseal(member.channel, member.seat, sealed, plain)) {
      const Session::Forever forever = cheated(
          fmt::format("{} has sealed no shares for this seat", session_.name_of(member.seat)));
      co_await forever;
    }
    KeyShare seed;
    KeyShare key;
    std::memcpy(seed.data(), plain.data(), sizeof seed);
    std::memcpy(key.data(), plain.data() + sizeof seed, sizeof key);
    vault_.put(i, seed, key);
  }
  co_await want_enough(number_there(), "share keys");
}

// Of a pair the one with the lower seat adds the mask and the other takes it off.
void AggregationClient::send_masked(std::span<const Word> mine) {
  EVENKEEL_CHECK(mine.size() == shape_.count, "a client enters as many numbers as agreed");
  ModularVector vector{shape_.count, shape_.bits};
  vector.add(mine);
  vector.add_mask(derive_prg_key(seed_, own_mask));
  session_.charge(shape_.mask_work());
  for (const Member& member : members_) {
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
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const std::string name = session_.name_of(members_[i].seat);
    std::string lie;
    if (has_bit(seeds, i) && has_bit(keys, i))
      lie = "the server asks for both the seed and the key of " + name;
    else if (members_[i].seat == self() && !has_bit(seeds, i))
      lie = "the server says that " + name + " has dropped out";
    for (const bool is_seed : {true, false}) {
      if (!lie.empty() || !has_bit(is_seed ? seeds : keys, i)) continue;
      const std::optional<KeyShare> share =
          vault_.tell(i, is_seed ? ShareVault::Secret::seed : ShareVault::Secret::key);
      if (!share) {
        lie = "the server asks for a share of " + name + " that there is not";
        continue;
      }
      std::ranges::copy(*share, reply.begin() + static_cast<std::ptrdiff_t>(i * sizeof *share));
    }
    if (!lie.empty()) {
      const Session::Forever forever = cheated(lie);
      co_await forever;
    }
    in_sum += has_bit(seeds, i) ? 1 : 0;
  }
  co_await want_enough(in_sum, "masked input");
  co_return reply;
}

// t clients have signed the same list, and more than a third of all would have to sign two for two
// lists to come so far.
Task<> AggregationClient::check_consistency(std::span<const std::byte> request) {
  session_.enter("consistency check");
  const std::span<const std::byte> in_sum = request.first(shape_.bitmap());
  session_.charge(costs::signature);
  session_.send_bytes(server, signing_key_.sign(in_sum));
  Blob list(shape_.signature_list());
  co_await session_.receive_bytes(server, list);
  std::size_t signers = 1;
  std::span<const std::byte> rest{list};
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].seat == self()) continue;
    Signature signature;
    std::memcpy(signature.data(), rest.data(), sizeof signature);
    rest = rest.subspan(sizeof signature);
    if (is_blank(signature)) continue;
    session_.charge(costs::signature_check);
    if (!has_bit(in_sum, i) || !is_signed_by(members_[i].verification_key, in_sum, signature)) {
      const Session::Forever forever =
          cheated(fmt::format("{} has not signed the same list of clients in the sum",
                              session_.name_of(members_[i].seat)));
      co_await forever;
    }
    ++signers;
  }
  co_await want_enough(signers, "consistency check");
}

}  // namespace

Task<> enter_masked(Session& session, const SecureAggregationShape& shape,
                    std::span<const Word> mine) {
  AggregationClient client{session, shape};
  co_await client.take_part(mine);
}

}  // namespace evenkeel
