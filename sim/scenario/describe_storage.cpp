// The table's part about data that nodes keep for each other.
#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/describe.h"

namespace evenkeel {
namespace {

constexpr double longest_period_s = 1e7;

std::optional<ColumnType> type_named(std::string_view name) {
  for (std::uint8_t type = 0; type < column_types; ++type)
    if (to_string(static_cast<ColumnType>(type)) == name) return static_cast<ColumnType>(type);
  return std::nullopt;
}

void describe_table(Structure& fields, TableSchema& table, std::vector<Name>& home) {
  std::int64_t key = 1;
  std::int64_t placed_by = 1;
  bool cas = false;
  read_columns(fields, "columns", table.columns,
               {"each a name and a type: device text, at integer, watts real"});
  fields.required("columns");
  fields.integer("key", key, {"so many columns, from the first, name a row", 1, 100});
  fields.integer("placed_by", placed_by, {"so many of those decide which nodes keep it", 1, 100});
  fields.boolean("cas", cas, {"rows are changed by compare-and-set, not put"});
  fields.names("on", home, {"only these nodes, or node kinds, of those that keep data keep it"});
  table.key_columns = static_cast<std::uint32_t>(key);
  table.placed_by = static_cast<std::uint32_t>(placed_by);
  table.kind = cas ? TableKind::cas : TableKind::registers;
  if (table.columns.empty()) return;
  if (const Result<Done> fits = check_schema(table); !fits)
    fields.refuse("columns", fits.error().detail);
}

// Tables that the same nodes keep are in one region.
std::uint8_t region_of(const std::vector<Name>& home, std::vector<std::vector<Name>>& homes) {
  if (home.empty()) return 0;
  const auto is_same = [&](const std::vector<Name>& other) {
    return std::ranges::equal(home, other, {}, &Name::text, &Name::text);
  };
  const auto found = std::ranges::find_if(homes, is_same);
  const auto region = static_cast<std::uint8_t>(found - homes.begin() + 1);
  if (found == homes.end()) homes.push_back(home);
  return region;
}

void describe_space(Structure& fields, FileSpaceChoice& space) {
  fields.number("quota", space.quota, Unit::bytes, {"of all its files; 0: none", 0, 1e18});
  fields.integer("data", space.data, {"pieces that a chunk is cut into", 1, 20});
  fields.integer("parity", space.parity, {"more pieces, so many of which may be lost", 0, 10});
}

void describe_change(Structure& fields, MemberChange& change) {
  fields.duration("at", change.at, {"when, since the start of the run"});
  fields.required("at");
  fields.names("add", change.add, {"a node, as kind/place or kind/place/number, or a kind"});
  fields.names("remove", change.remove, {"the same; their data is copied to the others first"});
}

void describe_restore(Structure& fields, RestoreChoice& restore) {
  fields.duration("at", restore.at, {"when, since the start of the run"});
  fields.required("at");
  fields.duration("to", restore.to,
                  {"the newest backup that was taken until then; if not given, the newest of all"});
}

void describe_backup(Structure& fields, std::optional<BackupChoice>& backup) {
  BackupChoice choice;
  const auto restore = [&](Structure& inner, Place) {
    describe_restore(inner, choice.restores.emplace_back());
  };
  const auto keep = [&](Structure& inner) {
    inner.duration("all", choice.keep_all, {"all backups that are not older", 0, 1e9});
    inner.duration("hourly", choice.keep_hourly, {"then one of each hour", 0, 1e9});
    inner.duration("daily", choice.keep_daily, {"then one of each day", 0, 1e9});
    inner.duration("weekly", choice.keep_weekly, {"then one of each week; older ones go", 0, 1e9});
  };
  const auto inside = [&](Structure& inner) {
    inner.name("to", choice.to, {"a node kind: its first node takes and keeps the backups"});
    inner.required("to");
    inner.duration("every", choice.every, {"from the start of one to the next", 2, 1e9});
    inner.required("every");
    inner.names("tables", choice.tables, {"if not given, all"});
    inner.names("files", choice.files, {"name spaces; if not given, all"});
    inner.group("keep", keep, {"for how long"});
    inner.number("capacity", choice.capacity, Unit::bytes, {"of all backups", 1, 1e18});
    inner.list("restore", restore, {"when a backup is brought back, onto nodes that are empty"});
  };
  fields.group("backup", inside, {"backups of the data, encrypted, and only what has changed"});
  if (!choice.to.text.empty()) backup = std::move(choice);
}

void describe_secrets(Structure& fields, std::optional<SecretsChoice>& secrets) {
  SecretsChoice choice;
  const auto inside = [&](Structure& inner) {
    inner.names("on", choice.on, {"node kinds, or nodes: each keeps a share of every secret"});
    inner.required("on");
    inner.integer("threshold", choice.threshold,
                  {"so many shares tell nothing, one more gives the secret", 1, 15});
    inner.duration("refresh", choice.refresh,
                   {"how often shares are made anew, so that old ones are worth nothing", 0.1,
                    longest_period_s});
    inner.duration("timeout", choice.timeout,
                   {"of one round of questions to the keepers", 1e-6, longest_period_s});
    option(inner, "flaw", choice.flaw, secrets_flaw_names,
           {"a known way to get it wrong, to see the checks find it"});
  };
  fields.group("secrets", inside,
               {"keys and credentials, shared out: of no few nodes' disks can they be read"});
  if (!choice.on.empty()) secrets = std::move(choice);
}

}  // namespace

void read_columns(Structure& fields, std::string_view name, std::vector<Column>& columns,
                  const About& about) {
  std::vector<Name> texts;
  fields.names(name, texts, about);
  for (const Name& text : texts) {
    const std::size_t space = std::min(text.text.find(' '), text.text.size());
    const std::string_view type =
        space == text.text.size() ? "text" : std::string_view{text.text}.substr(space + 1);
    const std::optional<ColumnType> known = type_named(type);
    if (!known)
      fields.refuse(name,
                    fmt::format("no column type '{}'; write integer, real, text or blob", type));
    columns.push_back({text.text.substr(0, space), known.value_or(ColumnType::text)});
  }
}

void describe_storage(Structure& fields, std::optional<StorageChoice>& storage) {
  StorageChoice choice;
  const auto table = [&](Structure& inner, const Name& name) {
    TableSchema& added = choice.tables.emplace_back();
    added.name = name.text;
    std::vector<Name> home;
    describe_table(inner, added, home);
    added.region = region_of(home, choice.homes);
    if (choice.homes.size() >= most_regions)
      inner.refuse("on", "tables are kept by too many different sets of nodes; at most 63");
  };
  const auto space = [&](Structure& inner, const Name& name) {
    FileSpaceChoice& added = choice.files.emplace_back();
    added.name = name.text;
    describe_space(inner, added);
  };
  const auto change = [&](Structure& inner, Place place) {
    MemberChange& added = choice.changes.emplace_back();
    added.place = std::move(place);
    describe_change(inner, added);
  };
  const auto inside = [&](Structure& inner) {
    inner.names("on", choice.on, {"the node kinds that keep data"});
    inner.required("on");
    inner.integer("copies", choice.copies, {"of each row, on different nodes", 1, 15});
    inner.boolean("zones", choice.zones, {"copies go to nodes at different places"});
    inner.named("tables", "table", table, {"the tables, by name"});
    inner.named("files", "name space", space, {"name spaces for files"});
    inner.duration("timeout", choice.timeout,
                   {"of one round of questions to replicas", 1e-6, longest_period_s});
    inner.duration("sync_period", choice.sync_period,
                   {"between comparisons of replicas", 1e-3, longest_period_s});
    inner.duration("hint_window", choice.hint_window,
                   {"a write that a replica missed is sent again so long", 0, longest_period_s});
    inner.duration("forget_after", choice.forget_after,
                   {"erasures are kept at least so long", 0, longest_period_s});
    inner.number("work", choice.work, Unit::work, {"to read or write a row", 0, 1e12});
    inner.boolean("membership", choice.membership,
                  {"nodes tell each other who is alive (SWIM); always so with 'changes'"});
    inner.list("changes", change, {"nodes that begin or cease to keep data"});
    describe_backup(inner, choice.backup);
    describe_secrets(inner, choice.secrets);
    option(inner, "flaw", choice.flaw, flaw_names,
           {"a known way to get it wrong, to see the checks find it"});
  };
  fields.group("storage", inside, {"data that nodes keep for each other"});
  if (choice.on.empty()) return;
  for (TableSchema& its : choice.tables)
    its.regions = static_cast<std::uint8_t>(choice.homes.size() + 1);
  choice.place = choice.on.front().place;
  std::ranges::stable_sort(choice.changes, {}, &MemberChange::at);
  storage = std::move(choice);
}

}  // namespace evenkeel
