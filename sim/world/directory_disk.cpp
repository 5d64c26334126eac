#include "sim/world/directory_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "models/runtime/user_error.h"
#include "sim/world/percent.h"

namespace evenkeel {
namespace {

constexpr std::uint64_t page_size = 4096;
constexpr std::string_view unfinished = "%new";  // ends no encoded name

std::string plain_name(std::string_view file) {
  return file.empty() ? "%empty" : percent_encode(file);
}

std::optional<std::string> name_of(std::string_view plain) {
  return plain == "%empty" ? std::string{} : percent_decode(plain);
}

std::string unfinished_name(const std::string& name) {
  return plain_name(name) + std::string{unfinished};
}

Error disk_error(std::string_view what, std::string_view file, int error) {
  return {ErrorCode::disk, std::string{what} + " " + std::string{file} + ": " +
                               std::generic_category().message(error)};
}

int failed(int result) { return result == 0 ? 0 : errno; }

// Calls with each page's number and the part [from, to) of the page that lies in the range.
template <class Visit>
void for_each_page(std::uint64_t offset, std::uint64_t size, Visit visit) {
  for (const std::uint64_t end = offset + size; offset < end;) {
    const std::uint64_t page = offset / page_size;
    const std::uint64_t from = offset % page_size;
    const std::uint64_t to = std::min(page_size, from + (end - offset));
    visit(page, static_cast<std::ptrdiff_t>(from), static_cast<std::ptrdiff_t>(to));
    offset += to - from;
  }
}

}  // namespace

void DirectoryDisk::File::forget() {
  pages.clear();
  size = synced;
  kept = synced;
  rewritten = false;
}

DirectoryDisk::DirectoryDisk(const std::string& directory, std::uint64_t capacity)
    : directory_(-1), capacity_(capacity) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(directory, error);
  directory_ = FileDescriptor{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory_)
    throw UserError({.file = directory},
                    "cannot be used as a disk: " + std::generic_category().message(errno));
  std::vector<std::string> names;
  for (fs::directory_iterator entry{directory, error}, end; !error && entry != end;
       entry.increment(error))
    names.push_back(entry->path().filename().string());
  if (error) throw UserError({.file = directory}, "cannot be listed: " + error.message());
  try {
    for (const std::string& name : names) adopt(name);
  } catch (const UserError& mistake) {
    throw UserError({.file = directory}, mistake.what());
  }
  for (const std::string& name : names)  // left by a process that was killed
    if (name.ends_with(unfinished)) unlinkat(directory_.get(), name.c_str(), 0);
}

void DirectoryDisk::adopt(const std::string& name) {
  const bool half = name.ends_with(unfinished);
  const auto file =
      name_of(half ? std::string_view{name}.substr(0, name.size() - unfinished.size()) : name);
  struct stat status {};
  if (!file || fstatat(directory_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode))
    throw UserError("holds '" + name +
                    "', which is not a file of a node's disk; give an empty one");
  if (half) return;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  files_[*file] = {.size = size, .synced = size, .kept = size, .exists = true};
}

Result<std::size_t> DirectoryDisk::write(std::string_view file, std::uint64_t offset,
                                         std::span<const std::byte> bytes) {
  const std::string name{file};
  const auto found = files_.find(name);
  File fresh;
  File& target = found == files_.end() ? fresh : found->second;
  if (plain_name(name).size() > longest_name)
    return Error{ErrorCode::disk, "the name is too long: " + name};
  if (offset > capacity_ || bytes.size() > capacity_ - offset)
    return Error{ErrorCode::full, "beyond the end of the disk"};
  const std::uint64_t end = offset + bytes.size();
  if (end > target.size && used() + (end - target.size) > limit_)
    return Error{ErrorCode::full, "the disk is full"};
  if (const int error = fetch(name, target, offset, bytes.size(), target.pages))
    return disk_error("cannot read", name, error);
  auto source = bytes.begin();
  for_each_page(offset, bytes.size(), [&](std::uint64_t page, auto from, auto to) {
    std::copy_n(source, to - from, target.pages[page].begin() + from);
    source += to - from;
  });
  target.rewritten = target.rewritten || (!bytes.empty() && offset < target.synced);
  target.size = std::max(target.size, end);
  if (found == files_.end()) files_.emplace(name, std::move(fresh));
  return bytes.size();
}

Result<std::vector<std::byte>> DirectoryDisk::read(std::string_view file, std::uint64_t offset,
                                                   std::size_t size) const {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  const File& source = found->second;
  std::vector<std::byte> bytes;
  if (offset >= source.size) return bytes;
  bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, source.size - offset)));
  if (offset < source.kept) {
    const auto count = std::min<std::uint64_t>(bytes.size(), source.kept - offset);
    const FileDescriptor opened = open_file(plain_name(file), O_RDONLY);
    const int error = opened ? read_all(opened, bytes.data(), count, offset) : errno;
    if (error != 0) return disk_error("cannot read", file, error);
  }
  auto target = bytes.begin();
  for_each_page(offset, bytes.size(), [&](std::uint64_t page, auto from, auto to) {
    const auto changed = source.pages.find(page);
    if (changed != source.pages.end())
      std::copy(changed->second.begin() + from, changed->second.begin() + to, target);
    target += to - from;
  });
  return bytes;
}

// Puts the pages of the range that are not there yet into `pages`, from the real file.
int DirectoryDisk::fetch(const std::string& name, const File& file, std::uint64_t offset,
                         std::size_t size, Pages& pages) const {
  FileDescriptor opened{-1};
  int error = 0;
  for_each_page(offset, size, [&](std::uint64_t page, auto, auto) {
    if (error != 0 || pages.contains(page)) return;
    std::vector<std::byte> content(page_size);
    const std::uint64_t start = page * page_size;
    if (start < file.kept) {
      if (!opened) opened = open_file(plain_name(name), O_RDONLY);
      const std::uint64_t count = std::min(page_size, file.kept - start);
      error = opened ? read_all(opened, content.data(), count, start) : errno;
    }
    if (error == 0) pages.emplace(page, std::move(content));
  });
  return error;
}

