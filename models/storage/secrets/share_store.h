// The shares of secrets on one node's disk: two files a secret with the same content, written one
// after the other and each with a checksum, so that one of them is whole whenever the power fails.
//
// A store that should be there and is not, or a secret of which neither file can be read, makes the
// store `incomplete`: the node may have had shares that it does not know of any more.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/runtime/disk.h"
#include "models/storage/secrets/secret_messages.h"

namespace evenkeel {

class ShareStore {
 public:
  struct Share {
    Lineage lineage = {};
    std::uint64_t bytes = 0;  // of the secret
    Words values = {};
  };
  struct Record {
    std::uint64_t promised = 0;
    std::vector<Share> shares = {};  // by lineage, ascending

    const Share* find(const Lineage& lineage) const;
    /// Keeps this share, and of the others only that of `base`.
    void keep(Share share, const std::optional<Lineage>& base);
  };

  /// The disk outlives it.
  explicit ShareStore(Disk& disk) : disk_(disk) {}
  ShareStore(const ShareStore&) = delete;

  /// Reads what is on the disk. With nothing there it is complete if nothing was ever kept here.
  Result<Done> open(bool has_run_before);
  /// Only looks at it.
  void read(bool has_run_before);
  bool is_complete() const { return is_complete_; }
  /// Everything that was lost is there again.
  Result<Done> complete();

  const Record* find(const std::string& name) const;
  const std::map<std::string, Record>& all() const { return records_; }
  /// Is durable once the disk is done. What fails may be there all the same after a restart.
  Result<Done> put(const std::string& name, Record record);

 private:
  Result<Done> mark(bool is_complete);
  void load(const std::string& stem);
  Result<Done> write(const std::string& file, std::span<const std::byte> bytes);

  Disk& disk_;
  bool is_complete_ = false;
  std::map<std::string, Record> records_;
  std::map<std::string, std::uint64_t> sequences_;  // of what is on the disk, by name
};

}  // namespace evenkeel
