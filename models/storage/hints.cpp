#include "models/storage/hints.h"

#include "models/runtime/service.h"

namespace evenkeel {

void Hints::missed(NodeId replica, const TableSchema& table, const std::vector<StoredRow>& rows) {
  Queue& queue = queues_[replica];
  for (const StoredRow& row : rows) {
    const std::size_t size = encoded_size(row);
    if (queue.bytes + size > settings_.bytes) {
      node_.probe().count("hints dropped", node_.id(), 1);
      continue;
    }
    queue.hints.push_back({node_.now(), table, row, size});
    queue.bytes += size;
  }
  if (queue.running || queue.hints.empty()) return;
  queue.running = true;
  node_.spawn(replay(replica));
}

std::size_t Hints::waiting(NodeId replica) const {
  const auto found = queues_.find(replica);
  return found == queues_.end() ? 0 : found->second.hints.size();
}

WriteRows Hints::first_rows(const Queue& queue) const {
  WriteRows write{.table = queue.hints.front().table.name};
  for (const Hint& hint : queue.hints) {
    if (hint.table.name != write.table || write.rows.size() >= settings_.rows_an_attempt) break;
    write.rows.push_back(hint.row);
  }
  return write;
}

void Hints::drop(Queue& queue, std::size_t rows) {
  for (; rows > 0; --rows) {
    queue.bytes -= queue.hints.front().size;
    queue.hints.pop_front();
  }
}

Task<> Hints::replay(NodeId replica) {
  Queue& queue = queues_[replica];
  while (!queue.hints.empty()) {
    co_await node_.sleep(settings_.retry);
    while (!queue.hints.empty() && node_.now() - queue.hints.front().since > settings_.window)
      drop(queue, 1);
    if (queue.hints.empty()) break;
    const DefineTable define{queue.hints.front().table};
    Task<Result<Done>> defining = ask(node_, replica, Port::records, define, settings_.timeout);
    const Result<Done> defined = co_await std::move(defining);
    if (!defined) continue;
    const WriteRows write = first_rows(queue);
    Task<Result<Done>> writing = ask(node_, replica, Port::records, write, settings_.timeout);
    const Result<Done> written = co_await std::move(writing);
    if (!written) continue;
    drop(queue, write.rows.size());
    node_.probe().count("hints replayed", node_.id(), static_cast<double>(write.rows.size()));
  }
  queue.running = false;
}

}  // namespace evenkeel
