#include "sim/world/memory_disk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace evenkeel {
namespace {

constexpr std::uint64_t sector_size = 512;
constexpr std::uint64_t chunk_size = 4096;
constexpr std::size_t most_kept_capacity = 64 * sector_size;

constexpr std::uint64_t sectors_in(std::uint64_t bytes) {
  return bytes / sector_size + (bytes % sector_size != 0);
}

Error no_file(std::string_view file) { return {ErrorCode::disk, "no file " + std::string{file}}; }

using Sector = std::array<std::byte, sector_size>;

// The sector as a disk leaves it that was caught writing it.
Sector torn(std::span<const std::byte> before, const Sector& after, Random& random) {
  Sector left{};
  std::ranges::copy(before, left.begin());
  switch (random.below(4)) {
    case 0:  // it never got there
      break;
    case 1:
      std::copy_n(after.begin(), sector_size / 2, left.begin());
      break;
    case 2:
      for (std::byte& byte : left) byte = static_cast<std::byte>(random.below(256));
      break;
    default:
      left = after;
  }
  return left;
}

}  // namespace

void MemoryDisk::Content::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::uint64_t number = offset / chunk_size;
    const std::uint64_t from = offset % chunk_size;
    const std::uint64_t size = std::min<std::uint64_t>(bytes.size(), chunk_size - from);
    if (chunks_.size() <= number) chunks_.resize(number + 1);
    std::vector<std::byte>& chunk = chunks_[number];
    if (chunk.capacity() < from + size)
      chunk.reserve(std::min(chunk_size, std::max(from + size, 2 * chunk.capacity())));
    if (chunk.size() < from + size) chunk.resize(from + size);
    std::memcpy(chunk.data() + from, bytes.data(), size);
    bytes = bytes.subspan(size);
    offset += size;
  }
}

void MemoryDisk::Content::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const std::uint64_t number = offset / chunk_size;
    const std::uint64_t from = offset % chunk_size;
    const std::uint64_t size = std::min<std::uint64_t>(bytes.size(), chunk_size - from);
    std::span<const std::byte> there;
    if (number < chunks_.size() && chunks_[number].size() > from)
      there = std::span{chunks_[number]}.subspan(from);
    there = there.first(std::min<std::size_t>(there.size(), size));
    if (!there.empty()) std::memcpy(bytes.data(), there.data(), there.size());
    if (there.size() < size) std::memset(bytes.data() + there.size(), 0, size - there.size());
    bytes = bytes.subspan(size);
    offset += size;
  }
}

void MemoryDisk::Content::cut(std::uint64_t size) {
  const std::uint64_t chunks = size / chunk_size + (size % chunk_size != 0);
  if (chunks_.size() < chunks) return;
  chunks_.resize(chunks);
  if (size % chunk_size != 0 && chunks_.back().size() > size % chunk_size)
    chunks_.back().resize(size % chunk_size);
}

bool MemoryDisk::Before::has(std::uint64_t sector) const {
  return sector / 64 < has_.size() && (has_[sector / 64] >> (sector % 64) & 1) != 0;
}

void MemoryDisk::Before::add(std::uint64_t sector, const Content& content) {
  if (has_.size() <= sector / 64) has_.resize(sector / 64 + 1);
  has_[sector / 64] |= std::uint64_t{1} << (sector % 64);
  sectors_.push_back(sector);
  bytes_.resize(bytes_.size() + sector_size);
  content.read(sector * sector_size, std::span{bytes_}.last(sector_size));
}

void MemoryDisk::Before::clear() {
  for (const std::uint64_t sector : sectors_) has_[sector / 64] = 0;
  sectors_.clear();
  bytes_.clear();
  if (bytes_.capacity() <= most_kept_capacity) return;
  sectors_.shrink_to_fit();
  bytes_.shrink_to_fit();
}

std::span<const std::byte> MemoryDisk::Before::of(std::size_t position) const {
  return std::span{bytes_}.subspan(position * sector_size, sector_size);
}

MemoryDisk::File* MemoryDisk::find(std::string_view file) {
  const auto found = files_.find(file);
  return found == files_.end() ? nullptr : &found->second;
}
const MemoryDisk::File* MemoryDisk::find(std::string_view file) const {
  const auto found = files_.find(file);
  return found == files_.end() ? nullptr : &found->second;
}

// What lies beyond the synced size was nothing before.
void MemoryDisk::keep_before(File& file, std::uint64_t from, std::uint64_t to) {
  if (from == to) return;
  const std::uint64_t end = sectors_in(std::min(to, file.synced_size));
  for (std::uint64_t sector = from / sector_size; sector < end; ++sector)
    if (!file.before.has(sector)) file.before.add(sector, file.now);
}

void MemoryDisk::resize(File& file, std::uint64_t size) {
  if (size < file.size) file.now.cut(size);
  used_ += size - file.size;  // modulo 2^64
  file.size = size;
}

