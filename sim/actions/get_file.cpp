// Reads a whole file; one that is not there is no failure.
#include "sim/actions/file_name.h"

namespace evenkeel {
namespace {

class GetFile final : public Action {
 public:
  struct Settings {
    FileNameSettings file;
    void describe(Fields& fields) { file.describe(fields); }
  };

  GetFile(const Settings& settings, const ActionSetting& setting) : name_(settings.file, setting) {}

  Task<Result<Done>> run(ActionCall call) const override {
    const std::string path = name_.path(call);
    Task<Result<Blob>> getting = call.clients.files->get(path);
    const Result<Blob> got = co_await std::move(getting);
    if (!got && got.error().code == ErrorCode::not_found) co_return Done{};
    if (!got) co_return got.error();
    if (call.setting.witness != nullptr)
      call.setting.witness->file_got(path, digest_of(*got), call.node.now());
    co_return Done{};
  }

 private:
  FileName name_;
};

const Registered entry{actions(), action_entry<GetFile>("get_file", "reads a file")};

}  // namespace
}  // namespace evenkeel
