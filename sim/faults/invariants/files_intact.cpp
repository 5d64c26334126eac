// A file that comes back is one that was put (F1, F8).
#include <fmt/format.h>

#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class FilesIntact final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const Witness::FileGot& got : witness.files_got()) {
      const auto put = witness.files_put().find(got.name);
      if (put != witness.files_put().end() && put->second.contains(got.digest)) continue;
      found.push_back({.at = got.at,
                       .subject = got.name,
                       .why = fmt::format("what came back ({:016x}) was never put", got.digest)});
    }
  }
};

const Registered entry{invariants(),
                       invariant<FilesIntact>("files_intact", "files come back as they were put")};

}  // namespace
}  // namespace evenkeel
