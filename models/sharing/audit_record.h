// The records of an audit trail and what proves that nobody changed them: a hash chain (Haber &
// Stornetta 1991), its head signed by the node and countersigned by others.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/crypto/crypto.h"
#include "models/runtime/hybrid_clock.h"
#include "models/runtime/message.h"
#include "models/sharing/caveats.h"

namespace evenkeel {

enum class AuditDecision : std::uint8_t { served, refused, own };  // own: the node's own party
inline constexpr std::uint8_t audit_decisions = 3;
std::string_view to_string(AuditDecision decision);

struct AuditRecord {
  HybridTime at = {};
  Digest token = {};    // its id; zeros: none
  Digest request = {};  // which request it belongs to: a hash of its signature
  PublicKey who = {};   // who signed the request; zeros: unknown
  GrantOperation operation = GrantOperation::read;
  std::string resource = {};
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  AuditDecision decision = AuditDecision::served;
  std::string remark = {};  // why it was refused; or what was told, if that is not plain
  friend bool operator==(const AuditRecord&, const AuditRecord&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(at, token, request, who, operation, resource, bytes, rows, decision, remark);
  }
};

/// The head before the first record.
Digest first_audit_head(NodeId node);
Digest next_audit_head(const Digest& before, const AuditRecord& record);

/// What a node says of its own trail.
struct AuditHead {
  NodeId node{};
  std::uint64_t records = 0;
  Digest head = {};
  HybridTime at = {};
  PublicKey key = {};  // of the node's party
  Signature signature = {};
  friend bool operator==(const AuditHead&, const AuditHead&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(node, records, head, at, key, signature);
  }
  Blob content() const;
  void sign(const SigningKey& signer);
  bool is_good() const;
};

/// That another node has seen that head.
struct AuditReceipt {
  AuditHead seen = {};
  NodeId witness{};
  PublicKey key = {};  // of the witness' party
  Signature signature = {};
  friend bool operator==(const AuditReceipt&, const AuditReceipt&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(seen, witness, key, signature);
  }
  Blob content() const;
  void sign(const SigningKey& signer);
  bool is_good() const;
};

/// Records [first, first + records.size()) of a trail.
struct AuditRange {
  std::uint64_t first = 0;
  Digest before = {};  // the head before the first of them
  std::vector<AuditRecord> records = {};
  AuditHead end = {};  // of the whole trail, as it is now

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(first, before, records, end);
  }
};

/// What a check of a trail came to.
struct AuditFinding {
  std::uint64_t covered = 0;                // records that a witness' receipt proves
  std::vector<AuditReceipt> receipts = {};  // that say so
};

/// ErrorCode::conflict: a record was changed, removed, added or moved, or the trail cut or
/// rewritten since a witness saw it; the detail says where. ErrorCode::malformed: a signature is
/// wrong. `key` is that of the party whose node it is; receipts by others than `trusted` are
/// passed over. Records behind the last receipt stand on the node's word alone.
Result<AuditFinding> verify_audit(const AuditRange& range, const PublicKey& key,
                                  std::span<const AuditReceipt> receipts,
                                  std::span<const PublicKey> trusted);

/// One line a record: time, decision, operation, resource, bytes, rows, token, who, remark; as CSV.
std::string export_audit(const AuditRange& range);

}  // namespace evenkeel
