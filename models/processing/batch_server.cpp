#include "models/processing/batch_server.h"

#include <algorithm>
#include <limits>

namespace evenkeel {
namespace {

constexpr std::size_t most_parts = 10'000;

/// Rows that were brought, until the batch is over.
struct BroughtHere {
  KeptRows& rows;
  std::string input;
  ~BroughtHere() { rows.drop(input); }
};

}  // namespace

struct BatchServer::Bringing {
  Bringing(World& world, std::string its_input, std::string its_name,
           std::vector<BatchPart> its_parts, const BatchTokens& its_tokens)
      : input(std::move(its_input)),
        as(std::move(its_name)),
        parts(std::move(its_parts)),
        tokens(its_tokens),
        is_over(world) {}
  std::string input;
  std::string as;
  std::vector<BatchPart> parts;
  const BatchTokens& tokens;
  std::size_t next = 0;
  std::size_t runners = 0;
  std::uint64_t moved_bytes = 0;
  Result<Done> done{Done{}};
  Signal is_over;
  TaskList running;  // last: its tasks use the rest
};

BatchServer::BatchServer(Node& node, JobServer& jobs, KeptRows& rows,
                         const BatchServerSettings& settings)
    : node_(node), rows_(rows), settings_(settings) {
  jobs.on(JobKind::batch, [this](Request request) { return execute(request); });
}

Task<Blob> BatchServer::execute(Request request) {
  std::optional<BatchQuestion> question = decoded<BatchQuestion>(request.body);
  if (!question || question->parts.size() > most_parts) {
    node_.probe().count("malformed messages", node_.id(), 1);
    co_return job_result(Result<BatchAnswer>{Error{ErrorCode::malformed, "not a batch"}});
  }
  Task<Result<BatchAnswer>> running = run(std::move(*question));
  const Result<BatchAnswer> answer = co_await std::move(running);
  if (answer) {
    node_.probe().count("batches run", node_.id(), 1);
    node_.probe().count("batch bytes moved", node_.id(), static_cast<double>(answer->moved_bytes));
  }
  co_return job_result(answer);
}

Task<Result<BatchAnswer>> BatchServer::run(BatchQuestion question) {
  std::vector<BatchPart> parts;
  for (auto& [part, replicas] : question.parts) parts.push_back({part, std::move(replicas)});
  BatchSettings settings = settings_.batch;
  settings.slow_factor =
      question.slow_factor > 0 ? question.slow_factor : std::numeric_limits<double>::infinity();
  std::uint64_t moved_bytes = 0;
  BroughtHere here{rows_, "brought:" + std::to_string(node_.random()())};
  if (question.brings) {
    Task<Result<std::uint64_t>> bringing =
        bring_all(question.spec.input, here.input, parts, question.tokens);
    const Result<std::uint64_t> brought = co_await std::move(bringing);
    if (!brought) co_return brought.error();
    moved_bytes = *brought;
    question.spec.input = here.input;
    for (BatchPart& part : parts) part.replicas = {node_.id()};
    settings.at_once = std::max<std::size_t>(parts.size(), 1);
  }
  std::vector<NodeId> reducers{node_.id()};
  BatchRunner runner{node_, settings};
  Task<Result<BatchResult>> running = runner.run(std::move(question.spec), std::move(parts),
                                                 std::move(reducers), std::move(question.tokens));
  Result<BatchResult> result = co_await std::move(running);
  if (!result) co_return result.error();
  if (result->groups.size() > settings_.most_groups)
    co_return Error{ErrorCode::full, "the batch comes to more groups than an answer may hold"};
  BatchAnswer answer{.groups = std::move(result->groups),
                     .rows = result->rows,
                     .copies = result->copies,
                     .retries = result->retries,
                     .moved_bytes = moved_bytes + result->moved_bytes};
  co_return answer;
}

Task<Result<std::uint64_t>> BatchServer::bring_all(std::string input, std::string as,
                                                   std::vector<BatchPart> parts,
                                                   const BatchTokens& tokens) {
  Bringing bringing{node_.world(), std::move(input), std::move(as), std::move(parts), tokens};
  const std::size_t runners = std::min(settings_.brings_at_once, bringing.parts.size());
  bringing.runners = runners;
  for (std::size_t i = 0; i < runners; ++i) bringing.running.spawn(bring_some(bringing));
  if (runners > 0) {
    const Signal::Wait wait = bringing.is_over.wait_until(never);
    co_await wait;
  }
  if (!bringing.done) co_return bringing.done.error();
  co_return bringing.moved_bytes;
}

Task<> BatchServer::bring_some(Bringing& bringing) {
  while (bringing.done && bringing.next < bringing.parts.size()) {
    const BatchPart part = bringing.parts[bringing.next++];
    Task<Result<Done>> one = bring(bringing, part);
    const Result<Done> brought = co_await std::move(one);
    if (!brought) bringing.done = brought.error();
  }
  if (--bringing.runners == 0) bringing.is_over.raise();
}

// From whichever replica answers; a page that does not come is asked of the next one.
Task<Result<Done>> BatchServer::bring(Bringing& bringing, BatchPart part) {
  std::vector<Row> rows;
  std::uint64_t from = 0;
  std::size_t failures = 0;
  std::optional<Error> refusal;
  while (failures < 2 * part.replicas.size()) {
    const NodeId replica = part.replicas[failures % part.replicas.size()];
    const auto token = bringing.tokens.find(replica);
    const FetchPart wanted{bringing.input, part.part, from, settings_.page_bytes,
                           token == bringing.tokens.end() ? Blob{} : token->second};
    Task<Result<FetchPart::Answer>> asked =
        ask(node_, replica, Port::jobs, wanted, settings_.page_timeout);
    Result<FetchPart::Answer> page = co_await std::move(asked);
    if (!page) {
      ++failures;
      if (page.error().code == ErrorCode::denied) refusal = page.error();
      from = 0;  // another replica may have other rows
      rows.clear();
      continue;
    }
    if (replica != node_.id()) bringing.moved_bytes += encoded_size(page->rows);
    const bool is_all = page->is_all || page->rows.empty();
    from += page->rows.size();
    for (Row& row : page->rows) rows.push_back(std::move(row));
    if (is_all) co_return rows_.bring(bringing.as, part.part, std::move(rows));
  }
  if (refusal) co_return *refusal;
  co_return Error{ErrorCode::unreachable,
                  "nobody gave part " + std::to_string(part.part) + " of the input"};
}

}  // namespace evenkeel
