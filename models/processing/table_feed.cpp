#include "models/processing/table_feed.h"

#include <algorithm>

namespace evenkeel {

TableFeed::TableFeed(Node& node, Replica& replica, const Placement& placement, EventLog& log,
                     TableSchema table, const TableFeedSettings& settings)
    : node_(node),
      replica_(replica),
      placement_(placement),
      log_(log),
      table_(std::move(table)),
      settings_(settings) {
  replica.listen([this](const TableSchema& schema, const StoredRow& row) {
    if (schema.name == table_.name && is_ours(row.at.partition)) found(row);
  });
  node.spawn(run());
}

bool TableFeed::is_ours(Partition partition) const {
  return placement_.readable().replicas[partition].front() == node_.id();
}

void TableFeed::found(const StoredRow& row) {
  if (!row.values) return;
  if (waiting_.size() < settings_.most_waiting) {
    waiting_.push_back(row);
  } else {
    was_too_much_ = true;
    next_look_ = 0;
  }
  tell_run();
}

void TableFeed::tell_run() {
  if (changed_ != nullptr) changed_->raise();
}

// Notes rows of the table until there is no room; rows that the log has already are found again,
// and refused there.
void TableFeed::look_through_table() {
  if (!replica_.store().is_open() || replica_.store().schema(table_.name) == nullptr) return;
  was_too_much_ = false;
  for (std::size_t p = next_look_; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    if (!is_ours(partition)) continue;
    Key from;
    while (true) {
      const Result<std::vector<StoredRow>> rows = replica_.store().scan(
          {.table = table_.name, .partition = partition, .from = from, .limit = 500});
      if (!rows) {
        was_too_much_ = true;
        return;
      }
      for (const StoredRow& row : *rows) {
        found(row);
        if (!was_too_much_) continue;
        next_look_ = partition;  // all of it again
        return;
      }
      if (rows->empty()) break;
      from = rows->back().at.key + '\0';
    }
  }
  next_look_ = 0;
}

Task<> TableFeed::run() {
  struct Known {
    Known(Signal*& its_place, Signal& signal) : place(its_place) { place = &signal; }
    Known(const Known&) = delete;
    ~Known() { place = nullptr; }
    Signal*& place;
  };
  Signal changed{node_.world()};
  const Known known{changed_, changed};
  while (true) {
    changed.reset();
    if (waiting_.empty() && on_their_way_ == 0 && was_too_much_) look_through_table();
    while (!waiting_.empty() && on_their_way_ < settings_.at_once) {
      ++on_their_way_;
      node_.spawn(take(std::move(waiting_.front())));
      waiting_.pop_front();
    }
    const Signal::Wait wait = changed.wait_until(node_.now() + seconds(1));
    co_await wait;
  }
}

Task<> TableFeed::take(StoredRow row) {
  co_await node_.compute(Work{settings_.work});
  const Time at = time_of(*row.values);
  while (true) {
    Blob name = name_of(row);
    Row values = *row.values;
    Task<Result<std::uint64_t>> appending =
        log_.append_once(settings_.stream, std::move(name), at, std::move(values));
    const Result<std::uint64_t> offset = co_await std::move(appending);
    if (offset || offset.error().code == ErrorCode::conflict) break;
    node_.probe().count("events pushed back", node_.id(), 1);
    co_await node_.sleep(settings_.retry);
  }
  --on_their_way_;
  tell_run();
}

Time TableFeed::time_of(const Row& row) const {
  constexpr std::int64_t furthest_ms = furthest_event_time.count() / 1'000'000;
  if (!settings_.time_column) return node_.wall_clock();
  const auto* ms = std::get_if<std::int64_t>(&row[*settings_.time_column]);
  if (ms == nullptr) return node_.wall_clock();
  return Time{std::clamp(*ms, -furthest_ms, furthest_ms) * 1'000'000};
}

}  // namespace evenkeel
