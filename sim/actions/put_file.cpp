// Writes a file of random bytes.
#include <fmt/format.h>

#include "sim/actions/file_name.h"

namespace evenkeel {
namespace {

class PutFile final : public Action {
 public:
  struct Settings {
    FileNameSettings file;
    double size = 1e6;
    void describe(Fields& fields) {
      file.describe(fields);
      fields.number("size", size, Unit::bytes, {"of the file", 0, 1e9});
    }
  };

  PutFile(const Settings& settings, const ActionSetting& setting)
      : name_(settings.file, setting), size_(static_cast<std::size_t>(settings.size)) {}

  Task<Result<Done>> run(ActionCall call) const override {
    const std::string path = name_.path(call);
    Blob bytes(size_);
    Random random{mix(call.issue.number)};
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    if (call.setting.witness != nullptr)
      call.setting.witness->file_put(path,
                                     digest_of(bytes));  // it may be seen before it is acknowledged
    Task<Result<FileInfo>> putting = call.clients.files->put(path, std::move(bytes));
    const Result<FileInfo> put = co_await std::move(putting);
    if (!put) co_return put.error();
    co_return Done{};
  }

 private:
  FileName name_;
  std::size_t size_;
};

const Registered entry{actions(), action_entry<PutFile>("put_file", "writes a file")};

}  // namespace
}  // namespace evenkeel
