#include "models/mpc/protocols/secure_aggregation_keys.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/runtime/blob.h"

namespace evenkeel {
namespace {

constexpr Seat server = 0;

}  // namespace

SharedKeys::SharedKeys(Session& session, const SecureAggregationShape& shape)
    : session_(session),
      shape_(shape),
      prg_(draw_prg_key(session.node().random())),
      share_key_(prg_),
      mask_key_(prg_),
      signing_key_(drawn_key()),
      seed_(drawn_key()),
      vault_(shape.members()) {}

SharedKeys::~SharedKeys() {
  OPENSSL_cleanse(seed_.data(), seed_.size());
  OPENSSL_cleanse(members_.data(), members_.size() * sizeof(Member));
}

Task<> SharedKeys::prepare() {
  const OfflinePhase offline{session_};
  co_await advertise_keys();
  co_await share_keys();
}

std::size_t SharedKeys::number_there() const {
  return static_cast<std::size_t>(std::ranges::count(members_, true, &Member::is_there));
}

Task<> SharedKeys::want_enough(std::size_t left, std::string_view step) {
  if (left >= shape_.graph.threshold) co_return;
  const Session::Forever forever = session_.abort(
      ErrorCode::no_quorum,
      fmt::format("{} of {} that share keys with {} are left after '{}', and {} are needed", left,
                  shape_.members(), session_.name_of(self()), step, shape_.graph.threshold));
  co_await forever;
}

Task<> SharedKeys::advertise_keys() {
  session_.enter("advertise keys");
  session_.charge(2 * costs::key_agreement);
  Blob keys;
  for (const PublicKey& key : {share_key_.public_key(), mask_key_.public_key()})
    keys.insert(keys.end(), key.begin(), key.end());
  if (shape_.is_active) {
    session_.charge(costs::signature);
    const Signature signature = signing_key_.sign(keys);
    keys.insert(keys.end(), signature.begin(), signature.end());
    disclose(keys);  // the server sees them
    const PublicKey verification_key = signing_key_.public_key();
    disclose(verification_key);
    for (Seat other = 1; other <= shape_.clients; ++other)
      if (other != self()) session_.send_bytes(other, verification_key);
  }
  session_.send_bytes(server, keys);
  Blob list(shape_.key_list());
  co_await session_.receive_bytes(server, list);
  co_await learn_of(list);
}

// Of the neighbours' keys, in order of their seats.
Task<> SharedKeys::learn_of(std::span<const std::byte> list) {
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

Task<> SharedKeys::agree_with(Member& member) {
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

Task<> SharedKeys::share_keys() {
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
    disclose(sealed);  // the server sees it
  }
  OPENSSL_cleanse(seeds.data(), seeds.size() * sizeof(KeyShare));
  OPENSSL_cleanse(keys.data(), keys.size() * sizeof(KeyShare));
  session_.send_bytes(server, list);
  co_await session_.receive_bytes(server, list);
  co_await keep_shares(list);
}

Task<> SharedKeys::keep_shares(std::span<const std::byte> list) {
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

}  // namespace evenkeel
