#include "models/sharing/grants.h"

#include <algorithm>

#include "models/sharing/refusal.h"

namespace evenkeel {
namespace {

constexpr Work request_signature{90e3};

AuditRecord record_of(const AdmittedGrant& grant, const GrantPiece& piece) {
  return {.token = grant.token ? grant.token->id : Digest{},
          .request = grant.id,
          .who = grant.who,
          .operation = grant.request.operation,
          .resource = grant.request.resource,
          .bytes = piece.bytes,
          .rows = piece.rows,
          .decision = grant.token ? AuditDecision::served : AuditDecision::own,
          .remark = piece.remark};
}

Error denied(std::string why) { return {ErrorCode::denied, std::move(why)}; }

}  // namespace

GrantGuard::GrantGuard(Node& node, const PartyKeys& keys, Leases& leases, AuditTrail& audit,
                       const GuardSettings& settings)
    : node_(node),
      keys_(keys),
      leases_(leases),
      audit_(audit),
      settings_(settings),
      usage_(node.disk()),
      refusals_(settings.refusals_per_s) {
  usage_.drop_expired(wall_ms());
  // Requests served before a restart may not be served again: twice the window covers both clocks.
  const auto window = std::chrono::duration_cast<std::chrono::milliseconds>(settings.window);
  const std::vector<AuditRecord>& records = audit.records();
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (record->at.wall_ms < wall_ms() - 2 * window.count() || seen_.size() >= settings.most_nonces)
      break;
    if (record->decision != AuditDecision::refused && seen_.insert(record->request).second)
      seen_at_.emplace_back(node.now(), record->request);
  }
}

std::int64_t GrantGuard::wall_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(node_.wall_clock()).count();
}

Result<Done> GrantGuard::remember_nonce(const Digest& id) {
  while (!seen_at_.empty() && seen_at_.front().first + 2 * settings_.window < node_.now()) {
    seen_.erase(seen_at_.front().second);
    seen_at_.pop_front();
  }
  if (seen_.contains(id))
    return denied("seen before: this very request was made before; sign a new one");
  if (seen_.size() >= settings_.most_nonces)
    return Error{ErrorCode::overloaded,
                 "too many requests: this node remembers no more; ask again later"};
  seen_.insert(id);
  seen_at_.emplace_back(node_.now(), id);
  return Done{};
}

Result<Done> GrantGuard::check(const AdmittedGrant& grant) const {
  if (!grant.token) return Done{};
  if (leases_.is_revoked(grant.token->token))
    return denied("revoked: the grant was revoked; ask the owner for a new one");
  if (!leases_.is_fresh(grant.token->token.owner))
    return denied(
        "owner unreachable: this node cannot reach the owner to hear of revocations; try another "
        "node");
  return grant.token->allows(grant.request, wall_ms(), settings_.zone);
}

Task<Result<AdmittedGrant>> GrantGuard::examine(Presentation shown, PublicKey owner) {
  co_await node_.compute(request_signature);
  if (shown.server != node_.id()) co_return denied("wrong node: a request to another node");
  if (!is_signed(shown))
    co_return denied("wrong signature: the request was changed, or not signed by its asker");
  const std::int64_t now_ms = wall_ms();
  const auto window = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.window);
  if (shown.signed_ms < now_ms - window.count() || shown.signed_ms > now_ms + window.count())
    co_return denied("wrong time: the request is too old, or of the future: set the clock");
  AdmittedGrant grant{.request = std::move(shown.request), .who = shown.signer};
  grant.id = sha256(shown.signature);
  if (shown.token.empty()) {
    if (shown.signer != owner || owner != keys_.signing.public_key())
      co_return denied(
          "no grant: without a token a node serves only its own party's data to that party");
    const Result<Done> fresh = remember_nonce(grant.id);
    if (!fresh) co_return fresh.error();
    co_return grant;
  }
  const Result<TokenCache::Found> found = cache_.verify(shown.token);
  if (!found) co_return found.error();
  grant.token = found->token;
  const VerifiedToken& token = *grant.token;
  if (found->is_new) co_await node_.compute(verifying_work(token.token));
  if (token.token.owner != owner)
    co_return denied("wrong owner: the token is not of the owner of this data");
  if (token.holder && *token.holder != shown.signer)
    co_return denied("wrong holder: the token is for somebody else");
  leases_.keep_fresh(owner);
  if (!leases_.is_fresh(owner)) {
    Task<Result<bool>> renewing = leases_.renew(owner);
    const Result<bool> renewed = co_await std::move(renewing);
    if (!renewed) co_return renewed.error();
  }
  const Result<Done> holds = check(grant);
  if (!holds) co_return holds.error();
  const Result<Done> fresh = remember_nonce(grant.id);
  if (!fresh) co_return fresh.error();
  const Result<Done> charged = usage_.charge(token, {.calls = 1}, node_.now());
  if (!charged) co_return charged.error();
  co_return grant;
}

