// Names and where they lead: directories, moves and removals, over rows that change one by one.
//
// A new file: its inode, then the entry with the inode's token; it is there with the entry. A move:
// an entry with a new token at the goal, then the inode takes that token and the next epoch, and is
// moved by that; then the old entry goes. Whoever meets an entry whose epoch is still its inode's
// finishes the move, so a crash in between loses nothing and shows nothing twice. To remove a
// directory it is marked first, then looked through; whoever brings something in looks for the
// mark after that, so one of the two sees the other.
#pragma once

#include "models/storage/files/file_rows.h"

namespace evenkeel {

/// "/space/directory/name": the name space, then names, none for its root.
struct FilePath {
  std::string space;
  std::vector<std::string> names;

  static constexpr std::size_t longest_name = 255;
  static constexpr std::size_t most_names = 64;
  /// ErrorCode::invalid: without a space; names are not empty, "." or "..", and without zeros.
  static Result<FilePath> parse(std::string_view text);
};

/// What a name leads to.
struct FoundFile {
  InodeId id = {};
  FileInode inode = {};
};

class FileTree {
 public:
  /// Outlives the node's tasks.
  explicit FileTree(FileRows& rows) : rows_(rows) {}

  static InodeId root_of(std::string_view space);
  /// ErrorCode::not_found: there is no such name, or the file has expired; ErrorCode::invalid: it
  /// is said to be in a file.
  Task<Result<FoundFile>> find(FilePath path);
  Task<Result<FoundFile>> look_up(InodeId directory, std::string name);
  /// The directory that the path's last name is in.
  Task<Result<InodeId>> parent_of(FilePath path);

  /// Makes the inode, at this place. ErrorCode::conflict: the name is taken, or the directory is
  /// being removed. ErrorCode::not_found: the directory is gone. The inode's id is new.
  Task<Result<Done>> add(InodeId id, FileInode inode);
  /// ErrorCode::conflict: the goal is taken, or another directory moves; ErrorCode::invalid: a
  /// directory would be inside itself.
  Task<Result<Done>> move(FilePath from, FilePath to);
  /// What was removed. A directory must be empty (ErrorCode::conflict).
  Task<Result<FileInode>> remove(FilePath path);
  /// As long as this token names it; what was removed, if it was there.
  Task<Result<std::optional<FileInode>>> remove_file(InodeId id, std::uint64_t token);

  /// Names that lead somewhere, behind this one; fewer than `limit`: that was all.
  struct Listed {
    std::string name;
    FoundFile found;
  };
  Task<Result<std::vector<Listed>>> list(InodeId directory, std::string after, std::uint32_t limit);

 private:
  Task<Result<FoundFile>> settle(InodeId directory, std::string name, FileEntry entry);
  Task<Result<Done>> put_entry(InodeId directory, std::string name, FileEntry entry);
  Task<Result<Done>> check_directory(InodeId directory);
  Task<Result<Done>> finish_removing(InodeId directory, std::uint64_t mark);
  /// The move's second half; whoever calls it, it happens once or not at all.
  Task<Result<Done>> take_place(InodeId directory, std::string name, FileEntry entry);
  Task<> call_off(InodeId directory, std::string name, FileEntry entry);
  Task<Result<Done>> move_found(FoundFile found, FilePath to);
  Task<Result<Done>> may_contain(InodeId goal, InodeId moved);
  Task<Result<Done>> lock_moves(std::string space, std::uint64_t mover);
  Task<> unlock_moves(std::string space, std::uint64_t mover);
  Task<Result<FileInode>> remove_directory(FoundFile found);
  Task<Result<Done>> list_one(InodeId directory, FileRows::Item item,
                              std::shared_ptr<std::vector<std::optional<FoundFile>>> into,
                              std::size_t place);

  FileRows& rows_;
};

}  // namespace evenkeel
