// How a serving node knows that it has heard of every revocation: a lease on the owner's set of
// revocations, renewed by asking the owner's home nodes for what is new.
//
// Bound: once revoke() has returned, no node honours the token later than `lease` after that: a
// lease runs from before it was asked for, and whoever asks later hears of the revocation. Measured
// by the local monotonic clock, whose rate may be wrong by `clock_rate_error`. After a restart the
// lease goes on, so the clock must have gone on too.
#pragma once

#include <memory>

#include "models/runtime/quorum.h"
#include "models/sharing/party.h"
#include "models/sharing/revocations.h"

namespace evenkeel {

struct LeaseSettings {
  Duration lease = seconds(10);
  Duration renew_every = seconds(3);
  Duration timeout = seconds(1);
  double clock_rate_error = 0.01;
  std::vector<NodeId> peers = {};  // told of revocations at once
  std::size_t fanout = 3;
  Duration idle_after = seconds(60);  // nobody used a grant of the owner for so long: not renewed
  // For tests: how fast this node's clock runs, and a way to get it wrong.
  double clock_rate = 1;
  bool ignores_lease = false;
};

/// Up to three of the owner's nodes keep its revocations; a majority of them must answer.
inline constexpr std::size_t most_homes = 3;

struct RenewLease;
struct PushRevocations;
struct LeaseNews;

class Leases {
 public:
  /// All outlive the node's tasks; `service` is that of Port::sharing.
  Leases(Node& node, Service& service, const PartyKeys& keys, const PartyDirectory& directory,
         LeaseSettings settings);
  Leases(const Leases&) = delete;

  /// For a block of a token that this node's party has issued, or that was made from one. When it
  /// returns well, the bound holds. ErrorCode::no_quorum: too few homes answered; it may hold.
  Task<Result<Done>> revoke(Signature block, std::int64_t expires_ms);

  bool is_revoked(const Token& token) const { return revocations_.revokes(token); }
  /// Whether tokens of this owner may be honoured at this instant.
  bool is_fresh(const PublicKey& owner) const;
  /// Asks for a lease now; true if it is fresh then. ErrorCode::not_found: an unknown owner.
  Task<Result<bool>> renew(PublicKey owner);
  /// Goes on renewing the lease for a while.
  void keep_fresh(const PublicKey& owner);

  const RevocationSet& revocations() const { return revocations_; }

 private:
  struct Home {
    std::uint64_t epoch = 0;
    std::uint64_t known = 0;
  };
  struct Lease {
    Time until{};  // by the local clock
    Time wanted{};
    bool renewing = false;
    std::map<std::uint32_t, Home> homes;
  };
  struct Renewal;

  Task<Result<LeaseNews>> answer_renew(NodeId from, RenewLease question);
  Task<Result<Done>> answer_push(NodeId from, PushRevocations question);
  Task<> renew_for_ever();
  Task<> renew_in_background(PublicKey owner);
  Task<> renew_from(PublicKey owner, NodeId home, std::shared_ptr<Renewal> renewal);
  Task<> push_to(NodeId peer, std::vector<Revocation> revocations);
  void spread(const std::vector<Revocation>& revocations, std::optional<NodeId> but);
  std::vector<NodeId> homes_of(const PublicKey& owner) const;
  Result<std::vector<Revocation>> take(const std::vector<Revocation>& revocations);
  Time local_now() const;
  void remember(const PublicKey& owner, const Lease& lease);

  Node& node_;
  const PartyKeys& keys_;
  const PartyDirectory& directory_;
  LeaseSettings settings_;
  RevocationSet revocations_;
  FrameJournal journal_;
  std::map<PublicKey, Lease> leases_;
};

/// Tags 20-29 of Port::sharing.
struct LeaseNews {
  std::uint64_t epoch = 0;
  std::uint64_t last = 0;  // how many there are
  std::vector<Revocation> since = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(epoch, last, since);
  }
};
struct RenewLease {
  static constexpr std::uint16_t tag = 20;
  using Answer = LeaseNews;
  PublicKey owner = {};
  std::uint64_t epoch = 0;
  std::uint64_t known = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, epoch, known);
  }
};
struct PushRevocations {
  static constexpr std::uint16_t tag = 21;
  using Answer = Done;
  std::vector<Revocation> revocations = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(revocations);
  }
};

}  // namespace evenkeel
