// What tables, rows and keys are: the values that the storage keeps and the queries compute on.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "models/runtime/blob.h"
#include "models/runtime/message.h"
#include "models/runtime/result.h"

namespace evenkeel {

/// One field of a row; the types of SQLite.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;
using Row = std::vector<Value>;

enum class ColumnType : std::uint8_t { integer, real, text, blob };
inline constexpr std::uint8_t column_types = 4;
std::string_view to_string(ColumnType type);

struct Column {
  std::string name = {};
  ColumnType type = ColumnType::text;
  friend bool operator==(const Column&, const Column&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, type);
  }
};

/// What a table's rows promise.
enum class TableKind : std::uint8_t {
  registers,  // each row is a linearizable register: put, get, erase
  cas         // and may be changed depending on what it was: compare-and-set
};

/// Parts of the partitions, each kept by nodes of its own choice (layout.h); at most so many.
inline constexpr std::size_t most_regions = 64;

/// A table's first `key_columns` columns name a row; the first `placed_by` of those decide which
/// nodes keep it, so that rows which agree in them are together.
struct TableSchema {
  std::string name = {};
  std::vector<Column> columns = {};
  std::uint32_t key_columns = 1;
  std::uint32_t placed_by = 1;
  TableKind kind = TableKind::registers;
  /// Its rows are in the partitions of this region: a layout says which nodes those are (layout.h).
  std::uint8_t region = 0;
  std::uint8_t regions = 1;
  friend bool operator==(const TableSchema&, const TableSchema&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, columns, key_columns, placed_by, kind, region, regions);
  }
  const Column* find(std::string_view column) const;
};

/// ErrorCode::invalid if names are not plain (letters, digits, _; no leading digit or _), twice the
/// same, or the numbers of key columns do not fit.
Result<Done> check_schema(const TableSchema& schema);
/// ErrorCode::invalid if the row has other columns than the table; a null fits everywhere but in a
/// key, and an integer where a real is wanted.
Result<Done> check_row(const TableSchema& schema, const Row& row);

/// A row's key: bytes that sort as the key values do (integers and reals by value, then text, then
/// blobs), so that keys with equal first values lie together.
using Key = std::string;
/// Of the first values of a row, as many as given.
Key encode_key(const TableSchema& schema, std::span<const Value> values);
/// Nothing if the bytes are no key of this table.
std::optional<Row> decode_key(const TableSchema& schema, std::string_view key);

/// Into how many parts the keys of all tables are divided; each part is kept by one set of nodes.
inline constexpr std::size_t partitions = 256;
using Partition = std::uint8_t;
/// By a hash of the table's name and the values that it is placed by.
Partition partition_of(const TableSchema& schema, std::span<const Value> values);

/// When and by whom a row was written. Unique for each attempt to write: an attempt that may have
/// failed is repeated with another version.
struct Version {
  std::uint64_t counter = 0;
  std::uint32_t writer = 0;   // a NodeId
  std::uint64_t attempt = 0;  // of that writer, ever growing
  friend auto operator<=>(const Version&, const Version&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(counter, writer, attempt);
  }
};

/// Where a row is.
struct RowKey {
  Partition partition = 0;
  Key key = {};
  friend auto operator<=>(const RowKey&, const RowKey&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(partition, key);
  }
};
RowKey row_key(const TableSchema& schema, std::span<const Value> values);
/// ErrorCode::invalid unless these are values for exactly the key columns.
Result<RowKey> checked_key(const TableSchema& schema, const Row& key);

/// A row as replicas keep it: what it was written with, and its values; none, if it was erased. A
/// version of zeros: never written.
struct StoredRow {
  RowKey at = {};
  Version version = {};
  std::optional<Row> values = {};  // all columns, the key's too
  friend bool operator==(const StoredRow&, const StoredRow&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(at, version, values);
  }
};

/// Whether the row's key, partition and values belong together: for what came over the network.
bool is_sound(const TableSchema& schema, const StoredRow& row);

}  // namespace evenkeel
