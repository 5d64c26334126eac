#include "models/mpc/protocols/secure_aggregation_unmasking.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "models/mpc/costs.h"

namespace evenkeel {

bool Unmasking::masks_remain_of(Seat owner) const {
  return clients_[owner].has_shared &&
         std::ranges::any_of(clients_[owner].members,
                             [this](Seat member) { return clients_[member].is_in_sum; });
}

Task<SecretKey> Unmasking::recover(Seat owner) {
  const std::size_t threshold = shape_.graph.threshold;
  std::vector<Seat> holders;
  std::vector<KeyShare> shares;
  for (const Seat holder : clients_[owner].members) {
    const ClientRecord& record = clients_[holder];
    if (!record.has_unmasked() || holders.size() == threshold) continue;
    holders.push_back(holder);
    std::memcpy(shares.emplace_back().data(),
                record.shares.data() + record.place_of(owner) * sizeof(KeyShare), sizeof(KeyShare));
  }
  if (holders.size() < threshold) {
    const Session::Forever forever = session_.abort(
        ErrorCode::no_quorum, fmt::format("{} shares are left of what masks {}, and {} are needed",
                                          holders.size(), session_.name_of(owner), threshold));
    co_await forever;
  }
  if (!recovery_ || recovery_->holders() != holders) {
    session_.charge(costs::key_share_inverse +
                    costs::key_share_weight * static_cast<double>(threshold * threshold));
    recovery_.emplace(std::move(holders));
  }
  session_.charge(shape_.recovery_work());
  const SecretKey key = recovery_->recover(shares);
  OPENSSL_cleanse(shares.data(), shares.size() * sizeof(KeyShare));
  co_return key;
}

void Unmasking::cancel_masks_of(Seat gone, const AgreementKey& key) {
  for (const Seat other : clients_[gone].members) {
    if (!clients_[other].is_in_sum) continue;
    session_.charge(costs::key_agreement + shape_.mask_work());
    const std::optional<SecretKey> agreed = key.agree(clients_[other].mask_key());
    EVENKEEL_CHECK(agreed.has_value(), "its keys were sound");
    const PrgKey mask = derive_prg_key(*agreed, pair_mask);
    other < gone ? sum_.subtract_mask(mask) : sum_.add_mask(mask);
  }
}

Task<> Unmasking::unmask() {
  for (Seat owner = 1; owner <= shape_.clients; ++owner) {
    if (!masks_remain_of(owner)) continue;
    const SecretKey recovered = co_await recover(owner);
    if (clients_[owner].is_in_sum) {
      session_.charge(shape_.mask_work());
      sum_.subtract_mask(derive_prg_key(recovered, own_mask));
      continue;
    }
    session_.charge(costs::key_agreement);
    const AgreementKey key{recovered};
    if (key.public_key() != clients_[owner].mask_key()) {
      const Session::Forever forever =
          session_.abort(ErrorCode::cheating,
                         fmt::format("the shares of the key of {} do not give that key: it or one "
                                     "that holds a share lied",
                                     session_.name_of(owner)));
      co_await forever;
    }
    cancel_masks_of(owner, key);
  }
}

}  // namespace evenkeel
