#include "models/balancing/request.h"

#include <cmath>

#include "models/runtime/wire.h"

namespace evenkeel {
namespace {

void pad(Payload& payload, std::uint64_t size, std::uint64_t overhead) {
  const std::uint64_t used = payload.bytes.size() + overhead;
  payload.padding = size > used ? size - used : 0;
}

void put(Writer& writer, const Report& report) {
  writer.put(report.load).put(report.service.count()).put(report.latency.count());
}

void put_body(Payload& payload, std::span<const std::byte> body) {
  if (body.empty()) return;
  Writer{payload.bytes}.put(static_cast<std::uint32_t>(body.size()));
  payload.bytes.insert(payload.bytes.end(), body.begin(), body.end());
}

std::span<const std::byte> get_body(Reader& reader) {
  if (reader.left() == 0) return {};
  const auto size = reader.get<std::uint32_t>();
  const std::byte* bytes = reader.take(size);
  return bytes == nullptr ? std::span<const std::byte>{} : std::span{bytes, size};
}

Report get_report(Reader& reader) {
  Report report;
  report.load = reader.get<double>();
  report.service = Duration{reader.get<std::int64_t>()};
  report.latency = Duration{reader.get<std::int64_t>()};
  if (!std::isfinite(report.load) || report.service < Duration{} || report.latency < Duration{})
    reader.fail();
  return report;
}

}  // namespace

Payload encode(const Request& request, std::uint64_t size) {
  Payload payload;
  Writer{payload.bytes}
      .put(request.request_class)
      .put(request.work)
      .put(request.key)
      .put(request.output_bytes)
      .put(request.wants_report);
  put_body(payload, request.body);
  pad(payload, size, request_overhead);
  return payload;
}

std::optional<Request> decode_request(const Payload& payload) {
  Reader reader{payload.bytes};
  Request request;
  request.request_class = reader.get<std::uint32_t>();
  request.work = reader.get<double>();
  request.key = reader.get<std::uint64_t>();
  request.output_bytes = reader.get<std::uint64_t>();
  request.wants_report = reader.get<bool>();
  request.body = get_body(reader);
  const bool sane = std::isfinite(request.work) && request.work >= 0;
  return reader.done() && sane ? std::optional{request} : std::nullopt;
}

Payload encode(const Answer& answer, std::uint64_t size) {
  Payload payload;
  Writer writer{payload.bytes};
  writer.put(answer.end)
      .put(answer.server)
      .put(answer.copies)
      .put(answer.decision.count())
      .put(answer.arrived.count())
      .put(answer.queue.count())
      .put(answer.compute.count())
      .put(answer.report.has_value());
  if (answer.report) put(writer, *answer.report);
  put_body(payload, answer.body);
  pad(payload, size, answer_overhead);
  return payload;
}

std::optional<Answer> decode_answer(const Payload& payload) {
  Reader reader{payload.bytes};
  Answer answer;
  answer.end = reader.get<RequestEnd>();
  answer.server = reader.get<NodeId>();
  answer.copies = reader.get<std::uint8_t>();
  answer.decision = Duration{reader.get<std::int64_t>()};
  answer.arrived = Time{reader.get<std::int64_t>()};
  answer.queue = Duration{reader.get<std::int64_t>()};
  answer.compute = Duration{reader.get<std::int64_t>()};
  if (reader.get<bool>()) answer.report = get_report(reader);
  answer.body = get_body(reader);
  const bool sane = answer.end <= RequestEnd::timed_out && answer.decision >= Duration{} &&
                    answer.queue >= Duration{} && answer.compute >= Duration{};
  return reader.done() && sane ? std::optional{answer} : std::nullopt;
}

Payload encode(const Report& report) {
  Payload payload;
  Writer writer{payload.bytes};
  put(writer, report);
  return payload;
}

std::optional<Report> decode_report(const Payload& payload) {
  Reader reader{payload.bytes};
  const Report report = get_report(reader);
  return reader.done() ? std::optional{report} : std::nullopt;
}

Payload encode(const Notice& notice) {
  Payload payload;
  Writer writer{payload.bytes};
  writer.put(notice.kind).put(notice.seat);
  put(writer, notice.report);
  return payload;
}

std::optional<Notice> decode_notice(const Payload& payload) {
  Reader reader{payload.bytes};
  Notice notice;
  notice.kind = reader.get<Notice::Kind>();
  notice.seat = reader.get<std::uint32_t>();
  notice.report = get_report(reader);
  return reader.done() && notice.kind <= Notice::Kind::busy ? std::optional{notice} : std::nullopt;
}

}  // namespace evenkeel
