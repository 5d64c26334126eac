// A file that is shared (shared_files.h) as its owner describes it: which sealed blocks it is made
// of.
#pragma once

#include "models/sharing/catalogue_entry.h"
#include "models/sharing/stored_blocks.h"

namespace evenkeel {

inline constexpr std::size_t most_shared_blocks = 1 << 14;
inline constexpr std::uint32_t most_block_bytes = 1 << 20;

/// One version of the file, as its owner vouches for it.
struct SharedFile {
  DataSetId id = {};
  std::uint32_t version = 0;  // from 1
  std::uint32_t epoch = 0;    // of the key that it is sealed with
  std::uint64_t bytes = 0;    // of the file
  std::uint32_t block_bytes = 0;
  BlockList list = {};
  Signature signature = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, version, epoch, bytes, block_bytes, list, signature);
  }
  /// What the owner signs.
  Blob content() const;
  /// Signed by the owner, and its parts fit each other.
  bool is_good() const;

  /// How many blocks that many bytes make.
  std::size_t blocks() const { return (bytes + block_bytes - 1) / block_bytes; }
  /// What a block is sealed as: one of another place does not open there.
  std::string place_of(std::size_t block) const {
    return "version " + std::to_string(version) + " block " + std::to_string(block);
  }
};

}  // namespace evenkeel