Result<std::size_t> MemoryDisk::write(std::string_view file, std::uint64_t offset,
                                      std::span<const std::byte> bytes) {
  File* found = find(file);
  const std::uint64_t old_size = found == nullptr ? 0 : found->size;
  if (offset > capacity_ || bytes.size() > capacity_ - offset)
    return Error{ErrorCode::full, "beyond the end of the disk"};
  const std::uint64_t end = offset + bytes.size();
  if (end > old_size && used_ + (end - old_size) > limit_)
    return Error{ErrorCode::full, "the disk is full"};
  if (found == nullptr) found = &files_[std::string{file}];
  keep_before(*found, offset, end);
  found->now.write(offset, bytes);
  if (end > old_size) resize(*found, end);
  use_.written_bytes += bytes.size();
  return bytes.size();
}

Result<std::vector<std::byte>> MemoryDisk::read(std::string_view file, std::uint64_t offset,
                                                std::size_t size) const {
  const File* found = find(file);
  if (found == nullptr) return no_file(file);
  if (offset >= found->size) return std::vector<std::byte>{};
  std::vector<std::byte> bytes(std::min<std::uint64_t>(size, found->size - offset));
  found->now.read(offset, bytes);
  use_.read_bytes += bytes.size();
  return bytes;
}

Result<std::size_t> MemoryDisk::sync(std::string_view file) {
  File* found = find(file);
  if (found == nullptr) return no_file(file);
  ++use_.syncs;
  if (sync_lies_) return found->size;
  found->before.clear();
  found->synced_size = found->size;
  found->was_synced = true;
  return found->size;
}

Result<std::uint64_t> MemoryDisk::size(std::string_view file) const {
  const File* found = find(file);
  if (found == nullptr) return no_file(file);
  return found->size;
}

Result<std::size_t> MemoryDisk::truncate(std::string_view file, std::uint64_t size) {
  File* found = find(file);
  if (found == nullptr) return no_file(file);
  if (size < found->size) {
    keep_before(*found, size, found->size);
    resize(*found, size);
  }
  return found->size;
}

void MemoryDisk::remove(std::string_view file) {
  const auto found = files_.find(file);
  if (found == files_.end()) return;
  used_ -= found->second.size;
  files_.erase(found);
}

std::vector<std::string> MemoryDisk::list() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

void MemoryDisk::lose_all() {
  files_.clear();
  used_ = 0;
}

void MemoryDisk::restore(File& file) {
  for (std::size_t i = 0; i < file.before.sectors().size(); ++i)
    file.now.write(file.before.sectors()[i] * sector_size, file.before.of(i));
  file.before.clear();
  file.now.cut(file.synced_size);
  resize(file, file.synced_size);
}

// The length of a file is metadata, which has its own time.
void MemoryDisk::tear(File& file, Random& random) {
  const std::uint64_t grown = sectors_in(file.size);
  const std::uint64_t before = sectors_in(file.synced_size);
  std::uint64_t left = file.size;
  if (file.size < file.synced_size) {
    if (random.chance(0.5)) left = file.synced_size;
  } else if (file.size > file.synced_size) {
    const std::uint64_t whole = file.synced_size / sector_size;
    const std::uint64_t sectors = whole + random.below(grown - whole + 1);
    left = std::clamp(sectors * sector_size, file.synced_size, file.size);
  }
  const auto change = [&](std::uint64_t sector, std::span<const std::byte> was) {
    const std::uint64_t from = sector * sector_size;
    if (from >= file.size) return file.now.write(from, was);  // cut off, but not written
    Sector after{};
    std::ranges::copy(was, after.begin());
    file.now.read(from, std::span{after}.first(std::min(sector_size, file.size - from)));
    file.now.write(from, torn(was, after, random));
  };
  for (std::size_t i = 0; i < file.before.sectors().size(); ++i)
    change(file.before.sectors()[i], file.before.of(i));
  const Sector nothing{};
  for (std::uint64_t sector = before; sector < grown; ++sector) change(sector, nothing);
  file.now.cut(left);
  file.before.clear();
  used_ += left - file.size;  // modulo 2^64
  file.size = file.synced_size = left;
}

void MemoryDisk::lose_power() {
  for (auto file = files_.begin(); file != files_.end();) {
    restore(file->second);
    file = file->second.was_synced ? std::next(file) : files_.erase(file);
  }
}

void MemoryDisk::lose_power(PowerLoss how, Random& random) {
  if (how == PowerLoss::drops) return lose_power();
  for (auto file = files_.begin(); file != files_.end();) {
    File& content = file->second;
    if (!content.was_synced && random.chance(0.5)) {
      used_ -= content.size;
      file = files_.erase(file);
      continue;
    }
    tear(content, random);
    content.was_synced = true;
    ++file;
  }
}

}  // namespace evenkeel
