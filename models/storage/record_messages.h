// What a client asks of a replica, and replicas of each other, on Port::records.
#pragma once

#include "models/storage/table.h"

namespace evenkeel {

/// The rows of these keys, in their order; one never written has a version of zeros.
struct ReadRows {
  static constexpr std::uint16_t tag = 1;
  using Answer = std::vector<StoredRow>;
  std::string table = {};
  std::vector<RowKey> keys = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, keys);
  }
};

/// Only their versions.
struct ReadVersions {
  static constexpr std::uint16_t tag = 2;
  using Answer = std::vector<Version>;
  std::string table = {};
  std::vector<RowKey> keys = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, keys);
  }
};

/// Keeps each row that is newer than what is there. Answered when it is durable.
struct WriteRows {
  static constexpr std::uint16_t tag = 3;
  using Answer = Done;
  std::string table = {};
  std::vector<StoredRow> rows = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, rows);
  }
};

/// Makes the table known; the same again does nothing, another one of its name is a conflict.
struct DefineTable {
  static constexpr std::uint16_t tag = 4;
  using Answer = Done;
  TableSchema schema = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(schema);
  }
};

/// Rows of one partition in the order of their keys, erased ones too, with a key in [from, to);
/// no `to`: to the end.
struct ScanRows {
  static constexpr std::uint16_t tag = 5;
  using Answer = std::vector<StoredRow>;
  std::string table = {};
  Partition partition = 0;
  Key from = {};
  Key to = {};
  std::uint32_t limit = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, partition, from, to, limit);
  }
};

/// CASPaxos, phase 1: promises to accept nothing below the ballot; what was accepted last.
struct PrepareRow {
  static constexpr std::uint16_t tag = 6;
  struct Answer {
    bool promised = false;
    Version highest = {};  // promised or accepted before
    StoredRow accepted = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(promised, highest, accepted);
    }
  };
  std::string table = {};
  RowKey key = {};
  Version ballot = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, key, ballot);
  }
};

/// Phase 2: keeps the row, whose version is the ballot, unless a higher one was promised.
struct AcceptRow {
  static constexpr std::uint16_t tag = 7;
  struct Answer {
    bool accepted = false;
    Version highest = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(accepted, highest);
    }
  };
  std::string table = {};
  StoredRow row = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, row);
  }
};

/// A sum over rows that does not depend on their order: equal, but for a chance of 2^-64, where the
/// rows are.
struct RowsDigest {
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;  // xor of the hashes of keys and versions
  friend bool operator==(const RowsDigest&, const RowsDigest&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(rows, sum);
  }
};

/// The digests of these partitions of a table.
struct PartitionDigests {
  static constexpr std::uint16_t tag = 8;
  using Answer = std::vector<RowsDigest>;
  std::string table = {};
  std::vector<Partition> wanted = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, wanted);
  }
};

/// The digests of a partition's 256 buckets (by a hash of the key).
struct BucketDigests {
  static constexpr std::uint16_t tag = 9;
  using Answer = std::vector<RowsDigest>;
  std::string table = {};
  Partition partition = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, partition);
  }
};
inline constexpr std::size_t buckets = 256;
std::uint8_t bucket_of(const Key& key);

/// Keys and versions in some buckets of a partition.
struct ListBuckets {
  static constexpr std::uint16_t tag = 10;
  using Answer = std::vector<std::pair<Key, Version>>;
  std::string table = {};
  Partition partition = 0;
  std::vector<std::uint8_t> wanted = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, partition, wanted);
  }
};

/// All tables that the replica knows.
struct ListTables {
  static constexpr std::uint16_t tag = 11;
  using Answer = std::vector<TableSchema>;

  template <class Visitor>
  void fields(Visitor&) {}
};

/// The highest ballots promised but not yet accepted, in a partition of a table.
struct ListPromises {
  static constexpr std::uint16_t tag = 12;
  using Answer = std::vector<std::pair<Key, Version>>;
  std::string table = {};
  Partition partition = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, partition);
  }
};

/// All replicas are known to hold these erasures: forget them, if they are still what is there.
struct ForgetErased {
  static constexpr std::uint16_t tag = 13;
  using Answer = Done;
  std::string table = {};
  Partition partition = 0;
  std::vector<std::pair<Key, Version>> erased = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(table, partition, erased);
  }
};

/// A message carries at most so many rows or keys, and about so many bytes.
inline constexpr std::size_t most_rows_a_message = 10'000;
inline constexpr std::size_t most_bytes_a_message = 4 << 20;

}  // namespace evenkeel
