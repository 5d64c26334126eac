// The disk of a node on a real machine: a directory, with the meaning of MemoryDisk. What is
// written stays in memory until sync() puts it into the file, so that a power failure can be played
// without one: lose_power() forgets it.
#pragma once

#include <map>

#include "models/runtime/disk.h"
#include "sim/world/file_descriptor.h"

namespace evenkeel {

/// What was synced is on the operating system's disk: a process that is killed, or a machine that
/// fails, finds it again. A sync() is whole or not at all; only one that appends and is killed
/// halfway may leave a part of what it appends, and zeros. To append costs its bytes; to change
/// what is already synced writes the whole file anew beside the old one.
///
/// A file's name becomes a plain file name by percent_encode(), at most 200 bytes of it: no name
/// leads out of the directory, and longer ones are refused. Errors of the operating system come
/// back as ErrorCode::disk with its reason. The directory is this object's alone while it lives.
class DirectoryDisk final : public Disk {
 public:
  static constexpr std::size_t longest_name = 200;  // bytes, encoded

  /// Makes the directory if it is not there. UserError if it cannot be used, or holds anything that
  /// is not a file of such a disk.
  explicit DirectoryDisk(const std::string& directory,
                         std::uint64_t capacity = std::uint64_t{1} << 40);

  Result<std::size_t> write(std::string_view file, std::uint64_t offset,
                            std::span<const std::byte> bytes) override;
  Result<std::vector<std::byte>> read(std::string_view file, std::uint64_t offset,
                                      std::size_t size) const override;
  Result<std::size_t> sync(std::string_view file) override;
  Result<std::uint64_t> size(std::string_view file) const override;
  Result<std::size_t> truncate(std::string_view file, std::uint64_t size) override;
  /// A file that the operating system does not let go stays in list(), as it was synced last.
  void remove(std::string_view file) override;
  std::vector<std::string> list() const override;

  /// The power fails: what was not synced is gone.
  void lose_power();
  /// Full: no file grows beyond what all files take now. Until it is not.
  void fill(bool full) { limit_ = full ? used() : capacity_; }
  /// The disk is replaced by an empty one.
  void lose_all();

 private:
  // Pages that differ from the file, by number. Beyond `kept` a page that is not here is zeros.
  using Pages = std::map<std::uint64_t, std::vector<std::byte>>;
  struct File {
    Pages pages = {};
    std::uint64_t size = 0;
    std::uint64_t synced = 0;  // the size of the real file
    std::uint64_t kept = 0;    // so many of its bytes have not been cut off since
    bool exists = false;       // as a real file
    bool rewritten = false;    // below `synced`, or cut off there

    void forget();
  };
  using Files = std::map<std::string, File, std::less<>>;

  void adopt(const std::string& name);
  void erase(Files::iterator file);
  int fetch(const std::string& name, const File& file, std::uint64_t offset, std::size_t size,
            Pages& pages) const;
  int append(const std::string& name, const File& file) const;
  int replace(const std::string& name, const File& file) const;
  int settle();
  FileDescriptor open_file(const std::string& plain_name, int flags) const;
  std::uint64_t used() const;

  FileDescriptor directory_;
  Files files_;
  std::uint64_t capacity_;
  std::uint64_t limit_ = capacity_;
  bool settled_ = true;
};

}  // namespace evenkeel
