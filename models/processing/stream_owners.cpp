#include "models/processing/stream_owners.h"

namespace evenkeel {
namespace {

/// job, node, epoch, alone.
Result<StreamOwner> owner_of(const std::optional<Row>& row) {
  if (!row) return StreamOwner{};
  const auto number = [&](std::size_t column) {
    return row->size() == 4 ? std::get_if<std::int64_t>(&(*row)[column]) : nullptr;
  };
  const auto* node = number(1);
  const auto* epoch = number(2);
  const auto* alone = number(3);
  if (node == nullptr || epoch == nullptr || alone == nullptr || *epoch < 1 || *node < 0)
    return Error{ErrorCode::malformed, "the row of a stream job's owner makes no sense"};
  return StreamOwner{NodeId{static_cast<std::uint32_t>(*node)}, static_cast<std::uint64_t>(*epoch),
                     *alone != 0};
}

Row key_of(const std::string& job) {
  Row key;
  key.emplace_back(job);
  return key;
}

}  // namespace

TableSchema StreamOwners::table() {
  return {.name = "stream_owners",
          .columns = {{"job", ColumnType::text},
                      {"node", ColumnType::integer},
                      {"epoch", ColumnType::integer},
                      {"alone", ColumnType::integer}},
          .kind = TableKind::cas};
}

Task<Result<std::uint64_t>> StreamOwners::claim(std::string job) {
  const NodeId us = records_.node().id();
  NextOwner ours = [us](const StreamOwner& owner) {
    return StreamOwner{us, owner.epoch + 1, true};
  };
  return change(std::move(job), std::nullopt, std::move(ours));
}

Task<Result<std::uint64_t>> StreamOwners::claim_after(std::string job, StreamOwner known,
                                                      bool alone) {
  const NodeId us = records_.node().id();
  NextOwner ours = [us, alone](const StreamOwner& owner) {
    return StreamOwner{us, owner.epoch + 1, alone};
  };
  return change(std::move(job), known, std::move(ours));
}

Task<Result<std::uint64_t>> StreamOwners::accompany(std::string job, StreamOwner known) {
  NextOwner with = [](const StreamOwner& owner) {
    return StreamOwner{owner.node, owner.epoch, false};
  };
  return change(std::move(job), known, std::move(with));
}

Task<Result<std::uint64_t>> StreamOwners::change(std::string job, std::optional<StreamOwner> known,
                                                 NextOwner next_owner) {
  Records::Next next = [job, known,
                        next_owner](const std::optional<Row>& row) -> Result<std::optional<Row>> {
    const Result<StreamOwner> owner = owner_of(row);
    if (!owner) return owner.error();
    if (known && *owner != *known)
      return Error{ErrorCode::conflict, "'" + job + "' was claimed meanwhile"};
    const StreamOwner after = next_owner(*owner);
    Row ours = key_of(job);
    ours.emplace_back(static_cast<std::int64_t>(index(after.node)));
    ours.emplace_back(static_cast<std::int64_t>(after.epoch));
    ours.emplace_back(std::int64_t{after.alone});
    return std::optional<Row>{std::move(ours)};
  };
  TableSchema schema = table();
  Row key = key_of(job);
  Task<Result<std::optional<Row>>> changing =
      records_.change(std::move(schema), std::move(key), std::move(next));
  const Result<std::optional<Row>> row = co_await std::move(changing);
  if (!row) co_return row.error();
  const Result<StreamOwner> owner = owner_of(*row);
  if (!owner) co_return owner.error();
  co_return owner->epoch;
}

Task<Result<StreamOwner>> StreamOwners::find(std::string job) {
  // A change to what it is already: reads of such rows go through the same rounds.
  Records::Next next = [](const std::optional<Row>& row) -> Result<std::optional<Row>> {
    return row;
  };
  TableSchema schema = table();
  Row key = key_of(job);
  Task<Result<std::optional<Row>>> changing =
      records_.change(std::move(schema), std::move(key), std::move(next));
  const Result<std::optional<Row>> row = co_await std::move(changing);
  if (!row) co_return row.error();
  co_return owner_of(*row);
}

}  // namespace evenkeel
