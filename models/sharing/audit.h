// A node's audit trail: who was served what, in a chain of hashes on its disk. Every 10 s other
// nodes countersign its head, so that whoever asks them finds out when it was cut or rewritten.
#pragma once

#include <map>
#include <optional>

#include "models/runtime/quorum.h"
#include "models/sharing/audit_record.h"
#include "models/sharing/journal.h"
#include "models/sharing/party.h"

namespace evenkeel {

struct AuditSettings {
  std::vector<NodeId> witnesses = {};  // who countersign
  Duration every = seconds(10);        // once in so long
  Duration timeout = seconds(2);
  std::size_t most_receipts = 256;  // kept of other nodes' trails, each node's newest
};

/// Tags 1-9 of Port::sharing.
struct CountersignHead {
  static constexpr std::uint16_t tag = 1;
  using Answer = AuditReceipt;
  AuditHead head = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(head);
  }
};
struct FetchAudit {
  static constexpr std::uint16_t tag = 2;
  using Answer = AuditRange;
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(first, count);
  }
};
struct FetchReceipts {
  static constexpr std::uint16_t tag = 3;
  using Answer = std::vector<AuditReceipt>;
  NodeId of{};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(of);
  }
};

class AuditTrail {
 public:
  /// Reads what the disk has. All outlive the node's tasks; `service` is that of Port::sharing.
  AuditTrail(Node& node, Service& service, const PartyKeys& keys, HybridClock& clock,
             AuditSettings settings);
  AuditTrail(const AuditTrail&) = delete;

  /// Writes the record, with the present time; durable when it returns. ErrorCode::disk.
  Task<Result<Done>> write(AuditRecord record);

  std::uint64_t size() const { return records_.size(); }
  const std::vector<AuditRecord>& records() const { return records_; }
  /// Its end was torn or corrupt when it was read: what stood there is gone.
  bool was_damaged() const { return journal_.was_damaged(); }
  AuditRange range(std::uint64_t first, std::uint64_t count);

  /// Fetches the whole trail of another node, and the receipts of `witnesses`, and checks them.
  /// Errors of verify_audit; ErrorCode::timeout.
  Task<Result<AuditFinding>> verify(NodeId of, PublicKey key, std::vector<NodeId> witnesses,
                                    std::vector<PublicKey> trusted);
  /// All records of another node's trail, not yet checked.
  Task<Result<AuditRange>> fetch(NodeId of);

 private:
  Task<Result<AuditReceipt>> countersign(NodeId from, CountersignHead question);
  Task<Result<AuditRange>> answer_fetch(NodeId from, FetchAudit question);
  Task<Result<std::vector<AuditReceipt>>> answer_receipts(NodeId from, FetchReceipts question);
  Task<> ask_for_receipts();
  Task<> ask_one_witness(NodeId witness, AuditHead head);
  AuditHead head();
  Digest head_at(std::uint64_t records) const;

  Node& node_;
  const PartyKeys& keys_;
  HybridClock& clock_;
  AuditSettings settings_;
  FrameJournal journal_;
  FrameJournal witness_journal_;
  std::vector<AuditRecord> records_;
  std::vector<Digest> heads_;  // every 256th
  Digest head_;
  std::map<std::uint32_t, std::vector<AuditReceipt>> seen_;  // by node, of others, the newest last
};

}  // namespace evenkeel
