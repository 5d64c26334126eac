// Sends an event into a stream: to the node that takes this place's events. Acknowledged when it is
// durable there.
#include "models/processing/stream_messages.h"
#include "models/runtime/user_error.h"
#include "sim/actions/row_maker.h"
#include "sim/actions/seen_row.h"

namespace evenkeel {
namespace {

const FedStream& stream_named(const ActionSetting& setting, const std::string& name) {
  for (const FedStream& stream : setting.streams)
    if (stream.name == name && stream.table.empty()) return stream;
  throw UserError(
      "an action sends events into '" + name +
      "', which is no stream of 'processing.streams' that takes events; add it there: " + name +
      ": {events: [...], ...}");
}

class SendEvent final : public Action {
 public:
  struct Settings {
    std::string stream;
    std::string row;
    std::string age = "0";
    Duration retry{};
    Duration timeout = seconds(2);
    void describe(Fields& fields) {
      fields.text("stream", stream, {"one that takes events"});
      fields.text("row", row, {"its values: device, key, now, unique, uniform(0 1), ..."});
      fields.text("age", age, {"how many s ago it happened: uniform(0 3), ..."});
      fields.duration("retry", retry,
                      {"an event that is pushed back is sent again after this; 0: never", 0, 1e6});
      fields.duration("timeout", timeout, {"of one sending", 1e-6, 1e6});
    }
  };

  SendEvent(const Settings& settings, const ActionSetting& setting)
      : stream_(stream_named(setting, settings.stream)),
        row_(settings.row),
        age_(settings.age),
        retry_(settings.retry),
        timeout_(settings.timeout) {
    row_.check_columns(stream_.columns.columns.size(), "an event of '" + stream_.name + "'");
    age_.check_columns(1, "the age of an event");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const auto taker = call.clients.takers->find(stream_.name);
    if (taker == call.clients.takers->end())
      co_return Error{ErrorCode::unreachable, "nobody takes events of '" + stream_.name + "' here"};
    const Row row = row_.row(call);
    const Value age = age_.row(call).front();
    const auto* whole = std::get_if<std::int64_t>(&age);
    const auto* real = std::get_if<double>(&age);
    const double age_s = real != nullptr    ? *real
                         : whole != nullptr ? static_cast<double>(*whole)
                                            : 0;
    const Time at = stream_.time_of(row, call.node.wall_clock() - seconds(age_s));
    const Time limit = time_after(call.node.now(), call.request_class.timeout);
    const AppendEvent event{stream_.name, at, row};
    SeenInput seen{call, stream_, row, at};
    while (true) {
      Task<Result<std::uint64_t>> asked =
          ask(call.node, taker->second, Port::streams, event, timeout_);
      const Result<std::uint64_t> offset = co_await std::move(asked);
      if (offset) {
        seen.over(nullptr);
        co_return Done{};
      }
      // A full log took nothing. What was not answered may have been taken: to send it again would
      // count it twice.
      const ErrorCode code = offset.error().code;
      const bool is_pushed_back = code == ErrorCode::full || code == ErrorCode::overloaded;
      if (!is_pushed_back || retry_ == Duration{} || call.node.now() + retry_ >= limit) {
        const Error refused{is_pushed_back ? ErrorCode::invalid : code, offset.error().detail};
        seen.over(&refused);
        co_return offset.error();
      }
      call.node.probe().count("events sent again", call.node.id(), 1);
      co_await call.node.sleep(retry_);
    }
  }

 private:
  const FedStream stream_;
  RowMaker row_;
  RowMaker age_;
  Duration retry_;
  Duration timeout_;
};

const Registered entry{actions(), action_entry<SendEvent>("event", "sends an event into a stream")};

}  // namespace
}  // namespace evenkeel
