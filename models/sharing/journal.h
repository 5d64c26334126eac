// An append-only list of byte strings on a node's disk: what was synced survives a crash, a torn or
// corrupted end is recognised and dropped.
#pragma once

#include <string>
#include <vector>

#include "models/crypto/crypto.h"
#include "models/runtime/disk.h"
#include "models/runtime/message.h"

namespace evenkeel {

/// Files `name.generation.segment`, each a list of frames: length, check, bytes. A frame's check is
/// a hash over the one before, so that bytes left over from an earlier life are not taken for new.
/// Each method may return ErrorCode::disk.
class FrameJournal {
 public:
  /// Reads what is there. The disk outlives the journal.
  FrameJournal(Disk& disk, std::string name);

  /// What was read at the start, once.
  std::vector<Blob> take_loaded() { return std::move(loaded_); }
  /// The end of the journal was not whole when it was read.
  bool was_damaged() const { return damaged_; }

  /// Durable after the next sync. At most `longest` bytes.
  Result<Done> append(View8 bytes);
  Result<Done> sync();
  /// Replaces all by these, or leaves all as it was; synced.
  Result<Done> rewrite(const std::vector<Blob>& all);
  /// How many frames were read, appended or rewritten: for deciding when to rewrite.
  std::size_t size() const { return frames_; }

  static constexpr std::size_t longest = 1 << 20;
  static constexpr std::size_t segment_bytes = 32 << 10;

 private:
  using Check = std::uint64_t;

  std::string file(std::uint64_t generation, std::uint64_t segment) const;
  void load();
  bool load_segment(std::uint64_t generation, std::uint64_t segment, bool& committed);
  void remove_other_generations();
  Result<Done> put(View8 bytes, bool is_commit);

  Disk& disk_;
  std::string name_;
  std::uint64_t generation_ = 0;
  std::uint64_t segment_ = 0;
  std::uint64_t offset_ = 0;
  Check last_ = 0;
  bool unsynced_ = false;
  bool damaged_ = false;
  std::size_t frames_ = 0;
  std::vector<Blob> loaded_;
};

}  // namespace evenkeel
