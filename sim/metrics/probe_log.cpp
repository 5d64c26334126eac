#include "sim/metrics/probe_log.h"

#include <algorithm>
#include <cmath>
#include <tuple>
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

namespace {

// Lists: how many, then each.
template <class T, class Put>
void put_all(Writer& writer, const T& values, Put put) {
  writer.put(std::uint64_t{values.size()});
  for (const auto& value : values) put(value);
}

template <class Get>
void get_all(Reader& reader, Get get) {
  const auto size = reader.get<std::uint64_t>();
  if (size > reader.left()) reader.fail();  // each is at least a byte
  for (std::uint64_t i = 0; i < size && reader.ok(); ++i) get();
}

Duration get_duration(Reader& reader) { return Duration{reader.get<std::int64_t>()}; }

void put(Writer& writer, const RequestRecord& record) {
  writer.put(record.number).put(record.request_class).put(record.site).put(record.server);
  writer.put(record.end).put(record.deadline_missed).put(record.copies);
  for (const Duration time : {record.sent, record.ended, record.decision, record.network,
                              record.queue, record.compute, record.reply})
    writer.put(time.count());
}

RequestRecord get_record(Reader& reader) {
  // In the order of the fields, which is that of the bytes.
  return {.number = reader.get<std::uint64_t>(),
          .request_class = reader.get<std::uint32_t>(),
          .site = reader.get<std::uint32_t>(),
          .server = reader.get<NodeId>(),
          .end = reader.get<RequestEnd>(),
          .deadline_missed = reader.get<bool>(),
          .copies = reader.get<std::uint8_t>(),
          .sent = get_duration(reader),
          .ended = get_duration(reader),
          .decision = get_duration(reader),
          .network = get_duration(reader),
          .queue = get_duration(reader),
          .compute = get_duration(reader),
          .reply = get_duration(reader)};
}

}  // namespace

void ProbeLog::write(Writer& writer) const {
  put_all(writer, entries_, [&](const Entry& entry) {
    writer.put(entry.at.count()).put(entry.kind).put(entry.place);
  });
  put_all(writer, sent_, [&](const Sent& sent) { writer.put(sent.request_class).put(sent.site); });
  put_all(writer, ended_, [&](const RequestRecord& record) { put(writer, record); });
  put_all(writer, levels_, [&](const LevelChange& change) {
    writer.put(change.level).put(change.node).put(change.change);
  });
  put_all(writer, events_,
          [&](const Event& event) { writer.put(event.node).put(event.kind).put(event.detail); });
  put_all(writer, counts_, [&](const auto& count) {
    writer.put(count.first.first).put(count.first.second).put(count.second);
  });
}

std::optional<ProbeLog> ProbeLog::read(Reader& reader) {
  ProbeLog log;
  get_all(reader, [&] {
    log.entries_.push_back({.at = get_duration(reader),
                            .kind = reader.get<Kind>(),
                            .place = reader.get<std::uint32_t>()});
  });
  get_all(reader, [&] {
    log.sent_.push_back(
        {.request_class = reader.get<std::uint32_t>(), .site = reader.get<std::uint32_t>()});
  });
  get_all(reader, [&] { log.ended_.push_back(get_record(reader)); });
  get_all(reader, [&] {
    log.levels_.push_back({.level = reader.get<Level>(),
                           .node = reader.get<NodeId>(),
                           .change = reader.get<double>()});
  });
  get_all(reader, [&] {
    log.events_.push_back(
        {.node = reader.get<NodeId>(), .kind = reader.text(), .detail = reader.text()});
  });
  get_all(reader, [&] {
    std::string name = reader.text();
    const auto node = reader.get<NodeId>();
    const auto amount = reader.get<double>();
    if (!log.counts_.try_emplace({std::move(name), node}, amount).second) reader.fail();
  });
  if (!reader.done()) return std::nullopt;
  const std::size_t sizes[] = {log.sent_.size(), log.ended_.size(), log.levels_.size(),
                               log.events_.size()};
  for (const Entry& entry : log.entries_) {
    const auto kind = static_cast<std::size_t>(entry.kind);
    if (kind >= std::size(sizes) || entry.place >= sizes[kind]) return std::nullopt;
  }
  return log;
}

std::string ProbeLog::to_bytes() const {
  Bytes bytes;
  Writer writer{bytes};
  write(writer);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<ProbeLog> ProbeLog::from_bytes(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  const Bytes bytes(data, data + text.size());
  Reader reader{bytes};
  return read(reader);
}

}  // namespace evenkeel
