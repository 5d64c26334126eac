// A folder for a run's own files, gone when the run is over.
#pragma once

#include <string>

namespace evenkeel {

class ScratchFolder {
 public:
  /// Below the system's folder for temporary files, for the user alone. UserError if it cannot.
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace evenkeel
