// What one node of a run observed, kept as it came: nodes on sockets observe apart, and what they
// saw is put together afterwards as if one had seen it all.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/runtime/probe.h"
#include "models/runtime/wire.h"

namespace evenkeel {

class ProbeLog final : public Probe {
 public:
  /// More is our own bug: a run on sockets is bounded by real time.
  static constexpr std::size_t most_entries = 100'000'000;

  void request_sent(std::uint32_t request_class, std::uint32_t site, Time at) override;
  void request_ended(const RequestRecord& record) override;
  void level_changed(Level level, NodeId node, Time at, double change) override;
  void count(std::string_view name, NodeId node, double amount) override;
  void event(Time at, NodeId node, std::string_view kind, std::string_view detail) override;

  /// Whether a recorder with so many classes, sites and nodes may be told all this: what a node
  /// elsewhere says need not make sense.
  bool fits(std::size_t classes, std::size_t sites, std::size_t nodes) const;

  void write(Writer& writer) const;
  /// All that is left. Nothing if it is malformed.
  static std::optional<ProbeLog> read(Reader& reader);
  /// The same as a text of bytes.
  std::string to_bytes() const;
  static std::optional<ProbeLog> from_bytes(std::string_view text);

 private:
  friend void replay(std::span<const ProbeLog> logs, Probe& probe);

  enum class Kind : std::uint8_t { sent, ended, level, event };
  struct Entry {
    Time at{};
    Kind kind = Kind::sent;
    std::uint32_t place = 0;  // among those of its kind
  };
  struct Sent {
    std::uint32_t request_class = 0;
    std::uint32_t site = 0;
  };
  struct LevelChange {
    Level level{};
    NodeId node{};
    double change = 0;
  };
  struct Event {
    NodeId node{};
    std::string kind;
    std::string detail;
  };

  void add(Time at, Kind kind, std::size_t place);
  void tell(const Entry& entry, Probe& probe) const;

  std::vector<Entry> entries_;
  std::vector<Sent> sent_;
  std::vector<RequestRecord> ended_;
  std::vector<LevelChange> levels_;
  std::vector<Event> events_;
  std::map<std::pair<std::string, NodeId>, double> counts_;
};

/// Tells the probe all that the logs hold, in the order of time.
void replay(std::span<const ProbeLog> logs, Probe& probe);

}  // namespace evenkeel
