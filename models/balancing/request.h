// What travels between devices, balancers and servers: a request, its answer, a server's report.
#pragma once

#include <optional>
#include <span>

#include "models/balancing/policy.h"
#include "models/runtime/payload.h"
#include "models/runtime/probe.h"

namespace evenkeel {

/// A request on its way to a server. On the wire it is as long as the class's `input`: what the
/// fields do not fill is padding.
struct Request {
  std::uint32_t request_class = 0;
  double work = 0;  // operations
  std::uint64_t key = 0;
  std::uint64_t output_bytes = 0;  // of the answer
  bool wants_report = false;
  std::span<const std::byte> body = {};  // what to compute on, if that matters; whose it is stays
};

/// How a request ended, as the server, or a balancer between, tells it.
struct Answer {
  RequestEnd end = RequestEnd::completed;
  NodeId server{};
  std::uint8_t copies = 1;
  Duration decision{};  // spent by balancers on the way
  Time arrived{};       // at the server, by its clock
  Duration queue{};
  Duration compute{};
  std::optional<Report> report = {};
  std::span<const std::byte> body = {};  // what was computed; valid as long as what was decoded
};

/// `size` is the whole message's length, call header included; never less than the fields need.
Payload encode(const Request& request, std::uint64_t size);
Payload encode(const Answer& answer, std::uint64_t size);
Payload encode(const Report& report);

/// Nothing if the bytes are malformed.
std::optional<Request> decode_request(const Payload& payload);
std::optional<Answer> decode_answer(const Payload& payload);
std::optional<Report> decode_report(const Payload& payload);

/// What a server tells a balancer unasked, on Port::notices.
struct Notice {
  enum class Kind : std::uint8_t { bulletin, idle, busy };
  Kind kind = Kind::bulletin;
  std::uint32_t seat = 0;  // idle, busy: which balancer of the node
  Report report{};
};

Payload encode(const Notice& notice);
std::optional<Notice> decode_notice(const Payload& payload);

/// A balancer of a run: several may sit at one node, as the devices of a site do.
struct BalancerAddress {
  NodeId node{};
  std::uint32_t seat = 0;
  friend bool operator==(const BalancerAddress&, const BalancerAddress&) = default;
};

}  // namespace evenkeel
