// How the server of secure_aggregation.cpp takes the masks off the sum: of each client in it its
// own mask, from shares of its seed; of each that shared keys and then dropped out those of its
// pairs, from shares of its key.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>

#include "models/mpc/protocols/secure_aggregation.h"
#include "models/mpc/tools/key_agreement.h"
#include "models/runtime/blob.h"

namespace evenkeel {

/// What the server has of a client.
struct ClientRecord {
  std::vector<Seat> members = {};
  Blob keys = {};
  Blob sealed = {};  // for each neighbour
  bool has_shared = false;
  bool is_in_sum = false;
  SecretBytes shares = {};  // of each member
  Blob signature = {};

  bool has_keys() const { return !keys.empty(); }
  bool has_unmasked() const { return !shares.empty(); }
  PublicKey mask_key() const {
    PublicKey key;
    std::memcpy(key.data(), keys.data() + sizeof key, sizeof key);
    return key;
  }
  std::size_t place_of(Seat member) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(members, member) - members.begin());
  }
};

class Unmasking {
 public:
  /// All of these outlive it; `clients` by seat.
  Unmasking(Session& session, const SecureAggregationShape& shape,
            const std::vector<ClientRecord>& clients, ModularVector& sum)
      : session_(session), shape_(shape), clients_(clients), sum_(sum) {}

  /// Ends the session if shares are missing, or do not give the key that was advertised.
  Task<> unmask();

 private:
  Task<SecretKey> recover(Seat owner);
  // In the sum: of those in it and of those whose neighbours are.
  bool masks_remain_of(Seat owner) const;
  void cancel_masks_of(Seat gone, const AgreementKey& key);

  Session& session_;
  const SecureAggregationShape& shape_;
  const std::vector<ClientRecord>& clients_;
  ModularVector& sum_;
  std::optional<KeyRecovery> recovery_;  // for the holders it was last asked for
};

}  // namespace evenkeel
