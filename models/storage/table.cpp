#include "models/storage/table.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace evenkeel {
namespace {

constexpr std::size_t most_columns = 100;
constexpr std::size_t longest_name = 60;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && is_letter(name.front()) &&
         std::ranges::all_of(
             name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

Error invalid(std::string detail) { return {ErrorCode::invalid, std::move(detail)}; }

// Sorts as the type's order: one leading byte for the type, then bytes that compare as the values.
enum Mark : char { number_mark = 1, text_mark = 2, blob_mark = 3 };

void put_big_endian(Key& key, std::uint64_t bits) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>((bits >> shift) & 0xff);
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (const char c : bytes) bits = (bits << 8) | static_cast<unsigned char>(c);
  return bits;
}

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

std::uint64_t sortable(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ sign_bit; }
std::uint64_t sortable(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}
double unsortable(std::uint64_t bits) {
  return std::bit_cast<double>((bits & sign_bit) != 0 ? bits ^ sign_bit : ~bits);
}

// Zeros are escaped, and two zeros end it: a prefix sorts before what goes on.
void put_escaped(Key& key, std::string_view bytes) {
  for (const char c : bytes) {
    key += c;
    if (c == '\0') key += '\xff';
  }
  key += '\0';
  key += '\0';
}

bool take_escaped(std::string_view& key, std::string& bytes) {
  while (!key.empty()) {
    const char c = key.front();
    key.remove_prefix(1);
    if (c != '\0') {
      bytes += c;
      continue;
    }
    if (key.empty()) return false;
    const char next = key.front();
    key.remove_prefix(1);
    if (next == '\0') return true;
    if (next != '\xff') return false;
    bytes += '\0';
  }
  return false;
}

bool take_value(std::string_view& key, ColumnType type, Value& value) {
  if (key.empty()) return false;
  const char mark = key.front();
  key.remove_prefix(1);
  if (type == ColumnType::integer || type == ColumnType::real) {
    if (mark != number_mark || key.size() < 8) return false;
    const std::uint64_t bits = big_endian(key.substr(0, 8));
    key.remove_prefix(8);
    if (type == ColumnType::integer) {
      value = static_cast<std::int64_t>(bits ^ sign_bit);
    } else {
      value = unsortable(bits);
    }
    return true;
  }
  std::string bytes;
  if (mark != (type == ColumnType::text ? text_mark : blob_mark) || !take_escaped(key, bytes))
    return false;
  if (type == ColumnType::text) {
    value = std::move(bytes);
  } else {
    value = blob_of(bytes);
  }
  return true;
}

bool fits(ColumnType type, const Value& value) {
  switch (value.index()) {
    case 0:
      return true;
    case 1:
      return type == ColumnType::integer || type == ColumnType::real;
    case 2:
      return type == ColumnType::real && !std::isnan(std::get<double>(value));
    case 3:
      return type == ColumnType::text;
    default:
      return type == ColumnType::blob;
  }
}

}  // namespace

std::string_view to_string(ColumnType type) {
  constexpr std::string_view names[] = {"integer", "real", "text", "blob"};
  return names[static_cast<std::size_t>(type)];
}

const Column* TableSchema::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

Result<Done> check_schema(const TableSchema& schema) {
  if (!is_plain_name(schema.name))
    return invalid("'" + schema.name + "' is no name for a table: use letters, digits and _");
  if (schema.columns.empty() || schema.columns.size() > most_columns)
    return invalid("table '" + schema.name + "' needs 1 to " + std::to_string(most_columns) +
                   " columns");
  for (const Column& column : schema.columns) {
    if (!is_plain_name(column.name))
      return invalid("'" + column.name + "' is no name for a column: use letters, digits and _");
    if (static_cast<std::uint8_t>(column.type) >= column_types)
      return invalid("column '" + column.name + "' has no type");
    if (schema.find(column.name) != &column)
      return invalid("table '" + schema.name + "' has two columns '" + column.name + "'");
  }
  if (schema.regions == 0 || schema.regions > most_regions || schema.region >= schema.regions)
    return invalid("table '" + schema.name + "' is in no region that there is");
  if (schema.key_columns == 0 || schema.key_columns > schema.columns.size())
    return invalid("table '" + schema.name + "' needs 1 to " +
                   std::to_string(schema.columns.size()) + " key columns");
  if (schema.placed_by == 0 || schema.placed_by > schema.key_columns)
    return invalid("table '" + schema.name + "' can be placed by 1 to " +
                   std::to_string(schema.key_columns) + " of its key columns");
  return Done{};
}

Result<Done> check_row(const TableSchema& schema, const Row& row) {
  if (row.size() != schema.columns.size())
    return invalid("a row of '" + schema.name + "' has " + std::to_string(schema.columns.size()) +
                   " columns, not " + std::to_string(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool missing = i < schema.key_columns && row[i].index() == 0;
    if (missing || !fits(schema.columns[i].type, row[i]))
      return invalid("column '" + schema.columns[i].name + "' of '" + schema.name + "' takes " +
                     std::string{to_string(schema.columns[i].type)} + " values" +
                     (missing ? " and, being part of the key, no null" : ""));
  }
  return Done{};
}

Key encode_key(const TableSchema& schema, std::span<const Value> values) {
  Key key;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value& value = values[i];
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      key += number_mark;
      const bool is_real = schema.columns[i].type == ColumnType::real;
      put_big_endian(key, is_real ? sortable(static_cast<double>(*integer)) : sortable(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
      key += number_mark;
      put_big_endian(key, sortable(*real));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      key += text_mark;
      put_escaped(key, *text);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      key += blob_mark;
      put_escaped(key, text_of(*blob));
    }
  }
  return key;
}

std::optional<Row> decode_key(const TableSchema& schema, std::string_view key) {
  Row values(schema.key_columns);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!take_value(key, schema.columns[i].type, values[i])) return std::nullopt;
  if (!key.empty()) return std::nullopt;
  return values;
}

Partition partition_of(const TableSchema& schema, std::span<const Value> values) {
  const Key place = encode_key(schema, values.first(schema.placed_by));
  const std::uint64_t table = XXH3_64bits(schema.name.data(), schema.name.size());
  const std::size_t drawn = XXH3_64bits_withSeed(place.data(), place.size(), table) >> 56;
  const std::size_t of_region = partitions / schema.regions;
  return static_cast<Partition>(drawn % of_region * schema.regions + schema.region);
}

RowKey row_key(const TableSchema& schema, std::span<const Value> values) {
  return {partition_of(schema, values), encode_key(schema, values.first(schema.key_columns))};
}

Result<RowKey> checked_key(const TableSchema& table, const Row& key) {
  if (key.size() != table.key_columns)
    return Error{ErrorCode::invalid, "a key of '" + table.name + "' has " +
                                         std::to_string(table.key_columns) + " values, not " +
                                         std::to_string(key.size())};
  Row row = key;
  row.resize(table.columns.size());
  if (const Result<Done> fits = check_row(table, row); !fits) return fits.error();
  return row_key(table, key);
}

bool is_sound(const TableSchema& schema, const StoredRow& row) {
  if (row.values) {
    return check_row(schema, *row.values) && row_key(schema, *row.values) == row.at;
  }
  const std::optional<Row> key = decode_key(schema, row.at.key);
  return key && row_key(schema, *key) == row.at;
}

}  // namespace evenkeel
