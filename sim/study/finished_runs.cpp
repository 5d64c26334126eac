#include "sim/study/finished_runs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

namespace fs = std::filesystem;

constexpr const char* suffix = ".run";

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  for (const char* its : {"", "-journal", "-wal", "-shm"}) fs::remove(path.string() + its, ignored);
}

std::vector<fs::path> left_in(const std::string& folder) {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == suffix) paths.push_back(entry.path());
  std::ranges::sort(paths, {}, [](const fs::path& path) {
    return std::pair{path.native().size(), path.native()};  // by number
  });
  return paths;
}

}  // namespace

FinishedRuns::FinishedRuns(const std::string& out) : out_(out), folder_(out + ".parts") {
  std::error_code error;
  fs::create_directory(folder_, error);
  lock_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0) throw UserError({.file = folder_}, std::strerror(errno));
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(lock_);
  throw UserError({.file = out_}, "another comparison is writing to this file");
}

FinishedRuns::~FinishedRuns() {
  std::error_code ignored;
  for (const fs::path& path : left_in(folder_)) remove_quietly(path);
  fs::remove(folder_, ignored);  // not if it holds what is not ours
  ::close(lock_);
}

void FinishedRuns::recover(const std::function<bool(const RunKey&)>& wanted) {
  for (const fs::path& path : left_in(folder_)) {
    try {
      const ResultFile part(path.string(), ResultFile::Mode::read);
      ResultFile out(out_, ResultFile::Mode::write);
      for (const std::int64_t run : part.runs())
        if (wanted(part.key(run)) && !out.has_run(part.key(run))) out.add_run(part.read_run(run));
    } catch (const UserError&) {
      // Half written when its process was killed: it will be run again.
    }
    remove_quietly(path);
  }
}

void FinishedRuns::put(std::size_t number, const RunResult& result) const {
  remove_quietly(part(number));
  ResultFile(part(number), ResultFile::Mode::write).add_run(result);
}

void FinishedRuns::merge(std::size_t number) {
  {
    const ResultFile its(part(number), ResultFile::Mode::read);
    ResultFile out(out_, ResultFile::Mode::write);
    for (const std::int64_t run : its.runs()) out.add_run(its.read_run(run));
  }
  remove_quietly(part(number));
}

std::string FinishedRuns::part(std::size_t number) const {
  return folder_ + "/" + std::to_string(number) + suffix;
}

}  // namespace evenkeel
