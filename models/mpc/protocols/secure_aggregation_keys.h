// The keys of one client of secure_aggregation.cpp, where messages and papers stand: those that it
// advertises and shares, and what it knows of those with whom it does.
#pragma once

#include "models/mpc/protocols/secure_aggregation.h"
#include "models/mpc/tools/key_agreement.h"
#include "models/mpc/tools/share_vault.h"

namespace evenkeel {

class SharedKeys {
 public:
  struct Member {
    Seat seat = 0;
    bool is_there = false;  // as far as this client was told
    PublicKey share_key = {};
    PublicKey mask_key = {};
    PublicKey verification_key = {};
    PrgKey channel = {};  // for shares
    PrgKey mask = {};
  };

  /// `session` and `shape` outlive it.
  SharedKeys(Session& session, const SecureAggregationShape& shape);
  SharedKeys(const SharedKeys&) = delete;
  ~SharedKeys();

  /// The phases 'advertise keys' and 'share keys'.
  Task<> prepare();

  /// The seats that share keys with this one, itself included, in their order.
  const std::vector<Member>& members() const { return members_; }
  /// Shares of the members' keys.
  ShareVault& vault() { return vault_; }
  const SigningKey& signing_key() const { return signing_key_; }
  /// Of this client's own mask.
  const SecretKey& seed() const { return seed_; }

  /// Ends the session if fewer members than the threshold are left.
  Task<> want_enough(std::size_t left, std::string_view step);
  Session::Forever cheated(const std::string& what) {
    return session_.abort(ErrorCode::cheating, what);
  }

 private:
  ByteArray<32> drawn_key() {
    ByteArray<32> key;
    prg_.fill(key);
    return key;
  }
  Seat self() const { return session_.self(); }
  std::size_t number_there() const;

  Task<> advertise_keys();
  Task<> learn_of(std::span<const std::byte> list);
  Task<> agree_with(Member& member);
  Task<> share_keys();
  Task<> keep_shares(std::span<const std::byte> list);

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

}  // namespace evenkeel