Result<std::size_t> DirectoryDisk::sync(std::string_view file) {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  auto& [name, content] = *found;
  if (!content.exists || content.rewritten) {
    if (const int error = replace(name, content)) return disk_error("cannot sync", file, error);
    settled_ = false;
  } else if (content.size > content.synced) {
    if (const int error = append(name, content)) return disk_error("cannot sync", file, error);
  }
  content.exists = true;
  content.synced = content.size;
  content.forget();
  if (const int error = settle()) return disk_error("cannot sync", file, error);
  return content.size;
}

Result<std::uint64_t> DirectoryDisk::size(std::string_view file) const {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  return found->second.size;
}

Result<std::size_t> DirectoryDisk::truncate(std::string_view file, std::uint64_t size) {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  File& target = found->second;
  if (size >= target.size) return target.size;
  const auto first = target.pages.lower_bound((size + page_size - 1) / page_size);
  target.pages.erase(first, target.pages.end());
  if (const auto last = target.pages.find(size / page_size); last != target.pages.end())
    std::fill(last->second.begin() + static_cast<std::ptrdiff_t>(size % page_size),
              last->second.end(), std::byte{0});
  target.rewritten = target.rewritten || size < target.synced;
  target.kept = std::min(target.kept, size);
  target.size = size;
  return target.size;
}

namespace {

// The part of the pages that lies in [from, to), into the file; from what is no page, zeros.
template <class Pages>
int write_pages(const FileDescriptor& file, const Pages& pages, std::uint64_t from,
                std::uint64_t to) {
  if (const int error = failed(ftruncate(file.get(), static_cast<off_t>(to)))) return error;
  for (const auto& [page, content] : pages) {
    const std::uint64_t start = std::max(from, page * page_size);
    const std::uint64_t end = std::min(to, (page + 1) * page_size);
    if (start >= end) continue;
    const std::byte* first = content.data() + (start - page * page_size);
    if (const int error = write_all(file, first, end - start, start)) return error;
  }
  return failed(fdatasync(file.get()));
}

int copy_file(const FileDescriptor& from, const FileDescriptor& to, std::uint64_t size) {
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, 1 << 20)));
  for (std::uint64_t done = 0; done < size;) {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - done));
    if (const int error = read_all(from, buffer.data(), count, done)) return error;
    if (const int error = write_all(to, buffer.data(), count, done)) return error;
    done += count;
  }
  return 0;
}

}  // namespace

int DirectoryDisk::append(const std::string& name, const File& file) const {
  const FileDescriptor opened = open_file(plain_name(name), O_RDWR);
  if (!opened) return errno;
  // What an earlier attempt may have left there must not show in a gap.
  int error = failed(ftruncate(opened.get(), static_cast<off_t>(file.synced)));
  if (error == 0) error = write_pages(opened, file.pages, file.synced, file.size);
  // If this fails too, a disk opened here later sees what lies beyond; this one does not.
  if (error != 0) (void)!ftruncate(opened.get(), static_cast<off_t>(file.synced));
  return error;
}

int DirectoryDisk::replace(const std::string& name, const File& file) const {
  const std::string half = unfinished_name(name), whole = plain_name(name);
  const auto make = [&] {
    const FileDescriptor opened = open_file(half, O_RDWR | O_CREAT | O_TRUNC);
    if (!opened) return errno;
    if (file.exists) {
      const FileDescriptor old = open_file(whole, O_RDONLY);
      if (!old) return errno;
      if (const int error = copy_file(old, opened, file.kept)) return error;
    }
    if (const int error = write_pages(opened, file.pages, 0, file.size)) return error;
    return failed(renameat(directory_.get(), half.c_str(), directory_.get(), whole.c_str()));
  };
  const int error = make();
  if (error != 0) unlinkat(directory_.get(), half.c_str(), 0);
  return error;
}

// Makes renamed and removed files last. What fails here is tried again, and told, by each sync().
int DirectoryDisk::settle() {
  if (settled_) return 0;
  const int error = failed(fsync(directory_.get()));
  settled_ = error == 0;
  return error;
}

FileDescriptor DirectoryDisk::open_file(const std::string& plain, int flags) const {
  // Only a plain file is ever opened, whoever else writes into the directory.
  return FileDescriptor{
      openat(directory_.get(), plain.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644)};
}

void DirectoryDisk::erase(Files::iterator file) {
  if (file->second.exists) {
    settled_ = false;
    if (unlinkat(directory_.get(), plain_name(file->first).c_str(), 0) != 0 && errno != ENOENT) {
      file->second.forget();
      return;
    }
  }
  files_.erase(file);
}

void DirectoryDisk::remove(std::string_view file) {
  const auto found = files_.find(file);
  if (found == files_.end()) return;
  erase(found);
  settle();
}

std::vector<std::string> DirectoryDisk::list() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

void DirectoryDisk::lose_power() {
  for (auto file = files_.begin(); file != files_.end();) {
    file->second.forget();
    file = file->second.exists ? std::next(file) : files_.erase(file);
  }
}

void DirectoryDisk::lose_all() {
  for (auto file = files_.begin(); file != files_.end();) erase(file++);
  settle();
}

std::uint64_t DirectoryDisk::used() const {
  std::uint64_t total = 0;
  for (const auto& [name, file] : files_) total += file.size;
  return total;
}

}  // namespace evenkeel
