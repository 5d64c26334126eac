#include "sim/deployment/sharing_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {

namespace {

// Of what leaves somebody else tells too: what batches and streams read.
bool is_told_apart(std::string_view part) {
  return part.starts_with("/batch/") || part.starts_with("/stream/") || part == "/rows";
}

}  // namespace

void SharingWatch::accuse(std::string invariant, Time at, std::string subject, std::string why) {
  if (witness_ == nullptr) return;
  witness_->accuse({.invariant = std::move(invariant),
                    .at = at,
                    .subject = std::move(subject),
                    .why = std::move(why)});
}

void SharingWatch::served(Node& node, const AdmittedGrant& grant, const GrantPiece& piece) {
  Served& its = served_[node.id()][grant.id];
  its.bytes += piece.bytes;
  ++its.pieces;
  its.last = node.now();
  if (!grant.token) return;
  const std::string& resource = grant.request.resource;
  const DataSetChoice* data_set = data_set_of(resource);
  if (data_set != nullptr && is_told_apart(resource.substr(data_set->name.text.size())))
    to_be_told_[{node.id(), data_set->table.text}] += piece.bytes;
  if (grant.who != grant.token->token.owner) check_terms(node, grant);
  check_revoked(node, grant, piece);
}

const DataSetChoice* SharingWatch::data_set_of(const std::string& resource) const {
  const auto found = std::ranges::find_if(
      choice_.data_sets, [&](const DataSetChoice& one) { return covers(one.name.text, resource); });
  return found == choice_.data_sets.end() ? nullptr : &*found;
}

void SharingWatch::told(Node& node, const std::string& table, std::string_view whom,
                        std::uint64_t bytes) {
  const auto owned = std::ranges::find_if(
      choice_.data_sets, [&](const DataSetChoice& one) { return one.table.text == table; });
  if (owned == choice_.data_sets.end()) return;
  std::uint64_t& served = to_be_told_[{node.id(), table}];
  if (served < bytes)
    accuse("granted", node.now(), table,
           fmt::format("{} told {} {} bytes of '{}', {} of them under a grant", node.name(), whom,
                       bytes, table, served));
  served -= std::min(served, bytes);
}

// What the scenario allows, whatever the token says.
void SharingWatch::check_terms(Node& node, const AdmittedGrant& grant) {
  const std::string& resource = grant.request.resource;
  const DataSetChoice* data_set = data_set_of(resource);
  const Party* who = directory_.find(grant.who);
  const std::string name = who == nullptr ? "nobody known" : who->name;
  const TermsChoice* terms = nullptr;
  if (data_set != nullptr)
    for (const TermsChoice& one : data_set->terms)
      if (one.party.text == name) terms = &one;
  const auto wrong = [&](const std::string& why) {
    accuse("granted", node.now(), resource,
           fmt::format("{} served {}: {}", node.name(), name, why));
  };
  if (terms == nullptr) return wrong("no terms give it anything");
  const OperationSet allowed = terms->caveats.operations.value_or(all_operations);
  if ((allowed & operations_of(grant.request.operation)) == 0)
    wrong(fmt::format("its terms do not allow to {}", to_string(grant.request.operation)));
  if (terms->caveats.purpose && *terms->caveats.purpose != grant.request.purpose)
    wrong(fmt::format("for the purpose '{}'", grant.request.purpose));
  if (terms->caveats.pooled_only && !is_pooled(resource))
    wrong("its terms allow questions about pools only");
  const bool knows_the_time = node.wall_clock() == node.now();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(node.now()).count();
  if (knows_the_time && grant.token->expires_ms <= now_ms) wrong("its grant has expired");
}

void SharingWatch::check_revoked(Node& node, const AdmittedGrant& grant, const GrantPiece& piece) {
  for (const TokenBlock& block : grant.token->token.blocks) {
    const auto revoked = revoked_.find(block.signature);
    if (revoked == revoked_.end()) continue;
    const Duration since = node.now() - revoked->second;
    Duration& longest = served_for_[block.signature];
    if (since > longest) {
      // The count adds up to the longest time, one revocation after the other.
      node.probe().count("seconds served after a revocation", node.id(),
                         to_seconds(since - longest));
      longest = since;
    }
    node.probe().count("bytes served after a revocation", node.id(),
                       static_cast<double>(piece.bytes));
    if (since <= choice_.lease) continue;
    accuse("granted", node.now(), grant.request.resource,
           fmt::format("{} served {} bytes {:.3f} s after the grant was revoked; the lease is "
                       "{:.3f} s",
                       node.name(), piece.bytes, to_seconds(since), to_seconds(choice_.lease)));
  }
}

void SharingWatch::check_trail(NodeId node, const std::string& name, AuditTrail& trail,
                               const PublicKey& key) {
  const auto wrong = [&](Time at, const std::string& why) { accuse("audited", at, name, why); };
  const Result<AuditFinding> intact = verify_audit(trail.range(0, trail.size()), key, {}, {});
  if (!intact) wrong({}, intact.error().detail);
  std::map<Digest, Served> written;
  for (const AuditRecord& record : trail.records()) {
    if (record.decision == AuditDecision::refused) continue;
    written[record.request].bytes += record.bytes;
    ++written[record.request].pieces;
  }
  const auto served = served_.find(node);
  if (served == served_.end()) return;
  for (const auto& [request, its] : served->second)
    if (const Served& said = written[request]; said.bytes < its.bytes || said.pieces < its.pieces)
      wrong(its.last, fmt::format("{} bytes were served in {} pieces, the trail tells of {} in {}",
                                  its.bytes, its.pieces, said.bytes, said.pieces));
}

}  // namespace evenkeel
