#include "sim/world/memory_disk.h"

#include <algorithm>

namespace evenkeel {

Result<std::size_t> MemoryDisk::write(std::string_view file, std::uint64_t offset,
                                      std::span<const std::byte> bytes) {
  const auto found = files_.find(file);
  const std::uint64_t old_size = found == files_.end() ? 0 : found->second.now.size();
  if (offset > capacity_ || bytes.size() > capacity_ - offset)
    return Error{ErrorCode::full, "beyond the end of the disk"};
  const std::uint64_t end = offset + bytes.size();
  if (end > old_size && used() + (end - old_size) > capacity_)
    return Error{ErrorCode::full, "the disk is full"};
  std::vector<std::byte>& content = files_[std::string{file}].now;
  if (content.size() < end) content.resize(end);
  std::ranges::copy(bytes, content.begin() + static_cast<std::ptrdiff_t>(offset));
  return bytes.size();
}

Result<std::vector<std::byte>> MemoryDisk::read(std::string_view file, std::uint64_t offset,
                                                std::size_t size) const {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  const std::vector<std::byte>& content = found->second.now;
  if (offset >= content.size()) return std::vector<std::byte>{};
  const auto first = content.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto count = std::min<std::uint64_t>(size, content.size() - offset);
  return std::vector<std::byte>(first, first + static_cast<std::ptrdiff_t>(count));
}

Result<std::size_t> MemoryDisk::sync(std::string_view file) {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  found->second.synced = found->second.now;
  found->second.was_synced = true;
  return found->second.now.size();
}

Result<std::uint64_t> MemoryDisk::size(std::string_view file) const {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  return std::uint64_t{found->second.now.size()};
}

Result<std::size_t> MemoryDisk::truncate(std::string_view file, std::uint64_t size) {
  const auto found = files_.find(file);
  if (found == files_.end()) return Error{ErrorCode::disk, "no file " + std::string{file}};
  std::vector<std::byte>& content = found->second.now;
  content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, content.size())));
  return content.size();
}

void MemoryDisk::remove(std::string_view file) {
  const auto found = files_.find(file);
  if (found != files_.end()) files_.erase(found);
}

std::vector<std::string> MemoryDisk::list() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

void MemoryDisk::lose_power() {
  for (auto file = files_.begin(); file != files_.end();) {
    file->second.now = file->second.synced;
    file = file->second.was_synced ? std::next(file) : files_.erase(file);
  }
}

std::uint64_t MemoryDisk::used() const {
  std::uint64_t total = 0;
  for (const auto& [name, file] : files_) total += file.now.size();
  return total;
}

}  // namespace evenkeel
