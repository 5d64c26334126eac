#include "models/access/watchers.h"

#include <algorithm>

#include "models/access/granted_rows.h"

namespace evenkeel {
namespace {

constexpr std::size_t rows_a_message = 200;

}  // namespace

void Watchers::forget_expired() {
  const Time now = node_.now();
  std::erase_if(outboxes_,
                [&](const auto& one) { return one.second.expires <= now && !one.second.running; });
}

Result<bool> Watchers::subscribe(NodeId client, const Subscribe& wanted,
                                 StandingLeaves::Leave leave) {
  if (wanted.watch == 0 || wanted.lease <= Duration{} || wanted.partitions.size() > partitions)
    return Error{ErrorCode::malformed, "a watch without a number, a lease or partitions"};
  const Time now = node_.now();
  const Time expires = time_after(now, std::min(wanted.lease, settings_.longest_lease));
  const auto found = outboxes_.find({client, wanted.watch});
  const bool known = found != outboxes_.end() && found->second.expires > now;
  if (!known && found == outboxes_.end()) {
    forget_expired();
    if (outboxes_.size() >= settings_.most_watchers)
      return Error{ErrorCode::full, "this node has " + std::to_string(settings_.most_watchers) +
                                        " watchers already; watch another replica"};
  }
  Outbox& outbox = outboxes_[{client, wanted.watch}];
  std::bitset<partitions> asked;
  for (const Partition partition : wanted.partitions) asked.set(partition);
  const bool same = known && outbox.table == wanted.table && outbox.prefix == wanted.prefix &&
                    (asked & ~outbox.of).none();
  if (!same) outbox.waiting.clear();
  outbox.table = wanted.table;
  outbox.prefix = wanted.prefix;
  outbox.of = asked;
  outbox.expires = expires;
  outbox.leave = std::move(leave);
  return same;
}

Duration Watchers::remember(NodeId client, std::string_view table, const RowKey& at) {
  const Time now = node_.now();
  if (cached_.size() >= settings_.most_cached) {
    for (auto one = cached_.begin(); one != cached_.end();) {
      std::erase_if(one->second,
                    [&](const auto& client_and_end) { return client_and_end.second <= now; });
      one = one->second.empty() ? cached_.erase(one) : std::next(one);
    }
    if (cached_.size() >= settings_.most_cached) return {};
  }
  cached_[{std::string{table}, at}][client] = now + settings_.cache_lease;
  return settings_.cache_lease;
}

void Watchers::changed(const TableSchema& table, const StoredRow& row) {
  const Time now = node_.now();
  for (auto& [client, outbox] : outboxes_) {
    const bool wants = client.second != 0 && outbox.expires > now && outbox.table == table.name &&
                       outbox.of.test(row.at.partition) && row.at.key.starts_with(outbox.prefix);
    if (!wants) continue;
    StoredRow told = row;
    if (outbox.leave && !show_row(*outbox.leave, table, told)) continue;
    push(client, outbox, table.name, std::move(told));
  }
  const auto caches = cached_.find({table.name, row.at});
  if (caches == cached_.end()) return;
  for (const auto& [client, until] : caches->second) {
    if (until <= now) continue;
    Outbox& outbox = outboxes_[{client, 0}];
    outbox.expires = std::max(outbox.expires, until);
    StoredRow told{.at = row.at, .version = row.version};
    push({client, 0}, outbox, table.name, std::move(told));
  }
  cached_.erase(caches);
}

void Watchers::push(const ClientId& client, Outbox& outbox, const std::string& table,
                    StoredRow row) {
  if (outbox.waiting.size() >= settings_.most_waiting) {
    // What is lost the client learns when it prolongs the watch: it is not known any more.
    outbox.expires = {};
    outbox.waiting.clear();
    return;
  }
  outbox.waiting.emplace_back(table, std::move(row));
  if (outbox.running) return;
  outbox.running = true;
  node_.spawn(tell(client));
}

Task<Result<Done>> Watchers::serve(StandingLeaves::Leave leave, AnswerSize size) {
  if (!leave || !leave->serve) co_return Done{};
  Task<Result<Done>> serving = leave->serve(size);
  const Result<Done> served = co_await std::move(serving);
  co_return served;
}

void Watchers::end(const ClientId& client) {
  const auto found = outboxes_.find(client);
  if (found == outboxes_.end()) return;
  found->second.expires = {};
  found->second.running = false;
  found->second.waiting.clear();
}

// In order, each until it is answered or the lease is over.
Task<> Watchers::tell(ClientId client) {
  for (;;) {
    auto found = outboxes_.find(client);
    if (found == outboxes_.end()) co_return;
    if (found->second.waiting.empty() || found->second.expires <= node_.now()) {
      found->second.running = false;
      found->second.waiting.clear();
      if (client.second == 0) outboxes_.erase(found);
      co_return;
    }
    RowsChanged changes{.watch = client.second, .table = found->second.waiting.front().first};
    std::size_t bytes = 0;
    for (const auto& [table, row] : found->second.waiting) {
      if (table != changes.table || changes.rows.size() >= rows_a_message ||
          bytes >= most_bytes_a_message)
        break;
      bytes += encoded_size(row);
      changes.rows.push_back(row);
    }
    const std::size_t told = changes.rows.size();
    StandingLeaves::Leave leave = found->second.leave;
    Task<Result<Done>> serving = serve(std::move(leave), {bytes, told});
    const Result<Done> served = co_await std::move(serving);
    if (!served) {
      end(client);
      co_return;
    }
    Task<Result<Done>> asking = ask(node_, client.first, Port::watches, changes, settings_.timeout);
    const Result<Done> heard = co_await std::move(asking);
    found = outboxes_.find(client);
    if (found == outboxes_.end()) co_return;
    Outbox& outbox = found->second;
    const bool unwanted = !heard && heard.error().code != ErrorCode::timeout;
    if (unwanted) outbox.expires = {};
    // Meanwhile it may have been cleared, because the client began anew.
    const auto first = outbox.waiting.begin();
    const bool still = outbox.waiting.size() >= told && first->second == changes.rows.front();
    if (heard && still) {
      outbox.waiting.erase(first, first + static_cast<std::ptrdiff_t>(told));
    } else if (!heard && !unwanted) {
      co_await node_.sleep(settings_.retry);
    }
  }
}

}  // namespace evenkeel
