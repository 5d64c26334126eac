#include "models/sharing/audit.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr std::uint64_t heads_every = 256;
constexpr std::uint32_t most_fetched = 512;
constexpr std::size_t longest_resource = 2000;

}  // namespace

AuditTrail::AuditTrail(Node& node, Service& service, const PartyKeys& keys, HybridClock& clock,
                       AuditSettings settings)
    : node_(node),
      keys_(keys),
      clock_(clock),
      settings_(std::move(settings)),
      journal_(node.disk(), "sharing/audit"),
      witness_journal_(node.disk(), "sharing/witness"),
      head_(first_audit_head(node.id())) {
  for (const Blob& bytes : journal_.take_loaded()) {
    std::optional<AuditRecord> record = decoded<AuditRecord>(bytes);
    if (!record) continue;
    if (records_.size() % heads_every == 0) heads_.push_back(head_);
    head_ = next_audit_head(head_, *record);
    clock_.heard(record->at);
    records_.push_back(std::move(*record));
  }
  if (journal_.was_damaged()) {
    node_.probe().count("audit trails with a torn end", node_.id(), 1);
    node_.probe().event(node_.now(), node_.id(), "audit trail", "its end was torn");
  }
  for (const Blob& bytes : witness_journal_.take_loaded())
    if (std::optional<AuditReceipt> receipt = decoded<AuditReceipt>(bytes))
      seen_[index(receipt->seen.node)].push_back(std::move(*receipt));
  service.on(&AuditTrail::countersign, *this);
  service.on(&AuditTrail::answer_fetch, *this);
  service.on(&AuditTrail::answer_receipts, *this);
  node_.spawn(ask_for_receipts());
}

Task<Result<Done>> AuditTrail::write(AuditRecord record) {
  record.at = clock_.tick();
  if (!records_.empty()) record.at = std::max(record.at, records_.back().at);
  if (record.resource.size() > longest_resource) record.resource.resize(longest_resource);
  if (record.remark.size() > longest_resource) record.remark.resize(longest_resource);
  Result<Done> written = journal_.append(encoded(record));
  if (written) {
    // From here on it is part of the chain, even if the sync fails: a record too many is no lie.
    if (records_.size() % heads_every == 0) heads_.push_back(head_);
    head_ = next_audit_head(head_, record);
    records_.push_back(std::move(record));
    node_.probe().count("audit records", node_.id(), 1);
    written = journal_.sync();
  }
  if (!written) {
    node_.probe().count("audit records not written", node_.id(), 1);
    co_return written.error();
  }
  co_await node_.disk_done();
  co_return Done{};
}

AuditHead AuditTrail::head() {
  AuditHead result{
      .node = node_.id(), .records = records_.size(), .head = head_, .at = clock_.tick()};
  result.sign(keys_.signing);
  return result;
}

Digest AuditTrail::head_at(std::uint64_t records) const {
  if (records == records_.size()) return head_;
  Digest head = heads_[records / heads_every];
  for (std::uint64_t i = records / heads_every * heads_every; i < records; ++i)
    head = next_audit_head(head, records_[i]);
  return head;
}

AuditRange AuditTrail::range(std::uint64_t first, std::uint64_t count) {
  AuditRange range;
  range.first = std::min<std::uint64_t>(first, records_.size());
  range.before = head_at(range.first);
  const std::uint64_t last = range.first + std::min(count, records_.size() - range.first);
  range.records.assign(records_.begin() + static_cast<std::ptrdiff_t>(range.first),
                       records_.begin() + static_cast<std::ptrdiff_t>(last));
  range.end = head();
  return range;
}

Task<Result<AuditRange>> AuditTrail::answer_fetch(NodeId, FetchAudit question) {
  co_return range(question.first, std::min(question.count, most_fetched));
}

