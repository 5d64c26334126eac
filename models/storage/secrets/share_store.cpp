#include "models/storage/secrets/share_store.h"

#include <sodium.h>

#include <algorithm>
#include <set>

namespace evenkeel {
namespace {

constexpr std::string_view mark_file = "secrets-mark";
constexpr std::string_view prefix = "secret-";
constexpr std::array<std::string_view, 2> copies = {"-a", "-b"};
constexpr std::size_t longest_file = std::size_t{4} << 20;

struct StoredSecret {
  std::uint64_t sequence = 0;
  std::string name = {};
  std::uint64_t promised = 0;
  std::vector<WireShare> shares = {};

  ~StoredSecret() {
    for (WireShare& share : shares) taken(share.values);
  }
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(sequence, name, promised, shares);
  }
};

struct StoreMark {
  bool is_complete = false;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(is_complete);
  }
};

std::string stem_of(const std::string& name) {
  const Digest digest = sha256(std::as_bytes(std::span{name}));
  return std::string{prefix} + hex({digest.data(), 16});
}

// length | content | SHA-256 of both
template <class T>
SecretBytes framed(const T& value) {
  SecretBytes bytes;
  append(bytes, static_cast<std::uint32_t>(encoded_size(value)), value);
  const Digest digest = sha256(bytes);
  bytes.insert(bytes.end(), digest.begin(), digest.end());
  return bytes;
}

// Whatever follows, as the end of something longer that stood there before.
template <class T>
std::optional<T> read_framed(Disk& disk, std::string_view file) {
  Result<std::vector<std::byte>> read = disk.read(file, 0, longest_file);
  if (!read) return std::nullopt;
  SecretBytes bytes(read->begin(), read->end());
  sodium_memzero(read->data(), read->size());
  std::uint32_t length = 0;
  if (bytes.size() < sizeof length + sizeof(Digest)) return std::nullopt;
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > bytes.size() - sizeof length - sizeof(Digest)) return std::nullopt;
  const std::span<const std::byte> whole{bytes.data(), sizeof length + length};
  const Digest digest = sha256(whole);
  const auto shown = std::span{bytes}.subspan(whole.size(), digest.size());
  if (!std::ranges::equal(digest, shown)) return std::nullopt;
  return decoded<T>(whole.subspan(sizeof length));
}

}  // namespace

const ShareStore::Share* ShareStore::Record::find(const Lineage& lineage) const {
  const auto found = std::ranges::find(shares, lineage, &Share::lineage);
  return found == shares.end() ? nullptr : &*found;
}

void ShareStore::Record::keep(Share share, const std::optional<Lineage>& base) {
  std::erase_if(shares, [&](const Share& one) {
    return !(base && one.lineage == *base) || one.lineage == share.lineage;
  });
  shares.push_back(std::move(share));
  std::ranges::sort(shares, {}, &Share::lineage);
}

Result<Done> ShareStore::open(bool has_run_before) {
  read(has_run_before);
  return mark(is_complete_);
}

void ShareStore::read(bool has_run_before) {
  const std::optional<StoreMark> marked = read_framed<StoreMark>(disk_, mark_file);
  is_complete_ = marked ? marked->is_complete : !has_run_before;
  std::set<std::string> stems;
  for (const std::string& file : disk_.list())
    if (file.starts_with(prefix) && file.size() > copies[0].size())
      stems.insert(file.substr(0, file.size() - copies[0].size()));
  for (const std::string& stem : stems) load(stem);
}

void ShareStore::load(const std::string& stem) {
  std::optional<StoredSecret> best;
  bool any_was_whole = false;
  for (const std::string_view copy : copies) {
    std::optional<StoredSecret> one = read_framed<StoredSecret>(disk_, stem + std::string{copy});
    if (!one || stem_of(one->name) != stem) continue;
    any_was_whole = true;
    if (!best || one->sequence > best->sequence) best = std::move(one);
  }
  // A first write that was torn tells of nothing that was ever acknowledged, but who knows that?
  if (!any_was_whole) is_complete_ = false;
  if (!best) return;
  Record record{.promised = best->promised};
  for (WireShare& share : best->shares)
    record.shares.push_back({share.lineage, share.bytes, taken(share.values)});
  sequences_[best->name] = best->sequence;
  records_[best->name] = std::move(record);
}

Result<Done> ShareStore::mark(bool is_complete) {
  const SecretBytes bytes = framed(StoreMark{is_complete});
  if (Result<Done> written = write(std::string{mark_file}, bytes); !written) return written;
  is_complete_ = is_complete;
  return Done{};
}

Result<Done> ShareStore::complete() { return is_complete_ ? Result<Done>{Done{}} : mark(true); }

const ShareStore::Record* ShareStore::find(const std::string& name) const {
  const auto found = records_.find(name);
  return found == records_.end() ? nullptr : &found->second;
}

Result<Done> ShareStore::put(const std::string& name, Record record) {
  StoredSecret stored{.sequence = sequences_[name] + 1, .name = name, .promised = record.promised};
  for (const Share& share : record.shares)
    stored.shares.push_back({share.lineage, share.bytes, on_wire(share.values)});
  const SecretBytes bytes = framed(stored);
  // The number is used up even if this fails: half of it may be there.
  ++sequences_[name];
  for (const std::string_view copy : copies)
    if (Result<Done> written = write(stem_of(name) + std::string{copy}, bytes); !written)
      return written;
  records_[name] = std::move(record);
  return Done{};
}

Result<Done> ShareStore::write(const std::string& file, std::span<const std::byte> bytes) {
  if (const auto written = disk_.write(file, 0, bytes); !written) return written.error();
  if (const auto cut = disk_.truncate(file, bytes.size()); !cut) return cut.error();
  if (const auto synced = disk_.sync(file); !synced) return synced.error();
  return Done{};
}

}  // namespace evenkeel
