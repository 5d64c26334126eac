#include "sim/actions/seen_row.h"

#include <fmt/format.h>

namespace evenkeel {
namespace {

std::string text_of_value(const Value& value) {
  switch (value.index()) {
    case 0:
      return "null";
    case 1:
      return fmt::format("{}", std::get<std::int64_t>(value));
    case 2:
      return fmt::format("{}", std::get<double>(value));
    case 3:
      return std::get<std::string>(value);
    default:
      return hex(std::get<Blob>(value));
  }
}

std::string joined(std::span<const Value> values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : ", ") + text_of_value(value);
  return text;
}

std::uint32_t client_of(const Issue& issue) { return (issue.population << 24) + issue.device; }

}  // namespace

bool is_refusal(const Error& error) {
  return error.code == ErrorCode::invalid || error.code == ErrorCode::denied ||
         error.code == ErrorCode::conflict;
}

SeenInput::SeenInput(const ActionCall& call, const FedStream& stream, const Row& row, Time at)
    : witness_(call.setting.witness), stream_(stream.name) {
  if (witness_ == nullptr) return;
  for (std::string& group : witness_groups(stream.plan, row, at, stream.is_by_window()))
    places_.push_back(
        witness_->window_input(stream.name, {.group = std::move(group), .is_certain = false}));
}

void SeenInput::over(const Error* error) {
  if (witness_ == nullptr) return;
  for (const std::size_t place : places_) {
    if (error == nullptr) {
      witness_->input_acknowledged(stream_, place);
    } else if (is_refusal(*error)) {
      witness_->input_refused(stream_, place);
    }
  }
}

std::string key_text(std::span<const Value> key) { return joined(key); }
std::string row_text(const Row& row) { return joined(row); }

SeenWrite::SeenWrite(const ActionCall& call, const TableSchema& table, const Row& key,
                     const std::optional<Row>& row)
    : call_(call) {
  if (call.setting.witness == nullptr) return;
  const std::string value = row ? row_text(*row) : "";
  ticket_ = call.setting.witness->put(
      table.name, key_text(std::span{key}.first(table.key_columns)), client_of(call.issue),
      row ? Witness::Content{value} : std::nullopt, call.node.now());
  if (!row) return;
  for (const FedStream& stream : call.setting.streams)
    if (stream.table == table.name)
      inputs_.emplace_back(call, stream, *row, stream.time_of(*row, call.node.wall_clock()));
}

void SeenWrite::over(const Error* error) {
  if (call_.setting.witness == nullptr) return;
  for (SeenInput& input : inputs_) input.over(error);
  if (error == nullptr) return call_.setting.witness->acknowledged(ticket_, call_.node.now());
  if (is_refusal(*error)) call_.setting.witness->refused(ticket_);
}

SeenRead::SeenRead(const ActionCall& call, const TableSchema& table, const Row& key) : call_(call) {
  if (call.setting.witness == nullptr) return;
  ticket_ =
      call.setting.witness->get(table.name, key_text(key), client_of(call.issue), call.node.now());
}

void SeenRead::over(const std::optional<Row>& row) {
  if (call_.setting.witness == nullptr) return;
  const std::string value = row ? row_text(*row) : "";
  call_.setting.witness->got(ticket_, row ? Witness::Content{value} : std::nullopt,
                             call_.node.now());
}

SeenSwap::SeenSwap(const ActionCall& call, const TableSchema& table, const Row& row)
    : call_(call),
      space_(table.name),
      key_(key_text(std::span{row}.first(table.key_columns))),
      value_(row_text(row)),
      start_(call.node.now()) {}

SeenSwap::~SeenSwap() {
  if (is_over_ || call_.setting.witness == nullptr) return;
  call_.setting.witness->put(space_, key_, client_of(call_.issue), value_, start_);
}

void SeenSwap::over(const std::optional<Row>& before) {
  is_over_ = true;
  if (call_.setting.witness == nullptr) return;
  const std::string expected = before ? row_text(*before) : "";
  const Witness::Ticket ticket = call_.setting.witness->compare_and_set(
      space_, key_, client_of(call_.issue), before ? Witness::Content{expected} : std::nullopt,
      value_, start_);
  call_.setting.witness->acknowledged(ticket, call_.node.now());
}

void SeenSwap::failed(const Error& error) { is_over_ = is_refusal(error); }

}  // namespace evenkeel
