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
  if (end > old_size && used() + (end - old_size) > limit_)
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

// A disk writes sectors whole, or is caught within one; the length of a file is metadata, which has
// its own time.
void MemoryDisk::lose_power(PowerLoss how, Random& random) {
  constexpr std::size_t sector = 512;
  if (how == PowerLoss::drops) return lose_power();
  for (auto file = files_.begin(); file != files_.end();) {
    auto& [name, content] = *file;
    if (!content.was_synced && random.chance(0.5)) {
      file = files_.erase(file);
      continue;
    }
    const auto [shorter, longer] = std::minmax(content.now.size(), content.synced.size());
    std::vector<std::byte> left = content.synced;
    left.resize(shorter + random.below(longer - shorter + 1));
    for (std::size_t at = 0; at < std::min(left.size(), content.now.size()); at += sector) {
      const std::size_t size = std::min({sector, left.size() - at, content.now.size() - at});
      const auto from = content.now.begin() + static_cast<std::ptrdiff_t>(at);
      const auto to = left.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::equal(from, from + static_cast<std::ptrdiff_t>(size), to)) continue;
      const std::uint64_t dice = random.below(4);
      if (dice == 0) continue;  // it never got there
      std::copy_n(from, dice == 1 ? size / 2 : size, to);
      if (dice == 2)
        for (std::size_t i = 0; i < size; ++i)
          to[static_cast<std::ptrdiff_t>(i)] = static_cast<std::byte>(random.below(256));
    }
    content.now = content.synced = std::move(left);
    content.was_synced = true;
    ++file;
  }
}

std::uint64_t MemoryDisk::used() const {
  std::uint64_t total = 0;
  for (const auto& [name, file] : files_) total += file.now.size();
  return total;
}

}  // namespace evenkeel