Task<Result<AdmittedGrant>> GrantGuard::admit(Presentation shown, PublicKey owner) {
  AuditRecord record{.token = shown.token.empty() ? Digest{} : sha256(shown.token),
                     .request = sha256(shown.signature),
                     .who = shown.signer,
                     .operation = shown.request.operation,
                     .resource = shown.request.resource};
  Task<Result<AdmittedGrant>> examining = examine(std::move(shown), owner);
  Result<AdmittedGrant> grant = co_await std::move(examining);
  if (grant) co_return grant;
  Task<Result<Done>> refusing = refuse(std::move(record), grant.error());
  const Result<Done> refused = co_await std::move(refusing);
  co_return refused.error();
}

Task<Result<Done>> GrantGuard::refuse(AuditRecord record, Error why) {
  node_.probe().count("grants refused", node_.id(), 1);
  node_.probe().count("refused: " + refusal_name(why), node_.id(), 1);
  // Whoever has no right at all may not fill the disk either.
  refusals_ += to_seconds(node_.now() - refused_at_) * settings_.refusals_per_s;
  refusals_ = std::min(refusals_, settings_.refusals_per_s);
  refused_at_ = node_.now();
  if (refusals_ >= 1) {
    refusals_ -= 1;
    record.decision = AuditDecision::refused;
    record.remark = why.detail;
    Task<Result<Done>> writing = audit_.write(std::move(record));
    const Result<Done> written = co_await std::move(writing);
    if (!written) node_.probe().count("refusals not written", node_.id(), 1);
  }
  co_return why;
}

Task<Result<Done>> GrantGuard::serve(AdmittedGrant grant, GrantPiece piece) {
  Result<Done> holds = check(grant);
  if (holds && grant.token)
    holds = usage_.charge(*grant.token, {0, piece.bytes, piece.rows, piece.epsilon}, node_.now());
  AuditRecord record = record_of(grant, piece);
  if (holds) {
    if (grant.token) leases_.keep_fresh(grant.token->token.owner);
    Task<Result<Done>> writing = audit_.write(record);
    const Result<Done> written = co_await std::move(writing);
    if (!written) co_return written.error();
    holds = check(grant);  // the disk took its time
  }
  if (holds) {
    node_.probe().count("bytes served under grants", node_.id(), static_cast<double>(piece.bytes));
    if (on_serve_) on_serve_(grant, piece);
    co_return Done{};
  }
  record.bytes = record.rows = 0;
  Task<Result<Done>> refusing = refuse(std::move(record), holds.error());
  const Result<Done> refused = co_await std::move(refusing);
  co_return refused.error();
}

Task<Result<AdmittedGrant>> GrantGuard::admit_and_serve(Presentation shown, PublicKey owner,
                                                        GrantPiece piece) {
  Task<Result<AdmittedGrant>> admitting = admit(std::move(shown), owner);
  Result<AdmittedGrant> grant = co_await std::move(admitting);
  if (!grant) co_return grant;
  AdmittedGrant admitted = *grant;
  Task<Result<Done>> serving = serve(std::move(admitted), piece);
  const Result<Done> served = co_await std::move(serving);
  if (!served) co_return served.error();
  co_return grant;
}

}  // namespace evenkeel
