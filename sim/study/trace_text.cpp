#include "sim/study/trace_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/metrics/names_of.h"
#include "sim/report/format.h"
#include "sim/study/text_table.h"

namespace evenkeel {
namespace {

std::string since(const RequestTrace& trace, Time at) {
  return report::time(to_seconds(at - trace.sent));
}

std::string head(const RequestTrace& trace) {
  std::string text = fmt::format("request {} of class {}, from {}, seed {}: ", trace.number,
                                 trace.request_class, trace.site, trace.seed);
  if (!trace.record) return text + "still under way when the run ended\n";
  const RequestRecord& record = *trace.record;
  const double latency = to_seconds(record.latency());
  constexpr std::size_t width = 100;
  text += fmt::format("{} after {}{}{}", name_of(record.end), report::time(latency),
                      trace.server.empty() ? "" : ", answered by " + trace.server,
                      record.deadline_missed ? ", after its deadline" : "");
  text = wrapped(text, width) + "\n";
  const auto of = [](Duration phase) { return report::time(to_seconds(phase)); };
  if (record.end == RequestEnd::completed)
    text += fmt::format("decision {}, network {}, queue {}, compute {}, reply {}\n",
                        of(record.decision), of(record.network), of(record.queue),
                        of(record.compute), of(record.reply));
  return text;
}

std::string lines_text(const RequestTrace& trace, std::size_t most_lines) {
  TextTable table{.columns = {"where", "at", "takes", "what"}, .last_is_prose = true};
  const std::vector<TraceLine> lines = lines_of(trace);
  for (const TraceLine& line : lines) {
    if (table.rows.size() == most_lines) break;
    table.rows.push_back({line.place, since(trace, line.begin),
                          takes_of(line.kind, line.begin, line.end), line.words});
  }
  std::string text = to_text(table);
  if (lines.size() > most_lines)
    text += fmt::format("and {} lines more; every step with --json\n", lines.size() - most_lines);
  if (trace.left_off > 0) text += fmt::format("{} later steps were not recorded\n", trace.left_off);
  return text;
}

std::string computation_text(const RequestTrace& trace, const TracedComputation& computation) {
  TextTable rounds{.columns = {"round", "phase", "at", "takes", "messages", "bytes", "step"},
                   .left_aligned = 0,
                   .last_is_prose = true};
  for (const TracedComputation::Round& round : computation.rounds)
    rounds.rows.push_back({std::to_string(round.number), round.is_offline ? "offline" : "online",
                           since(trace, round.begin),
                           report::time(to_seconds(round.end - round.begin)),
                           std::to_string(round.messages), report::bytes(round.bytes), round.step});
  TextTable seats{.columns = {"node", "messages", "sent", "received", "part", "learns"},
                  .last_is_prose = true};
  for (const auto& [seat, name] : alike_seats(trace, computation))
    seats.rows.push_back({name, std::to_string(seat.messages), report::bytes(seat.sent_bytes),
                          report::bytes(seat.received_bytes), seat.roles, seat.learned});
  return to_text(rounds) + "\n" + to_text(seats);
}

}  // namespace

std::string trace_text(const RequestTrace& trace, std::size_t most_lines) {
  std::string text = head(trace);
  if (!trace.steps.empty()) text += "\n" + lines_text(trace, most_lines);
  const std::vector<TracedComputation> computations = computations_of(trace);
  for (std::size_t i = 0; i < computations.size(); ++i)
    text += fmt::format("\nmulti-party computation {} of {}\n", i + 1, computations.size()) +
            computation_text(trace, computations[i]);
  return text;
}

}  // namespace evenkeel
