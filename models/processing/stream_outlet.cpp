#include "models/processing/stream_outlet.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

std::string plain(std::string name) {
  for (char& c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) c = '_';
  if (name.empty() || name.front() == '_' || (name.front() >= '0' && name.front() <= '9'))
    name = "c" + name;
  return name;
}

void add_column(TableSchema& table, const std::string& wanted, ColumnType type) {
  std::string name = plain(wanted);
  for (int again = 2; table.find(name) != nullptr; ++again)
    name = plain(wanted) + "_" + std::to_string(again);
  table.columns.push_back({std::move(name), type});
}

// A key has no nulls.
Value not_null(const Value& value, ColumnType type) {
  if (value.index() != 0) return value;
  switch (type) {
    case ColumnType::integer:
      return std::int64_t{0};
    case ColumnType::real:
      return 0.0;
    case ColumnType::text:
      return std::string{};
    default:
      return Blob{};
  }
}

}  // namespace

TableSchema outlet_table(const std::string& name, const StreamPlan& plan,
                         const std::vector<Column>& columns) {
  const auto column = [&](std::uint32_t i) {
    return i < columns.size() ? columns[i] : Column{"column_" + std::to_string(i)};
  };
  TableSchema table{.name = name};
  add_column(table, "owner", ColumnType::text);
  add_column(table, "window_start", ColumnType::integer);
  for (const std::uint32_t i : plan.spec.group_by)
    add_column(table, column(i).name, column(i).type);
  table.key_columns = static_cast<std::uint32_t>(table.columns.size());
  add_column(table, "window_end", ColumnType::integer);
  add_column(table, "events", ColumnType::integer);
  for (std::size_t i = 0; i < plan.aggregates.kinds().size(); ++i) {
    const std::vector<std::uint32_t>& inputs = plan.spec.aggregates[i].inputs;
    const std::string of = inputs.empty() ? "" : "_" + column(inputs.back()).name;
    for (const Column& one : plan.aggregates.kinds()[i].columns)
      add_column(table, one.name + of, one.type);
  }
  return table;
}

StreamOutlet::StreamOutlet(Node& node, StreamStore& store, StreamKeeper& keeper, Records* records,
                           std::string job, TableSchema table, std::string as,
                           const StreamOutletSettings& settings, StreamOutletWatch watch)
    : node_(node),
      store_(store),
      keeper_(keeper),
      records_(records),
      job_(std::move(job)),
      table_(std::move(table)),
      as_(std::move(as)),
      settings_(settings),
      watch_(std::move(watch)) {
  node.spawn(run());
}

Task<> StreamOutlet::run() {
  while (true) {
    co_await node_.sleep(settings_.every);
    static_cast<void>(forget_old());  // if not now, then the next time
    StreamJob* job = keeper_.running(job_);
    if (job == nullptr || records_ == nullptr) continue;
    Task<> putting = put_new(*job);
    co_await std::move(putting);
  }
}

Result<Done> StreamOutlet::forget_old() {
  if (node_.wall_clock() < settings_.keep) return Done{};
  return sql_result([&]() -> Result<Done> {
    Transaction transaction{store_.database(), Transaction::Kind::write};
    store_.forget(job_, node_.wall_clock() - settings_.keep);
    transaction.commit();
    return Done{};
  });
}

// Revisions of one window come one after another: the last one counts.
Task<> StreamOutlet::put_new(StreamJob& job) {
  if (of_ != &job) put_ = 0;
  of_ = &job;
  const std::uint64_t upto = job.final_step();
  if (upto <= put_) co_return;
  const auto outputs = sql_result([&]() -> Result<std::vector<WindowOutput>> {
    return store_.outputs_between(job_, put_, upto);
  });
  if (!outputs) co_return;
  std::vector<Row> rows;
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const WindowOutput& output = (*outputs)[i];
    const bool is_last = i + 1 == outputs->size() || (*outputs)[i + 1].group != output.group ||
                         (*outputs)[i + 1].window != output.window;
    if (!is_last) continue;
    if (output.retracted) {
      Task<Result<Done>> erasing = erase(row_of(output));
      const Result<Done> erased = co_await std::move(erasing);
      if (!erased) co_return;
      continue;
    }
    rows.push_back(row_of(output));
    if (rows.size() < settings_.at_once) continue;
    Task<Result<Done>> putting = put(std::exchange(rows, {}));
    const Result<Done> put = co_await std::move(putting);
    if (!put) co_return;
  }
  if (!rows.empty()) {
    Task<Result<Done>> putting = put(std::move(rows));
    const Result<Done> put = co_await std::move(putting);
    if (!put) co_return;
  }
  put_ = upto;
}

Task<Result<Done>> StreamOutlet::put(std::vector<Row> rows) {
  std::vector<std::uint64_t> tickets;
  if (watch_.begins)
    for (const Row& row : rows) tickets.push_back(watch_.begins(row, false));
  const auto count = static_cast<double>(rows.size());
  Task<Result<Done>> putting = records_->put_all(table_, std::move(rows));
  const Result<Done> put = co_await std::move(putting);
  if (!put) co_return put.error();
  for (const std::uint64_t ticket : tickets) watch_.is_done(ticket);
  node_.probe().count("stream rows put", node_.id(), count);
  co_return Done{};
}

Task<Result<Done>> StreamOutlet::erase(Row row) {
  const std::uint64_t ticket = watch_.begins ? watch_.begins(row, true) : 0;
  row.resize(table_.key_columns);
  Task<Result<Version>> erasing = records_->erase(table_, std::move(row));
  const Result<Version> erased = co_await std::move(erasing);
  if (!erased) co_return erased.error();
  if (watch_.is_done) watch_.is_done(ticket);
  co_return Done{};
}

Row StreamOutlet::row_of(const WindowOutput& output) const {
  Row row;
  row.emplace_back(as_);
  row.emplace_back(std::int64_t{output.window.start.count() / ns_per_ms});
  const Row group = decoded<Row>(output.group).value_or(Row{});
  for (std::size_t i = 0; row.size() < table_.key_columns; ++i)
    row.push_back(not_null(i < group.size() ? group[i] : Value{}, table_.columns[row.size()].type));
  row.emplace_back(std::int64_t{output.window.end.count() / ns_per_ms});
  row.emplace_back(static_cast<std::int64_t>(output.rows));
  for (const Value& value : output.values) row.push_back(value);
  row.resize(table_.columns.size());
  return row;
}

}  // namespace evenkeel