Task<Result<AuditReceipt>> AuditTrail::countersign(NodeId from, CountersignHead question) {
  const AuditHead& head = question.head;
  if (head.node != from || !head.is_good())
    co_return Error{ErrorCode::malformed, "not the head of the asker's trail"};
  std::vector<AuditReceipt>& seen = seen_[index(from)];
  for (const AuditReceipt& one : seen) {
    const bool clashes = one.seen.records > head.records
                             ? one.seen.at < head.at
                             : one.seen.records == head.records && one.seen.head != head.head;
    if (!clashes) continue;
    node_.probe().count("audit trails found rewritten", node_.id(), 1);
    node_.probe().event(node_.now(), node_.id(), "audit trail",
                        "node " + std::to_string(index(from)) + " has cut or rewritten its own");
    co_return Error{ErrorCode::conflict, "this trail was longer, or another, before"};
  }
  AuditReceipt receipt{.seen = head, .witness = node_.id()};
  receipt.sign(keys_.signing);
  const bool is_new = seen.empty() || seen.back().seen.records < head.records;
  if (!is_new) co_return receipt;
  seen.push_back(receipt);
  const bool forgets = seen.size() > settings_.most_receipts;
  // Every second of the older half stays: far back it need not be so fine.
  if (forgets)
    for (std::size_t i = 1; i < seen.size() / 2; ++i)
      seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(i));
  Result<Done> kept = Done{};
  if (forgets) {
    std::vector<Blob> all;
    for (const auto& [node, receipts] : seen_)
      for (const AuditReceipt& one : receipts) all.push_back(encoded(one));
    kept = witness_journal_.rewrite(all);
  } else {
    kept = witness_journal_.append(encoded(receipt));
    if (kept) kept = witness_journal_.sync();
  }
  if (!kept) co_return kept.error();
  co_await node_.disk_done();
  co_return receipt;
}

Task<Result<std::vector<AuditReceipt>>> AuditTrail::answer_receipts(NodeId,
                                                                    FetchReceipts question) {
  const auto found = seen_.find(index(question.of));
  if (found == seen_.end()) co_return std::vector<AuditReceipt>{};
  co_return found->second;
}

Task<> AuditTrail::ask_for_receipts() {
  while (true) {
    co_await node_.sleep(settings_.every);
    const AuditHead now = head();
    for (const NodeId witness : settings_.witnesses)
      if (witness != node_.id()) node_.spawn(ask_one_witness(witness, now));
  }
}

Task<> AuditTrail::ask_one_witness(NodeId witness, AuditHead head) {
  const CountersignHead question{head};
  Task<Result<AuditReceipt>> asked =
      ask(node_, witness, Port::sharing, question, settings_.timeout);
  const Result<AuditReceipt> receipt = co_await std::move(asked);
  const bool good = receipt && receipt->seen == head && receipt->is_good();
  node_.probe().count(good ? "audit heads countersigned" : "audit heads not countersigned",
                      node_.id(), 1);
}

Task<Result<AuditRange>> AuditTrail::fetch(NodeId of) {
  AuditRange whole;
  while (true) {
    const FetchAudit question{whole.records.size(), most_fetched};
    Task<Result<AuditRange>> asked = ask(node_, of, Port::sharing, question, settings_.timeout);
    Result<AuditRange> part = co_await std::move(asked);
    if (!part) co_return part.error();
    if (part->first != whole.records.size())
      co_return Error{ErrorCode::conflict, "the trail has become shorter meanwhile"};
    if (whole.records.empty()) whole.before = part->before;
    std::ranges::move(part->records, std::back_inserter(whole.records));
    whole.end = part->end;
    if (part->records.empty() || whole.records.size() >= whole.end.records) co_return whole;
  }
}

Task<Result<AuditFinding>> AuditTrail::verify(NodeId of, PublicKey key,
                                              std::vector<NodeId> witnesses,
                                              std::vector<PublicKey> trusted) {
  // First the receipts: a trail may only have grown since.
  const FetchReceipts question{of};
  auto everyone = [count = witnesses.size()](const Answers<std::vector<AuditReceipt>>& answers) {
    return answers.good.size() + answers.bad.size() == count;
  };
  Task<Answers<std::vector<AuditReceipt>>> asking =
      ask_all(node_, Port::sharing, witnesses, question, settings_.timeout, std::move(everyone));
  const Answers<std::vector<AuditReceipt>> answers = co_await std::move(asking);
  std::vector<AuditReceipt> receipts;
  for (const auto& [node, some] : answers.good)
    receipts.insert(receipts.end(), some.begin(), some.end());
  Task<Result<AuditRange>> fetching = fetch(of);
  const Result<AuditRange> range = co_await std::move(fetching);
  if (!range) co_return range.error();
  if (range->end.node != of) co_return Error{ErrorCode::conflict, "the trail of another node"};
  co_return verify_audit(*range, key, receipts, trusted);
}

}  // namespace evenkeel
