#include "models/balancing/client.h"

namespace evenkeel {
void Client::submit(const Issue& issue) {
  const Trace::Scope scope{Trace::cause_of(issue.number)};
  if (node_.is_up()) {
    node_.spawn(run(issue));
    return;
  }
  node_.probe().request_sent(issue.request_class, site_, node_.now());
  record(issue, node_.now(), Answer{.end = RequestEnd::dropped});
}

Task<> Client::run(Issue issue) {
  using BalancedAt = ClientSettings::BalancedAt;
  const ClientSettings::Class& its_class = settings_.classes[issue.request_class];
  const ClientSettings::Access& access = settings_.populations[issue.population];
  const Time sent = node_.now();
  node_.probe().request_sent(issue.request_class, site_, sent);
  const Request request{.request_class = issue.request_class,
                        .work = issue.work,
                        .key = issue.key,
                        .output_bytes = issue.output_bytes};
  Sending how{.input_bytes = issue.input_bytes,
              .give_up_at = its_class.timeout == never ? never : sent + its_class.timeout};
  const Duration uplink = access.time_of(issue.input_bytes);
  if (settings_.balanced_at == BalancedAt::client) {
    how.uplink = uplink;
    how.ping = 2 * access.latency;
  } else if (uplink > Duration{}) {
    co_await node_.sleep(uplink, "access link");
  }
  Answer answer;
  if (settings_.balanced_at == BalancedAt::central) {
    answer = co_await send_to_central(request, how);
  } else {
    answer = co_await balancers_->at(issue.seat, its_class.pool).dispatch(request, how);
  }
  if (answer.end == RequestEnd::completed) {
    const Duration downlink = access.time_of(issue.output_bytes);
    if (downlink > Duration{}) co_await node_.sleep(downlink, "access link");
  }
  record(issue, sent, answer);
}

Task<Answer> Client::send_to_central(Request request, Sending how) {
  const Duration limit = how.give_up_at == never ? never : how.give_up_at - node_.now();
  Call call = node_.rpc().call(central_, Port::dispatch, encode(request, how.input_bytes), limit);
  const Result<Payload> reply = co_await call;
  if (!reply) co_return Answer{.end = RequestEnd::timed_out};
  const std::optional<Answer> answer = decode_answer(*reply);
  co_return answer ? *answer : Answer{.end = RequestEnd::dropped};
}

void Client::record(const Issue& issue, Time sent, const Answer& answer) {
  RequestRecord record{.number = issue.number,
                       .request_class = issue.request_class,
                       .site = site_,
                       .server = answer.server,
                       .end = answer.end,
                       .copies = answer.copies,
                       .sent = sent,
                       .ended = node_.now(),
                       .decision = answer.decision};
  if (answer.end == RequestEnd::completed) {
    record.network = answer.arrived - sent - answer.decision;
    record.queue = answer.queue;
    record.compute = answer.compute;
    record.reply = record.ended - answer.arrived - answer.queue - answer.compute;
    record.deadline_missed = record.latency() > settings_.classes[issue.request_class].deadline;
  }
  node_.probe().request_ended(record);
  if (settings_.on_end) settings_.on_end(issue, record.ended);
}

}  // namespace evenkeel
