// Runs a batch over a table, or over a file's lines, on a server that the balancer chooses.
#include <algorithm>

#include "models/balancing/balancers.h"
#include "models/processing/batch_rules.h"
#include "models/processing/batch_server.h"
#include "models/runtime/user_error.h"
#include "sim/actions/file_name.h"
#include "sim/actions/shared_client.h"

namespace evenkeel {
namespace {

class MapReduce final : public Action {
 public:
  struct Settings {
    std::string job;
    std::string name = "key";
    SharedSettings shared;
    void describe(Fields& fields) {
      fields.text("job", job, {"a job of the processing"});
      fields.text("name", name, {"of a file, if the job is about files: key, device, 'text'"});
      shared.describe(fields);
    }
  };

  MapReduce(const Settings& settings, const ActionSetting& setting) : shared_(settings.shared) {
    if (!shared_.data_set.empty()) check_data_set(setting, shared_.data_set);
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
      Task<Result<Done>> showing = show_grant(call, question);
      const Result<Done> shown = co_await std::move(showing);
      if (!shown) co_return refused(call, shown.error());
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
    if (!result) co_return failed(call, result.error());
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

  /// Whose rows they are, if it is a party's; nothing: they are shown as nobody's.
  std::optional<DataSetId> data_set(const ActionCall& call) const {
    const SharedClient* shared = call.clients.shared;
    if (shared == nullptr) return std::nullopt;
    if (!shared_.data_set.empty()) return shared->data_sets.at(shared_.data_set);
    const auto own = shared->own_tables.find(job_.table);
    return own == shared->own_tables.end() ? std::nullopt : std::optional{own->second};
  }

  // For every node that may be asked for rows.
  Task<Result<Done>> show_grant(ActionCall call, BatchQuestion& question) const {
    const std::optional<DataSetId> id = data_set(call);
    if (!id) co_return Done{};
    const Result<AggregateSet> aggregates = AggregateSet::make(question.spec.reduce);
    if (!aggregates) co_return aggregates.error();
    GrantRequest request{.operation = GrantOperation::read,
                         .resource = std::string{brought_part},
                         .purpose = shared_.purpose};
    if (!job_.brings) request.resource = batch_part(question.spec);
    if (!job_.brings && batch_kind(*aggregates) == AccessKind::batch) {
      request.operation = GrantOperation::query;
      request.aggregates = batch_functions(question.spec);
    }
    std::vector<NodeId> servers;
    for (const auto& [part, replicas] : question.parts)
      servers.insert(servers.end(), replicas.begin(), replicas.end());
    Task<Result<BatchTokens>> showing =
        call.clients.shared->desk->show_to(std::move(servers), *id, std::move(request));
    Result<BatchTokens> shown = co_await std::move(showing);
    if (!shown) co_return shown.error();
    question.tokens = std::move(*shown);
    co_return Done{};
  }

  Error failed(const ActionCall& call, const Error& why) const {
    if (why.code != ErrorCode::denied) return why;
    if (const std::optional<DataSetId> id = data_set(call))
      call.clients.shared->desk->heard(*id, why);
    return refused(call, why);
  }

  BatchJob job_;
  SharedSettings shared_;
  std::optional<FileName> file_;
};

const Registered entry{
    actions(), action_entry<MapReduce>("map_reduce", "runs a batch over a table or a file")};

}  // namespace
}  // namespace evenkeel
