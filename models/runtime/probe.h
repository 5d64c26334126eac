// What a module may tell the result file: finished requests, counts, samples and events.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/runtime/node_id.h"
#include "models/runtime/time.h"

namespace evenkeel {

enum class RequestEnd : std::uint8_t { completed, dropped, timed_out };

/// One request that ended, with its phases. The phases add up to the latency:
/// decision + network + queue + compute + reply = ended - sent.
struct RequestRecord {
  std::uint64_t number = 0;  // in order of arrival over the whole run, from 0
  std::uint32_t request_class = 0;
  std::uint32_t site = 0;  // where the device was
  NodeId server{};         // who answered; meaningless unless completed
  RequestEnd end = RequestEnd::completed;
  bool deadline_missed = false;
  std::uint8_t copies = 1;  // sent to so many servers (hedging)
  Time sent{};
  Time ended{};
  Duration decision{};  // choosing the server: probes, holding back
  Duration network{};   // from the device to the server
  Duration queue{};     // waiting for a core
  Duration compute{};
  Duration reply{};  // from the server back to the device

  Duration latency() const { return ended - sent; }
};

/// Quantities that stand at a level between changes; their time averages become utilisation and
/// mean queue.
enum class Level : std::uint8_t { busy_cores, queue };

/// Where a run's observations go. Cheap enough to call for every request.
class Probe {
 public:
  virtual ~Probe() = default;
  virtual void request_sent(std::uint32_t request_class, std::uint32_t site, Time at) = 0;
  virtual void request_ended(const RequestRecord& record) = 0;
  /// A level of a node went up or down by `change` at this instant.
  virtual void level_changed(Level level, NodeId node, Time at, double change) = 0;
  /// Adds to a named count of the run: "probe messages", "steals".
  virtual void count(std::string_view name, NodeId node, double amount) = 0;
  /// Something worth a line on the time line: a fault, a repair, an ejection.
  virtual void event(Time at, NodeId node, std::string_view kind, std::string_view detail) = 0;
};

}  // namespace evenkeel
