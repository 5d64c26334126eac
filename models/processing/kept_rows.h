// What a node can compute a batch on: the tables and files that it keeps for others, and rows that
// were brought here. An input's name says which:
//   table:NAME              the partitions of a table, as fresh as this replica
//   file:DATA+PARITY:IDS    the chunks of a file (file_input), as lines; of copies only
//   brought:NUMBER          rows that bring() was given
#pragma once

#include <map>

#include "models/processing/batch_worker.h"
#include "models/storage/files/chunk_store.h"
#include "models/storage/storage.h"

namespace evenkeel {

/// ErrorCode::invalid: the file's chunks are cut into pieces, or are too many to name.
Result<std::string> file_input(const std::vector<ChunkKey>& chunks);

class KeptRows final : public StoredRows {
 public:
  static constexpr std::uint64_t most_brought_bytes = 1 << 30;
  static constexpr std::size_t most_chunks_named = 500;

  /// Both may be null: the node keeps none; else they outlive it.
  KeptRows(const Placement* placement, NodeId self, Storage* storage, ChunkStore* chunks)
      : placement_(placement), self_(self), storage_(storage), chunks_(chunks) {}

  /// ErrorCode::not_found: the node does not keep it. ErrorCode::unreachable: it did, and copies it
  /// from others now.
  Result<std::vector<Row>> read(const std::string& input, std::uint32_t part, std::size_t limit,
                                const std::string& filter = {}) override;
  const TableSchema* table_of(const std::string& input) const override;
  bool is_own(const std::string& input) const override { return brought_.contains(input); }

  /// ErrorCode::full beyond the bound.
  Result<Done> bring(const std::string& input, std::uint32_t part, std::vector<Row> rows);
  void drop(const std::string& input);

 private:
  struct Brought {
    std::uint64_t bytes = 0;
    std::map<std::uint32_t, std::vector<Row>> parts;
  };

  Result<std::vector<Row>> read_table(const std::string& table, std::uint32_t part,
                                      std::size_t limit, const std::string& filter);
  Result<std::vector<Row>> read_file(const std::string& file, std::uint32_t part,
                                     std::size_t limit);

  const Placement* placement_;
  NodeId self_;
  Storage* storage_;
  ChunkStore* chunks_;
  std::map<std::string, Brought> brought_;
  std::uint64_t brought_bytes_ = 0;
};

}  // namespace evenkeel
