// The guard on a node that serves data: who may have what, checked again for every piece, written
// into the audit trail before the piece goes out.
//
// Promise: after Leases::revoke() has returned, no piece is allowed later than the lease (10 s); a
// node that cannot hear of revocations refuses by then. A node's own party needs no token and no
// lease: it is served while the node is cut off from all others.
#pragma once

#include <deque>
#include <functional>

#include "models/sharing/audit.h"
#include "models/sharing/leases.h"
#include "models/sharing/presentation.h"
#include "models/sharing/usage.h"

namespace evenkeel {

struct GuardSettings {
  std::uint32_t zone = 0;             // where this node is
  Duration window = seconds(30);      // a request is signed at most so long ago, or ahead
  std::size_t most_nonces = 1 << 17;  // requests in one window; more are refused
  double refusals_per_s = 20;         // written into the audit trail; the others are only counted
};

/// A request that was found good. Ask GrantGuard::serve before each piece.
struct AdmittedGrant {
  std::shared_ptr<const VerifiedToken> token = {};  // null: the node's own party
  GrantRequest request = {};
  PublicKey who = {};
  Digest id = {};  // of the request, in the audit trail

  /// What the query may see.
  DataRules rules() const { return token ? token->rules : DataRules{}; }
};

/// A piece of an answer.
struct GrantPiece {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  double epsilon = 0;       // of differential privacy that it costs
  std::string remark = {};  // for the audit trail: what is told, if that is not plain
};

class GrantGuard {
 public:
  /// All outlive the node's tasks.
  GrantGuard(Node& node, const PartyKeys& keys, Leases& leases, AuditTrail& audit,
             const GuardSettings& settings);
  GrantGuard(const GrantGuard&) = delete;

  /// Checks a request and counts it as one call. `owner`: whose the data is; the token must be
  /// that party's. ErrorCode::denied with the reason, also when it was seen before or no lease on
  /// the owner's revocations can be had; ErrorCode::overloaded: its rate is used up;
  /// ErrorCode::malformed.
  Task<Result<AdmittedGrant>> admit(Presentation shown, PublicKey owner);
  /// Before each piece: that the grant still holds, and that the record is durable. The piece is
  /// to be sent at the instant when this has returned. Errors as of admit, and ErrorCode::disk.
  Task<Result<Done>> serve(AdmittedGrant grant, GrantPiece piece);
  /// Both for an answer of one piece.
  Task<Result<AdmittedGrant>> admit_and_serve(Presentation shown, PublicKey owner,
                                              GrantPiece piece);
  /// Whether the grant holds at this instant: for what goes on running between pieces.
  Result<Done> check(const AdmittedGrant& grant) const;

  /// Told of each piece at the instant when it may leave: for whoever checks the guard.
  using OnServe = std::function<void(const AdmittedGrant&, const GrantPiece&)>;
  void on_serve(OnServe told) { on_serve_ = std::move(told); }

 private:
  Task<Result<AdmittedGrant>> examine(Presentation shown, PublicKey owner);
  Task<Result<Done>> refuse(AuditRecord record, Error why);
  Result<Done> remember_nonce(const Digest& id);
  std::int64_t wall_ms() const;

  Node& node_;
  const PartyKeys& keys_;
  Leases& leases_;
  AuditTrail& audit_;
  GuardSettings settings_;
  TokenCache cache_;
  GrantUsage usage_;
  std::set<Digest> seen_;
  std::deque<std::pair<Time, Digest>> seen_at_;
  double refusals_ = 0;  // that may still be written
  Time refused_at_{};
  OnServe on_serve_;
};

}  // namespace evenkeel
