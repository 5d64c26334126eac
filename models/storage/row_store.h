// The rows that one node keeps, in a SQLite database on its disk. Each table is one of SQLite's,
// `rows_<name>`, with the columns of its schema and
//   _part INTEGER, _key BLOB   the primary key: partition, then the encoded key
//   _version BLOB              20 bytes that sort as versions do
//   _dead INTEGER              1: the row was erased
//   _sum INTEGER               a checksum over all that
// so that queries run where the rows are.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "models/runtime/disk.h"
#include "models/sql/database.h"
#include "models/storage/record_messages.h"

namespace evenkeel {

/// Everything is done at once and is durable when a Batch was committed. ErrorCode::full: no room.
/// ErrorCode::disk: the store is damaged, as its checksums or SQLite find, or is not open.
/// ErrorCode::not_found: an unknown table.
class RowStore {
 public:
  /// Not open yet. The disk outlives it; the seed is of what SQLite draws at random.
  RowStore(Disk& disk, std::uint64_t seed);
  ~RowStore();
  RowStore(const RowStore&) = delete;

  /// What a store is that has to be made, because the disk has none.
  enum class IfNew {
    complete,   // nothing was ever kept here
    incomplete  // what was kept is lost: copies have to be fetched first
  };
  /// Opens what is on the disk, or makes it.
  Result<Done> open(IfNew if_new = IfNew::complete);
  bool is_open() const { return database_ != nullptr; }
  /// It was opened on a full disk: it can be read, and written only once it is opened anew.
  bool is_read_only() const;
  /// Closes it and removes what is on the disk.
  void destroy();
  /// It may lack rows that were acknowledged here: it was made incomplete and not completed since,
  /// or cannot be read. As durable as its rows.
  bool is_incomplete() const;
  /// Only within a batch: all that was lost is there again, when the batch is committed.
  Result<Done> complete();
  /// While it is open.
  Database& database() { return *database_; }
  /// Called now, if it is open, and whenever it was opened: what a connection must know.
  void when_open(std::function<void(Database&)> set_up);

  /// How often it was opened: a count that stays says that no row has gone but by being replaced.
  std::uint64_t times_opened() const { return times_opened_; }
  /// Called within the batch before a row is replaced by another one, if it was there or not.
  using Replacing = std::function<void(const std::string& table, const RowKey& key)>;
  void on_replace(Replacing replacing) { replacing_ = std::move(replacing); }

  Result<Done> define(const TableSchema& schema);
  const TableSchema* schema(std::string_view table) const;
  std::vector<TableSchema> schemas() const;

  Result<StoredRow> read(std::string_view table, const RowKey& key);
  Result<Version> version(std::string_view table, const RowKey& key);
  Result<std::vector<StoredRow>> scan(const ScanRows& range);

  /// Only within a batch. Keeps it if it is newer than what is there, and, in a table of kind cas,
  /// no higher ballot was promised.
  Result<Done> write(std::string_view table, const StoredRow& row);
  /// Only within a batch. Whether the ballot is above all that was promised or accepted before.
  Result<PrepareRow::Answer> promise(std::string_view table, const RowKey& key,
                                     const Version& ballot);
  Result<AcceptRow::Answer> accept(std::string_view table, const StoredRow& row);
  Result<Done> forget(const ForgetErased& erased);

  /// All or nothing: undone unless committed.
  class Batch {
   public:
    explicit Batch(RowStore& store);
    ~Batch();
    Result<Done> commit();

   private:
    RowStore& store_;
    std::unique_ptr<Transaction> transaction_;
  };

  RowsDigest digest(std::string_view table, Partition partition) const;
  Result<std::vector<RowsDigest>> bucket_digests(std::string_view table, Partition partition);
  Result<ListBuckets::Answer> list(std::string_view table, Partition partition,
                                   const std::vector<std::uint8_t>& wanted);
  Result<ListPromises::Answer> promises(std::string_view table, Partition partition);
  /// Erased rows and their versions, at most `limit`.
  Result<ListBuckets::Answer> erased(std::string_view table, Partition partition,
                                     std::size_t limit);
  /// Reads all rows again and checks them: what is kept in memory about them is as the disk says.
  Result<Done> recount();

 private:
  struct Table;
  Result<Done> load(IfNew if_new);
  Table& add(const TableSchema& schema);
  Table* find(std::string_view table);
  const Table* find(std::string_view table) const;
  Version highest(Table& table, const RowKey& key, const Version& accepted);
  void put(Table& table, const StoredRow& row, const Version& before);

  Disk& disk_;
  std::uint64_t seed_;
  std::unique_ptr<Database> database_;
  std::vector<std::function<void(Database&)>> set_ups_;
  std::uint64_t times_opened_ = 0;
  Replacing replacing_;
  std::map<std::string, std::unique_ptr<Table>, std::less<>> tables_;
};

/// ErrorCode::not_found: the node does not know the table.
Error unknown_table(std::string_view table);

/// 20 bytes that sort as the versions do.
Blob encode_version(const Version& version);
Version decode_version(std::span<const std::byte> bytes);

}  // namespace evenkeel
