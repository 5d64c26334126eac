#include "sim/metrics/probe_log.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "models/runtime/check.h"

namespace evenkeel {

void ProbeLog::add(Time at, Kind kind, std::size_t place) {
  EVENKEEL_CHECK(entries_.size() < most_entries, "a node observed more than a log can hold");
  entries_.push_back({at, kind, static_cast<std::uint32_t>(place)});
}

void ProbeLog::request_sent(std::uint32_t request_class, std::uint32_t site, Time at) {
  add(at, Kind::sent, sent_.size());
  sent_.push_back({request_class, site});
}

void ProbeLog::request_ended(const RequestRecord& record) {
  add(record.ended, Kind::ended, ended_.size());
  ended_.push_back(record);
}

void ProbeLog::level_changed(Level level, NodeId node, Time at, double change) {
  add(at, Kind::level, levels_.size());
  levels_.push_back({level, node, change});
}

void ProbeLog::count(std::string_view name, NodeId node, double amount) {
  counts_[{std::string{name}, node}] += amount;
}

void ProbeLog::event(Time at, NodeId node, std::string_view kind, std::string_view detail) {
  add(at, Kind::event, events_.size());
  events_.push_back({node, std::string{kind}, std::string{detail}});
}

void ProbeLog::tell(const Entry& entry, Probe& probe) const {
  switch (entry.kind) {
    case Kind::sent: {
      const Sent& sent = sent_[entry.place];
      return probe.request_sent(sent.request_class, sent.site, entry.at);
    }
    case Kind::ended:
      return probe.request_ended(ended_[entry.place]);
    case Kind::level: {
      const LevelChange& change = levels_[entry.place];
      return probe.level_changed(change.level, change.node, entry.at, change.change);
    }
    case Kind::event: {
      const Event& event = events_[entry.place];
      return probe.event(entry.at, event.node, event.kind, event.detail);
    }
  }
}

void replay(std::span<const ProbeLog> logs, Probe& probe) {
  struct Told {
    const ProbeLog* log;
    const ProbeLog::Entry* entry;
  };
  std::vector<Told> all;
  for (const ProbeLog& log : logs)
    for (const ProbeLog::Entry& entry : log.entries_) all.push_back({&log, &entry});
  std::ranges::stable_sort(all, {}, [](const Told& told) { return told.entry->at; });
  for (const Told& told : all) told.log->tell(*told.entry, probe);
  for (const ProbeLog& log : logs)
    for (const auto& [key, amount] : log.counts_) probe.count(key.first, key.second, amount);
}

namespace {

// Between processes of one program on machines of one kind: plain copies, lengths first.
class Packer {
 public:
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(const std::string& text) {
    put(text.size());
    bytes += text;
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(values.size());
    for (const T& value : values) put(value);
  }

  std::string bytes;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  template <class T>
  T get() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    if (left_.size() < sizeof value) {
      fail();
      return value;
    }
    std::memcpy(&value, left_.data(), sizeof value);
    left_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = get<std::size_t>();
    if (size > left_.size()) {
      fail();
      return {};
    }
    std::string text{left_.substr(0, size)};
    left_.remove_prefix(size);
    return text;
  }
  /// How many follow, each of at least one byte.
  std::size_t size() {
    const auto size = get<std::size_t>();
    if (size > left_.size()) fail();
    return ok_ ? size : 0;
  }
  template <class T>
  void get(std::vector<T>& values) {
    for (std::size_t left = size(); left > 0 && ok_; --left) values.push_back(get<T>());
  }
  void fail() {
    ok_ = false;
    left_ = {};
  }
  bool done() const { return ok_ && left_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view left_;
  bool ok_ = true;
};

}  // namespace

namespace {

// Sums of what is smaller than that do not overflow.
constexpr Time longest_time = std::chrono::hours{24 * 366 * 50};

bool makes_sense(const RequestRecord& record, std::size_t nodes) {
  const Duration phases[] = {record.decision, record.network, record.queue, record.compute,
                             record.reply};
  if (record.sent < Time{} || record.ended < record.sent || record.ended > longest_time ||
      record.end > RequestEnd::timed_out)
    return false;
  if (record.end != RequestEnd::completed) return true;
  Duration sum{};
  for (const Duration phase : phases) {
    if (phase < -longest_time || phase > longest_time) return false;
    sum += phase;
  }
  return sum == record.latency() && index(record.server) < nodes;
}

}  // namespace

bool ProbeLog::fits(std::size_t classes, std::size_t sites, std::size_t nodes) const {
  std::map<std::tuple<std::uint32_t, std::uint32_t, Time>, std::int64_t> under_way;
  Time before{};
  for (const Entry& entry : entries_) {
    if (entry.at < std::exchange(before, entry.at)) return false;
    if (entry.kind == Kind::sent) {
      const Sent& sent = sent_[entry.place];
      if (sent.request_class >= classes || sent.site >= sites) return false;
      ++under_way[{sent.request_class, sent.site, entry.at}];
    } else if (entry.kind == Kind::ended) {
      const RequestRecord& record = ended_[entry.place];
      const auto sent = under_way.find({record.request_class, record.site, record.sent});
      if (sent == under_way.end() || record.ended != entry.at || !makes_sense(record, nodes))
        return false;
      if (--sent->second == 0) under_way.erase(sent);
    } else if (entry.kind == Kind::level) {
      const LevelChange& change = levels_[entry.place];
      if (index(change.node) >= nodes || change.level > Level::queue ||
          !std::isfinite(change.change))
        return false;
    }
  }
  return std::ranges::all_of(counts_, [nodes](const auto& count) {
    return index(count.first.second) < nodes && std::isfinite(count.second);
  });
}

std::string ProbeLog::to_bytes() const {
  Packer packer;
  packer.put(entries_);
  packer.put(sent_);
  packer.put(ended_);
  packer.put(levels_);
  packer.put(events_.size());
  for (const Event& event : events_) {
    packer.put(event.node);
    packer.put(event.kind);
    packer.put(event.detail);
  }
  packer.put(counts_.size());
  for (const auto& [key, amount] : counts_) {
    packer.put(key.first);
    packer.put(key.second);
    packer.put(amount);
  }
  return std::move(packer.bytes);
}

std::optional<ProbeLog> ProbeLog::from_bytes(std::string_view bytes) {
  Unpacker unpacker{bytes};
  ProbeLog log;
  unpacker.get(log.entries_);
  unpacker.get(log.sent_);
  unpacker.get(log.ended_);
  unpacker.get(log.levels_);
  for (std::size_t left = unpacker.size(); left > 0 && unpacker.ok(); --left) {
    Event event{.node = unpacker.get<NodeId>(), .kind = unpacker.text(), .detail = {}};
    event.detail = unpacker.text();
    log.events_.push_back(std::move(event));
  }
  for (std::size_t left = unpacker.size(); left > 0 && unpacker.ok(); --left) {
    std::string name = unpacker.text();
    const auto node = unpacker.get<NodeId>();
    const auto amount = unpacker.get<double>();
    if (!log.counts_.try_emplace({std::move(name), node}, amount).second) unpacker.fail();
  }
  if (!unpacker.done()) return std::nullopt;
  for (const Entry& entry : log.entries_) {
    const std::size_t sizes[] = {log.sent_.size(), log.ended_.size(), log.levels_.size(),
                                 log.events_.size()};
    const auto kind = static_cast<std::size_t>(entry.kind);
    if (kind >= std::size(sizes) || entry.place >= sizes[kind]) return std::nullopt;
  }
  return log;
}

}  // namespace evenkeel
