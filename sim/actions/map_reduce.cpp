// Runs a batch over a table, or over a file's lines, on a server that the balancer chooses.
#include <algorithm>

#include "models/balancing/balancers.h"
#include "models/processing/batch_server.h"
#include "models/runtime/user_error.h"
#include "sim/actions/file_name.h"

namespace evenkeel {
namespace {

class MapReduce final : public Action {
 public:
  struct Settings {
    std::string job;
    std::string name = "key";
    void describe(Fields& fields) {
      fields.text("job", job, {"a job of the processing"});
      fields.text("name", name, {"of a file, if the job is about files: key, device, 'text'"});
    }
  };

  MapReduce(const Settings& settings, const ActionSetting& setting) {
    const auto found = std::ranges::find(setting.jobs, settings.job, &BatchJob::name);
    if (found == setting.jobs.end())
      throw UserError("an action runs '" + settings.job +
                      "', which is no job of 'processing.jobs'; add it there: " + settings.job +
                      ": {table: ..., aggregates: ...}");
    job_ = *found;
    if (job_.table.empty())
      file_.emplace(FileNameSettings{.space = job_.space, .name = settings.name}, setting);
  }

  std::vector<std::string> asks() const override { return job_.kinds; }

  Task<Result<Done>> run(ActionCall call) const override {
    BatchQuestion question{
        .spec = job_.spec, .brings = job_.brings, .slow_factor = job_.slow_factor};
    if (job_.table.empty()) {
      Task<Result<Done>> looking = look_up(call, question);
      const Result<Done> found = co_await std::move(looking);
      if (!found) co_return found.error();
    } else {
      question.spec.input = "table:" + job_.table;
      const Layout& layout = call.clients.records->placement().readable();
      for (std::uint32_t part = 0; part < partitions; ++part)
        question.parts.emplace_back(part, layout.replicas[part]);
    }
    const Blob body = job_body(JobKind::batch, question);
    Blob answer_body;
    const Request request{.request_class = call.issue.request_class,
                          .work = 0,
                          .key = call.issue.key,
                          .output_bytes = call.issue.output_bytes,
                          .body = body};
    const Sending how{.input_bytes = call.issue.input_bytes,
                      .give_up_at = time_after(call.node.now(), call.request_class.timeout),
                      .answer_body = &answer_body};
    Balancer& balancer = call.clients.balancers->at(call.issue.seat, call.request_class.pool);
    Task<Answer> dispatching = balancer.dispatch(request, how);
    const Answer answer = co_await std::move(dispatching);
    if (answer.end == RequestEnd::timed_out)
      co_return Error{ErrorCode::timeout, "the batch took too long"};
    if (answer.end == RequestEnd::dropped)
      co_return Error{ErrorCode::overloaded, "the server has no room for the batch"};
    const Result<BatchAnswer> result = result_of_job<BatchAnswer>(answer_body);
    if (!result) co_return result.error();
    *call.phases = answer;
    call.phases->body = {};
    call.node.probe().count("batch rows", call.node.id(), static_cast<double>(result->rows));
    call.node.probe().count("batch groups", call.node.id(),
                            static_cast<double>(result->groups.size()));
    co_return Done{};
  }

 private:
  Task<Result<Done>> look_up(ActionCall call, BatchQuestion& question) const {
    Result<FilePath> path = FilePath::parse("/" + file_->path(call));
    if (!path) co_return path.error();
    Task<Result<FoundFile>> finding = call.clients.files->tree().find(std::move(*path));
    const Result<FoundFile> found = co_await std::move(finding);
    if (!found) co_return found.error();
    std::vector<ChunkKey> chunks;
    for (std::size_t i = 0; i < found->inode.chunks.size(); ++i)
      chunks.push_back(found->inode.chunk(i));
    if (chunks.empty())
      co_return Error{ErrorCode::invalid, "the file is so small that it has no chunks"};
    const Result<std::string> input = file_input(chunks);
    if (!input) co_return input.error();
    question.spec.input = *input;
    const Layout& layout = call.clients.records->placement().readable();
    for (std::uint32_t part = 0; part < chunks.size(); ++part)
      question.parts.emplace_back(part, owners(layout, chunks[part]));
    co_return Done{};
  }

  BatchJob job_;
  std::optional<FileName> file_;
};

const Registered entry{
    actions(), action_entry<MapReduce>("map_reduce", "runs a batch over a table or a file")};

}  // namespace
}  // namespace evenkeel
