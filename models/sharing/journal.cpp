#include "models/sharing/journal.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace evenkeel {
namespace {

constexpr std::size_t head_size = sizeof(std::uint32_t) + sizeof(std::uint64_t);
constexpr std::uint32_t commit_mark = 0xffffffff;  // in place of a length: the rewriting is whole

std::uint64_t check_of(std::uint64_t before, std::uint32_t length, View8 bytes) {
  Blob covered;
  covered.reserve(bytes.size() + 16);
  append(covered, before, length);
  covered.insert(covered.end(), bytes.begin(), bytes.end());
  const Digest digest = sha256(covered);
  std::uint64_t check = 0;
  std::memcpy(&check, digest.data(), sizeof check);
  return check;
}

// The generation of a file of this journal; nothing for other files.
std::optional<std::uint64_t> generation_of(std::string_view file, std::string_view name) {
  if (!file.starts_with(name) || file.size() <= name.size() || file[name.size()] != '.')
    return std::nullopt;
  file.remove_prefix(name.size() + 1);
  const std::size_t dot = file.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::uint64_t generation = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + dot, generation);
  if (error != std::errc{} || end != file.data() + dot) return std::nullopt;
  return generation;
}

}  // namespace

FrameJournal::FrameJournal(Disk& disk, std::string name) : disk_(disk), name_(std::move(name)) {
  load();
}

std::string FrameJournal::file(std::uint64_t generation, std::uint64_t segment) const {
  return name_ + "." + std::to_string(generation) + "." + std::to_string(segment);
}

bool FrameJournal::load_segment(std::uint64_t generation, std::uint64_t segment, bool& committed) {
  const Result<std::vector<std::byte>> bytes =
      disk_.read(file(generation, segment), 0, segment_bytes + longest + head_size);
  if (!bytes) return false;
  segment_ = segment;
  offset_ = 0;
  Reader reader{*bytes};
  while (reader.left() > 0) {
    const auto length = reader.get<std::uint32_t>();
    const auto check = reader.get<std::uint64_t>();
    const bool is_commit = length == commit_mark;
    const std::size_t size = is_commit ? 0 : length;
    if (!reader.ok() || size > longest || size > reader.left()) {
      damaged_ = true;
      return false;
    }
    const View8 content{reader.take(size), size};
    if (check != check_of(last_, length, content)) {
      damaged_ = true;
      return false;
    }
    last_ = check;
    offset_ += head_size + size;
    ++frames_;
    if (is_commit) {
      committed = true;
    } else {
      loaded_.emplace_back(content.begin(), content.end());
    }
  }
  return true;
}

void FrameJournal::load() {
  std::set<std::uint64_t, std::greater<>> generations;
  for (const std::string& each : disk_.list())
    if (const auto generation = generation_of(each, name_)) generations.insert(*generation);
  generations.insert(0);
  for (const std::uint64_t generation : generations) {
    generation_ = generation;
    last_ = mix(generation);
    loaded_.clear();
    frames_ = 0;
    segment_ = offset_ = 0;
    damaged_ = false;
    bool committed = generation == 0;
    for (std::uint64_t segment = 0; load_segment(generation, segment, committed); ++segment) {
    }
    if (committed) break;
  }
  remove_other_generations();
}

void FrameJournal::remove_other_generations() {
  for (const std::string& each : disk_.list()) {
    const auto generation = generation_of(each, name_);
    if (generation && *generation != generation_) disk_.remove(each);
  }
}

Result<Done> FrameJournal::put(View8 bytes, bool is_commit) {
  if (bytes.size() > longest) return Error{ErrorCode::invalid, "an entry longer than a journal's"};
  if (offset_ >= segment_bytes) {
    if (unsynced_) {
      const Result<Done> synced = sync();
      if (!synced) return synced.error();
    }
    ++segment_;
    offset_ = 0;
  }
  const std::uint32_t length = is_commit ? commit_mark : static_cast<std::uint32_t>(bytes.size());
  const Check check = check_of(last_, length, bytes);
  Blob frame;
  frame.reserve(head_size + bytes.size());
  evenkeel::append(frame, length, check);
  frame.insert(frame.end(), bytes.begin(), bytes.end());
  const Result<std::size_t> written = disk_.write(file(generation_, segment_), offset_, frame);
  if (!written) return written.error();
  last_ = check;
  offset_ += frame.size();
  unsynced_ = true;
  ++frames_;
  return Done{};
}

Result<Done> FrameJournal::append(View8 bytes) { return put(bytes, false); }

Result<Done> FrameJournal::sync() {
  if (!unsynced_) return Done{};
  const Result<std::size_t> synced = disk_.sync(file(generation_, segment_));
  if (!synced) return synced.error();
  unsynced_ = false;
  return Done{};
}

Result<Done> FrameJournal::rewrite(const std::vector<Blob>& all) {
  const FrameJournal before = *this;
  ++generation_;
  segment_ = offset_ = 0;
  last_ = mix(generation_);
  frames_ = 0;
  unsynced_ = false;
  Result<Done> done = Done{};
  for (std::size_t i = 0; i < all.size() && done; ++i) done = put(all[i], false);
  if (done) done = put({}, true);
  if (done) done = sync();
  if (done) {
    remove_other_generations();
    return done;
  }
  const std::uint64_t failed = generation_;
  for (const std::string& each : disk_.list())
    if (generation_of(each, name_) == failed) disk_.remove(each);
  generation_ = before.generation_;
  segment_ = before.segment_;
  offset_ = before.offset_;
  last_ = before.last_;
  frames_ = before.frames_;
  unsynced_ = before.unsynced_;
  return done;
}

}  // namespace evenkeel
