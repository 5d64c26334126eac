#include "sim/study/scratch_folder.h"

#include <cstdlib>
#include <filesystem>

#include "models/runtime/user_error.h"

namespace evenkeel {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::string name = (fs::temp_directory_path() / "evenkeel-run-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw UserError("no folder for the run's files can be made in " +
                    fs::temp_directory_path().string());
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace evenkeel
