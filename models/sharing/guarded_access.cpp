#include "models/sharing/guarded_access.h"

#include <algorithm>

#include "models/access/sql_writer.h"
#include "models/storage/files/file_rows.h"

namespace evenkeel {
namespace {

Error denied(std::string why) { return {ErrorCode::denied, std::move(why)}; }

std::string_view sql_operator(RowComparison op) {
  constexpr std::string_view operators[] = {"=", "<>", "<", "<=", ">", ">="};
  return operators[static_cast<std::size_t>(op)];
}

GrantOperation operation_of(AccessKind kind) {
  const bool aggregates = kind == AccessKind::query || kind == AccessKind::batch;
  if (kind == AccessKind::restore) return GrantOperation::write;
  return aggregates ? GrantOperation::query : GrantOperation::read;
}

// Whoever asks does so for somebody else, whom only the token names.
bool is_for_others(AccessKind kind) {
  return kind == AccessKind::batch || kind == AccessKind::batch_rows;
}

// "market/2026" is part of the data set "market".
bool is_part_of_any(const std::string& resource, const std::vector<std::string>& data_sets) {
  return std::ranges::any_of(data_sets,
                             [&](const std::string& name) { return covers(name, resource); });
}

bool is_part(std::string_view resource, std::string_view part) {
  return resource.size() > part.size() && resource.ends_with(part) &&
         resource[resource.size() - part.size() - 1] == '/';
}

}  // namespace

Result<Restriction> restriction_of(const DataRules& rules, const TableSchema& table) {
  Restriction restriction{.columns = rules.columns,
                          .functions = rules.aggregates,
                          .aggregate_only = rules.aggregate_only,
                          .min_group = rules.minimum_group};
  for (const RowTest& test : rules.rows) {
    if (std::ranges::find(table.columns, test.column, &Column::name) == table.columns.end())
      return denied("wrong rows: the grant tells rows apart by '" + test.column + "', which '" +
                    table.name + "' does not have");
    if (!restriction.row_filter.empty()) restriction.row_filter += " AND ";
    restriction.row_filter += quoted_sql_name(test.column) + " " +
                              std::string{sql_operator(test.op)} + " " + sql_text(test.constant);
  }
  return restriction;
}

bool GuardedAccess::is_of(NodeId node, const PublicKey& owner) const {
  const Party* party = directory_.owner_of(node);
  return party != nullptr && party->key == owner;
}

bool GuardedAccess::keeps(NodeId node, Partition partition) const {
  return std::ranges::any_of(placement_.in_force(), [&](const Layout* layout) {
    const std::vector<NodeId>& replicas = layout->replicas[partition];
    return std::ranges::find(replicas, node) != replicas.end();
  });
}

std::string GuardedAccess::name_of(const PublicKey& owner) const {
  const Party* party = directory_.find(owner);
  return party == nullptr ? "an unknown party" : "'" + party->name + "'";
}

AccessRule GuardedAccess::query_rule() {
  return [this](AccessRequest request) { return admit(std::move(request)); };
}

RowRule GuardedAccess::row_rule() {
  return [this](const RowsAsked& asked) { return may_touch(asked); };
}

ListRule GuardedAccess::list_rule() {
  return [this](NodeId asker) -> Result<Done> {
    if (owned_.spaces.empty()) return Done{};
    for (const Layout* layout : placement_.in_force())
      if (std::ranges::find(layout->members, asker, &Member::node) != layout->members.end())
        return Done{};
    return denied("no grant: only nodes that keep files list the pieces that others have");
  };
}

Task<Result<AccessLeave>> GuardedAccess::admit(AccessRequest request) {
  const auto table = std::ranges::find(owned_.tables, request.table.name, &OwnedTable::table);
  if (table == owned_.tables.end()) co_return AccessLeave{};
  if (!is_for_others(request.kind) && is_of(request.asker, table->owner)) co_return AccessLeave{};
  const std::string whose =
      "table '" + request.table.name + "' belongs to " + name_of(table->owner);
  if (request.token.empty()) co_return denied("no grant: " + whose + "; ask it for a grant");
  if (request.kind == AccessKind::count)
    co_return denied("queries only: " + whose + "; query count(*) instead");
  Result<Presentation> shown = read_presentation(request.token);
  if (!shown) co_return shown.error();
  if (!is_part_of_any(shown->request.resource, table->data_sets))
    co_return denied("wrong resource: '" + shown->request.resource + "' is no data set of " +
                     request.table.name);
  if (is_pooled(shown->request.resource))
    co_return denied("wrong resource: a question about a pool is answered by its owners together");
  if (!request.part.empty() && !is_part(shown->request.resource, request.part))
    co_return denied("wrong resource: the request is for '" + shown->request.resource +
                     "', and not for this: sign one for '.../" + request.part + "'");
  if (shown->request.operation != operation_of(request.kind))
    co_return denied("wrong operation: the request is to " +
                     std::string{to_string(shown->request.operation)} + " something");
  Task<Result<AdmittedGrant>> admitting = guard_.admit(std::move(*shown), table->owner);
  Result<AdmittedGrant> grant = co_await std::move(admitting);
  if (!grant) co_return grant.error();
  Result<Restriction> restriction = restriction_of(grant->rules(), request.table);
  if (!restriction) co_return restriction.error();
  AccessLeave leave{.restriction = std::move(*restriction)};
  leave.shows_row = [rules = grant->rules(), table = request.table](const Row& row) {
    return rules.allows_row(table, row);
  };
  leave.holds = [this, admitted = *grant] { return guard_.check(admitted); };
  leave.serve = [this, admitted = std::move(*grant)](AnswerSize size) {
    return serve(admitted, size);
  };
  co_return std::move(leave);
}

Task<Result<Done>> GuardedAccess::serve(AdmittedGrant grant, AnswerSize size) {
  const GrantPiece piece{.bytes = size.bytes, .rows = size.rows};
  return guard_.serve(std::move(grant), piece);
}

BackupRule GuardedAccess::backup_rule() {
  return [this](BackupAsked asked) { return may_back_up(std::move(asked)); };
}

Task<Result<BackupLeave>> GuardedAccess::may_back_up(BackupAsked asked) {
  std::vector<AccessLeave> leaves;
  for (const TableSchema& table : asked.scope.tables) {
    AccessRequest request{.asker = asked.asker,
                          .table = table,
                          .token = asked.tokens[table.name],
                          .kind = asked.restores ? AccessKind::restore : AccessKind::backup,
                          .part = std::string{asked.restores ? restore_part : backup_part}};
    Task<Result<AccessLeave>> admitting = admit(std::move(request));
    Result<AccessLeave> leave = co_await std::move(admitting);
    if (!leave)
      co_return Error{leave.error().code, leave.error().detail +
                                              "; or leave the table out of the backup: tables: "
                                              "[...]"};
    if (!leave->restriction.is_none())
      co_return denied(
          "not whole: the grant shows a part of '" + table.name +
          "' only, and a backup is of all of it; ask for a grant without restrictions");
    if (leave->serve) leaves.push_back(std::move(*leave));
  }
  for (const OwnedSpace& space : owned_.spaces) {
    const bool is_in =
        asked.scope.table(inodes_table_name) != nullptr &&
        (!asked.scope.spaces ||
         std::ranges::find(*asked.scope.spaces, space.space) != asked.scope.spaces->end());
    if (is_in && !is_of(asked.asker, space.owner))
      co_return denied("no grant: the files in '" + space.space + "' belong to " +
                       name_of(space.owner) + "; leave them out of the backup: files: [...]");
  }
  if (leaves.empty()) co_return BackupLeave{};
  co_return BackupLeave{[leaves = std::move(leaves)](std::uint64_t bytes, std::uint64_t rows) {
    return serve_all(leaves, {bytes, rows});
  }};
}

Task<Result<Done>> GuardedAccess::serve_all(std::vector<AccessLeave> leaves, AnswerSize size) {
  for (const AccessLeave& leave : leaves) {
    Task<Result<Done>> serving = leave.serve(size);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served;
  }
  co_return Done{};
}

Result<Done> GuardedAccess::may_touch(const RowsAsked& asked) const {
  const auto table = std::ranges::find(owned_.tables, asked.table, &OwnedTable::table);
  if (table == owned_.tables.end()) return may_see_names(asked);
  if (is_of(asked.asker, table->owner)) return Done{};
  const bool has_it_anyway =
      std::ranges::all_of(asked.of, [&](Partition each) { return keeps(asked.asker, each); }) &&
      std::ranges::all_of(
          asked.told, [&](const StoredRow& row) { return keeps(asked.asker, row.at.partition); });
  if (has_it_anyway) return Done{};
  return denied("no grant: the rows of '" + table->table + "' belong to " + name_of(table->owner) +
                "; query them under a grant, at level 'bounded' or 'any'");
}

// Which name space a file is in, its inode says.
Result<Done> GuardedAccess::may_see_names(const RowsAsked& asked) const {
  if (owned_.spaces.empty() || asked.table != inodes_table_name) return Done{};
  for (const StoredRow& row : asked.told) {
    if (!row.values || keeps(asked.asker, row.at.partition)) continue;
    const auto* bytes = row.values->empty() ? nullptr : std::get_if<Blob>(&row.values->back());
    const std::optional<FileInode> inode =
        bytes == nullptr ? std::nullopt : decoded<FileInode>(*bytes);
    if (!inode) return denied("no grant: a name of a file that nobody understands");
    const auto space = std::ranges::find(owned_.spaces, inode->space, &OwnedSpace::space);
    if (space == owned_.spaces.end() || is_of(asked.asker, space->owner)) continue;
    return denied("no grant: the files in '" + inode->space + "' belong to " +
                  name_of(space->owner) + "; fetch what it shares under a grant");
  }
  return Done{};
}

}  // namespace evenkeel
