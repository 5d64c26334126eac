// Which file an action is about.
#pragma once

#include "sim/actions/row_maker.h"
#include "sim/faults/checks/witness.h"

namespace evenkeel {

struct FileNameSettings {
  std::string space;
  std::string name = "key";
  void describe(Fields& fields);
};

class FileName {
 public:
  /// UserError if there is no such name space.
  FileName(const FileNameSettings& settings, const ActionSetting& setting);
  /// "space/name"
  std::string path(const ActionCall& call) const;

 private:
  std::string space_;
  RowMaker name_;
};

/// By which the witness tells files apart.
std::uint64_t digest_of(std::span<const std::byte> bytes);

}  // namespace evenkeel
