// The way of one request, told by a run that was repeated for it: every message, computation and
// wait that it caused, on whichever node, and what came of its multi-party computations.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/runtime/probe.h"
#include "models/runtime/trace.h"

namespace evenkeel {

struct RequestTrace {
  std::uint64_t number = 0;
  std::uint64_t seed = 0;
  std::string request_class = {};
  std::string site = {};
  Time sent{};
  std::optional<RequestRecord> record = {};  // nothing: it was under way when the run ended
  Time followed_until{};                     // what it caused later is not told
  std::vector<std::string> nodes = {};       // a NodeId in `steps` is a place in here
  std::string server = {};                   // who answered; empty if nobody
  std::vector<TraceStep> steps = {};         // in the order in which they were told
  std::uint64_t left_off = 0;                // steps beyond Trace::most_steps
};

/// How long something of that kind took: "1.2 ms"; "never came" or "given up" where it has no end;
/// nothing of a note.
std::string takes_of(TraceStep::Kind kind, Time begin, Time end);
/// What became of something of that kind that has no end.
std::string_view fate_of(TraceStep::Kind kind);

/// A message's way, its sender to its receiver; else the node, and whom the step is about.
std::string place_of(const RequestTrace& trace, const TraceStep& step);
/// "computes 3.2 Mop", "requests: 1.2 kB".
std::string words_of(const RequestTrace& trace, const TraceStep& step);

/// Steps that belong together, for people: what one node sent to many at one instant, or a round of
/// a multi-party computation, is one line.
struct TraceLine {
  std::string place = {};
  std::string words = {};
  Time begin{};
  Time end = never;  // never: some of it never came, or was given up
  TraceStep::Kind kind = TraceStep::Kind::note;
  bool is_round = false;
  bool is_offline = false;
};
/// In the order in which they began. Of computations' notes, see their seats.
std::vector<TraceLine> lines_of(const RequestTrace& trace);

/// A multi-party computation that the request waited for, or caused.
struct TracedComputation {
  struct Round {
    std::uint32_t number = 0;  // how deep its messages lie in the chain
    bool is_offline = false;
    std::string step = {};  // what the protocol did, as its code names it
    Time begin{}, end{};    // from the first message's start to the last one's arrival
    std::uint64_t messages = 0;
    double bytes = 0;
  };
  struct Seat {
    NodeId node{};
    std::string roles = {};    // "computes, owns"
    std::string learned = {};  // line by line
    double sent_bytes = 0, received_bytes = 0;
    std::uint64_t messages = 0;  // sent
  };
  std::uint64_t session = 0;
  std::vector<Round> rounds = {};
  std::vector<Seat> seats = {};
};
std::vector<TracedComputation> computations_of(const RequestTrace& trace);

/// Seats that sent, got and learned the same are told together: the first of them, and whose it is,
/// as "hub 1 + 39 alike".
std::vector<std::pair<TracedComputation::Seat, std::string>> alike_seats(
    const RequestTrace& trace, const TracedComputation& computation);

/// Times in seconds, bytes, operations.
nlohmann::json to_json(const RequestTrace& trace);
/// What to_json gave. UserError if it is anything else.
RequestTrace parse_request_trace(std::string_view json);

}  // namespace evenkeel
