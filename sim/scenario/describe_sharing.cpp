// The table's part about parties and what they share.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/access/sql_check.h"
#include "models/access/sql_parser.h"
#include "sim/scenario/describe.h"

namespace evenkeel {
namespace {

constexpr double longest_s = 1e7;

std::span<const std::string_view> operation_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (std::uint8_t i = 0; i < grant_operations; ++i)
      all.push_back(to_string(static_cast<GrantOperation>(i)));
    return all;
  }();
  return names;
}

OperationSet operations_named(const std::vector<std::string>& chosen) {
  OperationSet set = 0;
  for (std::uint8_t i = 0; i < grant_operations; ++i)
    if (std::ranges::find(chosen, to_string(static_cast<GrantOperation>(i))) != chosen.end())
      set = static_cast<OperationSet>(set | operations_of(static_cast<GrantOperation>(i)));
  return set;
}

std::optional<RowComparison> comparison_of(SqlOperator operation) {
  switch (operation) {
    case SqlOperator::equal:
      return RowComparison::equal;
    case SqlOperator::not_equal:
      return RowComparison::unequal;
    case SqlOperator::less:
      return RowComparison::below;
    case SqlOperator::less_equal:
      return RowComparison::at_most;
    case SqlOperator::greater:
      return RowComparison::above;
    case SqlOperator::greater_equal:
      return RowComparison::at_least;
    default:
      return std::nullopt;
  }
}

/// "watts >= 0": a column, a comparison, a constant.
std::optional<RowTest> row_test(const std::string& text) {
  const Result<Expression> parsed = parse_condition(text);
  if (!parsed || parsed->kind != Expression::Kind::binary) return std::nullopt;
  const Expression& column = parsed->arguments[0];
  const std::optional<RowComparison> op = comparison_of(parsed->operation);
  const std::optional<Value> value = constant(parsed->arguments[1], {});
  if (column.kind != Expression::Kind::column || !op || !value) return std::nullopt;
  return RowTest{column.name, *op, *value};
}

std::vector<std::string> sorted_texts(const std::vector<Name>& names) {
  std::vector<std::string> texts;
  for (const Name& name : names) texts.push_back(name.text);
  std::ranges::sort(texts);
  texts.erase(std::ranges::unique(texts).begin(), texts.end());
  return texts;
}

void describe_rows(Structure& fields, std::vector<RowTest>& rows) {
  std::vector<Name> texts;
  fields.names("rows", texts, {"only rows of which all these hold: 'watts >= 0', 'site = ''a'''"});
  for (const Name& text : texts)
    if (const std::optional<RowTest> test = row_test(text.text))
      rows.push_back(*test);
    else
      fields.refuse("rows", fmt::format("'{}' is no condition on a column; write for instance "
                                        "'watts >= 0'",
                                        text.text));
}

void describe_columns(Structure& fields, std::optional<std::vector<std::string>>& columns,
                      std::string_view meaning) {
  std::vector<Name> names;
  fields.names("columns", names, {meaning});
  if (!names.empty()) columns = sorted_texts(names);
}

void describe_rate(Structure& fields, std::optional<GrantRate>& rate) {
  double calls = 0;
  double bytes = 0;
  Duration period = seconds(1);
  const auto inside = [&](Structure& inner) {
    inner.number("calls", calls, Unit::none, {"questions, or blocks of a file; 0: any", 0, 1e12});
    inner.number("bytes", bytes, Unit::bytes, {"0: any", 0, 1e15});
    inner.duration("each", period, {"the period in which so many are allowed", 1e-3, 1e6});
  };
  fields.group("rate", inside, {"how much each serving node gives in a period"});
  if (calls <= 0 && bytes <= 0) return;
  rate = GrantRate{static_cast<std::uint64_t>(calls), static_cast<std::uint64_t>(bytes),
                   static_cast<std::uint32_t>(to_seconds(period) * 1000)};
}

void describe_terms(Structure& fields, TermsChoice& terms) {
  Caveats& caveats = terms.caveats;
  std::vector<std::string> operations;
  std::string purpose;
  std::int64_t group = 0;
  double budget = 0;
  std::vector<Name> aggregates;
  fields.options("operations", operations, operation_names(),
                 {"what the party may do; if not given, to read and to query"});
  describe_columns(fields, caveats.columns, "that it may name in queries; if not given, all");
  describe_rows(fields, caveats.rows);
  fields.text("purpose", purpose, {"what it must say that it asks for; if not given, anything"});
  fields.duration("for", terms.lasts, {"from the agreement on; if not given, for ever", 1e-3});
  describe_rate(fields, caveats.rate);
  fields.integer("min_group", group, {"rows behind each aggregate that is told", 0, 1e9});
  fields.boolean("aggregate_only", caveats.aggregate_only, {"it sees no rows"});
  fields.names("aggregates", aggregates, {"it may use only these, as count and avg"});
  fields.boolean("pooled_only", caveats.pooled_only,
                 {"it is told nothing but together with other owners' data, of a pool"});
  fields.number("privacy_budget", budget, Unit::none,
                {"of differential privacy, an epsilon in all: each answer of a pool takes its "
                 "share of it; 0: no limit",
                 0, 1e6});
  caveats.operations = operations.empty()
                           ? operations_of(GrantOperation::read, GrantOperation::query)
                           : operations_named(operations);
  if (!purpose.empty()) caveats.purpose = purpose;
  caveats.minimum_group = static_cast<std::uint32_t>(group);
  if (budget > 0) {
    caveats.totals = GrantTotals{.epsilon = budget};
    caveats.pooled_only = true;  // what is told exactly has no epsilon
  }
  if (!aggregates.empty()) caveats.aggregates = sorted_texts(aggregates);
}

