#include "models/sharing/audit_record.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {
namespace {

Error tampered(std::string what) { return {ErrorCode::conflict, std::move(what)}; }

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"') result += '"';
    result += letter;
  }
  return result + '"';
}

// Checks one receipt against the heads of the range; tells how many records it proves.
Result<std::uint64_t> prove(const AuditRange& range, const std::vector<Digest>& heads,
                            const AuditReceipt& receipt) {
  const std::uint64_t seen = receipt.seen.records;
  const std::string witness = "node " + std::to_string(index(receipt.witness));
  if (seen > range.end.records)
    return tampered(fmt::format("the trail was cut: it has {} records, but {} saw {}",
                                range.end.records, witness, seen));
  if (seen < range.first || seen > range.first + range.records.size()) return std::uint64_t{0};
  if (heads[seen - range.first] != receipt.seen.head)
    return tampered(
        fmt::format("the trail was rewritten: its first {} records are not those that "
                    "{} saw",
                    seen, witness));
  return seen;
}

}  // namespace

std::string_view to_string(AuditDecision decision) {
  constexpr std::string_view names[] = {"served", "refused", "own"};
  const auto i = static_cast<std::size_t>(decision);
  return i < audit_decisions ? names[i] : "unknown";
}

Digest first_audit_head(NodeId node) {
  return sha256(encoded(std::string{"evenkeel audit trail"}, node));
}

Digest next_audit_head(const Digest& before, const AuditRecord& record) {
  return sha256(encoded(before, record));
}

Blob AuditHead::content() const {
  return encoded(std::string{"evenkeel audit head"}, node, records, head, at, key);
}
void AuditHead::sign(const SigningKey& signer) {
  key = signer.public_key();
  signature = signer.sign(content());
}
bool AuditHead::is_good() const { return is_signed_by(key, content(), signature); }

Blob AuditReceipt::content() const {
  return encoded(std::string{"evenkeel audit receipt"}, seen, witness, key);
}
void AuditReceipt::sign(const SigningKey& signer) {
  key = signer.public_key();
  signature = signer.sign(content());
}
bool AuditReceipt::is_good() const {
  return seen.is_good() && is_signed_by(key, content(), signature);
}

Result<AuditFinding> verify_audit(const AuditRange& range, const PublicKey& key,
                                  std::span<const AuditReceipt> receipts,
                                  std::span<const PublicKey> trusted) {
  if (range.end.key != key || !range.end.is_good())
    return Error{ErrorCode::malformed, "the trail's head is not signed by the node's party"};
  if (range.first > range.end.records || range.records.size() > range.end.records - range.first)
    return tampered("more records than the trail's head says");
  if (range.first == 0 && range.before != first_audit_head(range.end.node))
    return tampered("the trail does not start where it must");
  std::vector<Digest> heads = {range.before};
  HybridTime last;
  for (std::size_t i = 0; i < range.records.size(); ++i) {
    const AuditRecord& record = range.records[i];
    if (record.at < last)
      return tampered(fmt::format("record {} is older than the one before", range.first + i));
    last = record.at;
    heads.push_back(next_audit_head(heads.back(), record));
  }
  const bool reaches_end = range.first + range.records.size() == range.end.records;
  if (reaches_end && heads.back() != range.end.head)
    return tampered("the records are not those that the trail's head covers");
  AuditFinding finding;
  for (const AuditReceipt& receipt : receipts) {
    const bool counts = receipt.seen.node == range.end.node && receipt.seen.key == key &&
                        std::ranges::find(trusted, receipt.key) != trusted.end();
    if (!counts || !receipt.is_good()) continue;
    const Result<std::uint64_t> proven = prove(range, heads, receipt);
    if (!proven) return proven.error();
    if (*proven > range.first) {
      finding.covered = std::max(finding.covered, *proven - range.first);
      finding.receipts.push_back(receipt);
    }
  }
  return finding;
}

std::string export_audit(const AuditRange& range) {
  std::string text = "record,wall_ms,decision,operation,resource,bytes,rows,token,who,remark\n";
  for (std::size_t i = 0; i < range.records.size(); ++i) {
    const AuditRecord& record = range.records[i];
    text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", range.first + i, record.at.wall_ms,
                        to_string(record.decision), to_string(record.operation),
                        quoted(record.resource), record.bytes, record.rows, hex(record.token),
                        hex(record.who), quoted(record.remark));
  }
  return text;
}

}  // namespace evenkeel
