#include "sim/actions/action_client.h"

namespace evenkeel {
namespace {

bool is_late(ErrorCode code) {
  return code == ErrorCode::timeout || code == ErrorCode::no_quorum ||
         code == ErrorCode::unreachable;
}

}  // namespace

void ActionClient::submit(const Issue& issue) {
  const Trace::Scope scope{Trace::cause_of(issue.number)};
  const Time sent = node_.now();
  node_.probe().request_sent(issue.request_class, site_, sent);
  if (node_.is_up()) {
    node_.spawn(run(issue, sent));
  } else {
    record(issue, sent, sent, RequestEnd::dropped, {});
  }
}

Task<> ActionClient::run(Issue issue, Time sent) {
  const ClientSettings::Access& access = settings_.populations[issue.population];
  const Duration uplink = access.time_of(issue.input_bytes);
  if (uplink > Duration{}) co_await node_.sleep(uplink, "access link");
  const Time began = node_.now();
  const Duration downlink = access.time_of(issue.output_bytes);
  const Duration deadline = settings_.classes[issue.request_class].deadline;
  Answer phases;
  Task<Result<Done>> doing = actions_[issue.request_class]->run(
      {.node = node_,
       .clients = clients_,
       .setting = setting_,
       .issue = issue,
       .request_class = settings_.classes[issue.request_class],
       .time_left = deadline == never ? never : sent + deadline - began - downlink,
       .phases = &phases});
  const Result<Done> done = co_await std::move(doing);
  if (!done) {
    const ErrorCode code = done.error().code;
    node_.probe().count("failed: " + std::string{to_string(code)}, node_.id(), 1);
    record(issue, sent, began, is_late(code) ? RequestEnd::timed_out : RequestEnd::dropped, {});
    co_return;
  }
  if (downlink > Duration{}) co_await node_.sleep(downlink, "access link");
  record(issue, sent, began, RequestEnd::completed, phases);
}

// What the modules took is their answer's time: their parts lie on many nodes at once. Where one
// server answered, its phases are known.
void ActionClient::record(const Issue& issue, Time sent, Time began, RequestEnd end,
                          const Answer& phases) {
  RequestRecord record{.number = issue.number,
                       .request_class = issue.request_class,
                       .site = site_,
                       .server = node_.id(),
                       .end = end,
                       .sent = sent,
                       .ended = node_.now()};
  if (end == RequestEnd::completed) {
    if (phases.arrived > Time{}) {
      record.server = phases.server;
      record.copies = phases.copies;
      record.decision = phases.decision;
      record.network = phases.arrived - sent - phases.decision;
      record.queue = phases.queue;
      record.compute = phases.compute;
      record.reply = record.ended - phases.arrived - phases.queue - phases.compute;
    } else {
      record.network = began - sent;
      record.reply = record.ended - began;
    }
    record.deadline_missed = record.latency() > settings_.classes[issue.request_class].deadline;
  }
  node_.probe().request_ended(record);
  if (settings_.on_end) settings_.on_end(issue, record.ended);
}

}  // namespace evenkeel