void describe_party(Structure& fields, PartyChoice& party) {
  fields.names("nodes", party.nodes, {"its nodes, by name, or node kinds for all their nodes"});
  fields.names("devices", party.devices,
               {"device populations: the gateways where they stand are its nodes, too"});
  fields.names("spaces", party.spaces, {"name spaces of the storage whose files are its own"});
  fields.number("upload", party.upload, Unit::bandwidth,
                {"at which each of its nodes gives away blocks of files; 0: no limit", 0, 1e15});
}

void describe_data_set(Structure& fields, DataSetChoice& data_set) {
  const auto terms = [&](Structure& inner, const Name& party) {
    TermsChoice& added = data_set.terms.emplace_back();
    added.party = party;
    describe_terms(inner, added);
  };
  fields.name("owner", data_set.owner, {"the party whose it is"});
  fields.required("owner");
  fields.name("table", data_set.table, {"the rows of this table"});
  fields.number("file", data_set.file, Unit::bytes, {"or a file of this size", 1, 1e10});
  fields.exactly_one({"table", "file"});
  describe_columns(fields, data_set.columns, "of the table; if not given, all");
  describe_rows(fields, data_set.rows);
  fields.named("terms", "party", terms, {"who may have it, and on what terms"});
}

void describe_pool(Structure& fields, PoolChoice& pool) {
  const auto column = [&](Structure& inner, const Name& name) {
    PoolChoice::Column& added = pool.columns.emplace_back();
    added.name = name;
    inner.number("from", added.lowest, Unit::none, {"the lowest value that counts"});
    inner.required("from");
    inner.number("to", added.highest, Unit::none, {"the highest"});
    inner.required("to");
    if (!(added.lowest < added.highest))
      inner.refuse("to", "the highest value must be above the lowest");
  };
  fields.names("data_sets", pool.data_sets,
               {"of different owners, made of tables that have the same columns"});
  fields.required("data_sets");
  fields.named("columns", "column", column,
               {"those of which sums may be asked for, with the values that count"});
  fields.integer("min_group", pool.min_group,
                 {"rows behind each number that is told", 0, 1'000'000'000});
  fields.integer("min_owners", pool.min_owners, {"who have some of these rows", 0, 10'000});
  fields.number(
      "epsilon", pool.epsilon, Unit::none,
      {"of differential privacy, for each aggregated column of a question; 0: no noise", 0, 1000});
  fields.integer("most_rows", pool.most_rows,
                 {"that one owner may have in a group", 1, 1'000'000'000});
  if (pool.epsilon > 0 && pool.epsilon < 1e-6)
    fields.refuse("epsilon", "so much noise hides everything: give at least 1e-6, or 0 for none");
}

void describe_event(Structure& fields, RevocationChoice& event) {
  fields.duration("at", event.at, {"when, since the start of the run"});
  fields.required("at");
  const auto revoke = [&](Structure& inner) {
    inner.name("data_set", event.data_set, {"which"});
    inner.required("data_set");
    inner.name("from", event.from, {"the party that had it"});
    inner.required("from");
  };
  fields.group("revoke", revoke, {"the owner takes back what it gave"});
  fields.required("revoke");
}

}  // namespace

void describe_sharing(Structure& fields, std::optional<SharingChoice>& sharing) {
  SharingChoice choice;
  const auto party = [&](Structure& inner, const Name& name) {
    PartyChoice& added = choice.parties.emplace_back();
    added.name = name;
    describe_party(inner, added);
  };
  const auto data_set = [&](Structure& inner, const Name& name) {
    DataSetChoice& added = choice.data_sets.emplace_back();
    added.name = name;
    describe_data_set(inner, added);
  };
  const auto pool = [&](Structure& inner, const Name& name) {
    PoolChoice& added = choice.pools.emplace_back();
    added.name = name;
    describe_pool(inner, added);
  };
  const auto event = [&](Structure& inner, Place place) {
    RevocationChoice& added = choice.revocations.emplace_back();
    added.place = std::move(place);
    describe_event(inner, added);
  };
  const auto inside = [&](Structure& inner) {
    inner.named("parties", "party", party, {"who owns nodes and data"});
    inner.required("parties");
    inner.named("data_sets", "data set", data_set, {"what is shared, and with whom"});
    inner.named("pools", "pool", pool,
                {"data sets of several owners about which one may ask together: the answer is "
                 "computed by 'mpc'"});
    inner.list("events", event, {"what owners change while the run goes on"});
    inner.duration(
        "lease", choice.lease,
        {"a node that has not heard of the owner for so long serves no more", 1e-2, longest_s});
    inner.duration("renew_every", choice.renew_every,
                   {"nodes ask owners for revocations so often", 1e-3, longest_s});
    inner.number("block", choice.block, Unit::bytes, {"files travel in blocks of", 1024, 1 << 20});
  };
  fields.group("sharing", inside, {"parties, and what they share with whom"});
  if (choice.parties.empty()) return;
  choice.place = choice.parties.front().name.place;
  sharing = std::move(choice);
}

}  // namespace evenkeel
