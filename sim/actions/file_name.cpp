#include "sim/actions/file_name.h"

#include <cstring>

#include "sim/actions/seen_row.h"

namespace evenkeel {

void FileNameSettings::describe(Fields& fields) {
  fields.text("space", space, {"a name space of the storage"});
  fields.text("name", name, {"the file's name: key, unique, device, 'text'"});
}

FileName::FileName(const FileNameSettings& settings, const ActionSetting& setting)
    : space_(settings.space), name_(settings.name) {
  check_space(setting, settings.space);
  name_.check_columns(1, "the name of a file");
}

std::string FileName::path(const ActionCall& call) const {
  std::string name = row_text(name_.row(call));
  for (char& c : name)
    if (c == '/') c = '-';
  return space_ + "/" + name;
}

std::uint64_t digest_of(std::span<const std::byte> bytes) {
  const Digest digest = sha256(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number;
}

}  // namespace evenkeel
