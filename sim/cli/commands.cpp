#include "sim/cli/commands.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "models/mpc/function.h"
#include "models/mpc/queries/private_query.h"
#include "models/processing/aggregate.h"
#include "models/processing/mapper.h"
#include "models/processing/window.h"
#include "models/runtime/user_error.h"
#include "sim/cli/compare_command.h"
#include "sim/cli/mpc_command.h"
#include "sim/cli/node_command.h"
#include "sim/cli/run_command.h"
#include "sim/cli/scenario_files.h"
#include "sim/cli/torture_command.h"
#include "sim/cli/trace_command.h"
#include "sim/cli/validate_command.h"
#include "sim/deployment/deployment.h"
#include "sim/faults/invariant.h"
#include "sim/metrics/export.h"
#include "sim/report/report.h"
#include "sim/scenario/list.h"
#include "sim/scenario/names.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/schema.h"
#include "sim/study/comparison.h"
#include "sim/study/run.h"
#include "sim/study/setup.h"
#include "sim/topology/analysis.h"
#include "sim/topology/readers.h"

namespace evenkeel {
namespace {

/// Runs what a command does to its end, however it reports.
template <class Options>
CLI::App* command(CLI::App& app, const std::string& name, const std::string& summary,
                  std::shared_ptr<Options> options, int& status, int (*run)(const Options&)) {
  CLI::App* sub = app.add_subcommand(name, summary);
  sub->callback([options, &status, run] { status = run(*options); });
  return sub;
}

void add_sets(CLI::App* sub, std::vector<std::string>& sets) {
  sub->add_option("--set", sets, "path=value: change a setting of the scenario")->take_all();
}

void add_run(CLI::App& app, int& status) {
  auto options = std::make_shared<RunCommandOptions>();
  CLI::App* sub = command(app, "run", "Run a scenario once and print what came of it", options,
                          status, run_command);
  sub->add_option("scenario", options->scenario, "the scenario file")->required();
  sub->add_option("--seed", options->seed, "seed of all randomness (default: the scenario's)");
  add_sets(sub, options->sets);
  sub->add_option("--world", options->world, "simgrid (virtual time) or sockets (real time)");
  sub->add_flag("--processes", options->processes, "on sockets, a process for each node");
  sub->add_flag("--netns", options->netns, "on sockets, a network namespace for each node (root)");
  sub->add_flag("--plain", options->plain, "on sockets, TCP without TLS");
  sub->add_flag("--burn", options->burn, "on sockets, computations use the processor");
  sub->add_option("-o,--out", options->out, "keep the results in this file");
  sub->add_flag("--json", options->json, "print one JSON object");
  sub->add_flag("--fingerprint", options->fingerprint, "print only the run's fingerprint");
}

void add_node(CLI::App& app, int& status) {
  auto options = std::make_shared<NodeCommandOptions>();
  CLI::App* sub = command(app, "node", "Be one node of a scenario, for a run on sockets elsewhere",
                          options, status, node_command);
  sub->add_option("--listen", options->listen, "address and port to be called at: 10.0.0.2:7000");
  sub->add_option("--scenario", options->scenario, "the scenario file, as the run has it");
  sub->add_option("--id", options->id, "which node: its name or number");
  sub->add_option("--credentials", options->credentials,
                  "the node's folder of those that `evenkeel credentials` made");
  sub->add_flag("--plain", options->plain, "TCP without TLS");
  sub->add_flag("--once", options->once, "end after one run");
  sub->add_option("--line", options->line, "")->group("");
  sub->add_option("--links", options->links, "")->group("");
}

void add_credentials(CLI::App& app, int& status) {
  auto options = std::make_shared<CredentialsCommandOptions>();
  CLI::App* sub =
      command(app, "credentials", "Make throw-away certificates for nodes on other machines",
              options, status, credentials_command);
  sub->add_option("scenario", options->scenario, "the scenario file")->required();
  sub->add_option("-o,--out", options->out, "the folder: one for each node in it, by number")
      ->required();
}

void add_compare(CLI::App& app, int& status) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* sub = command(app, "compare", "Compare policies, or anything else, over a scenario",
                          options, status, compare_command);
  sub->add_option("scenario", options->scenario, "the scenario file")->required();
  sub->add_option("--vary", options->vary, "path=v1,v2,...: what to compare (several: all pairs)")
      ->take_all();
  add_sets(sub, options->sets);
  sub->add_option("--seeds", options->seeds, "runs of each variant (default: the scenario's)");
  sub->add_option("-j,--jobs", options->jobs, "runs at a time (default: the processor's cores)");
  sub->add_option("--baseline", options->baseline, "the value to compare the others with");
  sub->add_option("-o,--out", options->out, "the result file (default: result-NAME.evenkeel)");
  sub->add_flag("--json", options->json, "print one JSON object");
  sub->add_option("--progress", options->progress,
                  "text, or json: what happens to each run, a line each, on standard error")
      ->check(CLI::IsMember({"text", "json"}));
}

void add_trace(CLI::App& app, int& status) {
  auto options = std::make_shared<TraceOptions>();
  CLI::App* sub = command(app, "trace",
                          "Follow one request: every message, computation and wait that it caused, "
                          "by repeating its run",
                          options, status, trace_command);
  sub->add_option("file", options->file, "a scenario, or a result file")->required();
  sub->add_option("request", options->request, "its number, in order of arrival, from 0")
      ->required();
  sub->add_option("--run", options->run, "of a result file with several runs, which");
  sub->add_option("--seed", options->seed, "of a scenario, the run's (default: the scenario's)");
  add_sets(sub, options->sets);
  sub->add_flag("--json", options->json, "print one JSON object");
}

void add_torture(CLI::App& app, int& status) {
  auto options = std::make_shared<TortureOptions>();
  CLI::App* sub = command(app, "torture",
                          "Run a scenario under random faults, and check that "
                          "what it promises holds",
                          options, status, torture_command);
  sub->add_option("scenario", options->scenario, "the scenario file")->required();
  sub->add_option("--seeds", options->seeds, "A..B: the runs' seeds (default: 1..100)");
  sub->add_option("-j,--jobs", options->jobs, "runs at a time (default: the processor's cores)");
  sub->add_option("--for", options->time, "start no new run after this time: 10min");
  add_sets(sub, options->sets);
  sub->add_flag("--keep-going", options->keep_going, "run all seeds, whatever fails");
  sub->add_flag("--plan", options->plan, "only print what would break, as a scenario's faults");
}

void add_mpc(CLI::App& app, int& status) {
  auto options = std::make_shared<MpcOptions>();
  CLI::App* sub = command(app, "mpc",
                          "Try a multi-party computation: what its formula says, what a run in "
                          "virtual time says, and what sockets say",
                          options, status, mpc_command);
  sub->add_option("protocol", options->protocol,
                  "see `evenkeel list protocols`; or a private query, as psi_sum");
  sub->add_option("function", options->function,
                  "see `evenkeel list functions`; a private query has none");
  sub->add_option("--set", options->sets,
                  "name=value: a setting of the protocol that has a choice, as offline=transfers")
      ->take_all();
  sub->add_option("--parties", options->parties, "how many compute (default: as few as can)");
  sub->add_option("--clients", options->clients, "how many others own the data (default: none)");
  sub->add_option("--size", options->size,
                  "numbers that each owner has; of a private query, elements of each set or rows");
  sub->add_option("--common", options->common, "elements in both sets (default: half of them)");
  sub->add_option("--bytes", options->row_bytes, "of a row that is retrieved (default: 64)");
  sub->add_option("--bits", options->bits, "each is below 2^bits in magnitude");
  sub->add_option("--fraction", options->fraction, "bits kept after the binary point");
  sub->add_option("--rtt", options->round_trip, "between any two: 20 ms (default: none)");
  sub->add_option("--bandwidth", options->bandwidth, "of each pair: 100 Mbit/s (default: any)");
  sub->add_option("--speed", options->speed, "of a core, in virtual time (default: 2 Gop/s)");
  sub->add_option("--world", options->world, "simgrid, or sockets: then both");
  sub->add_flag("--tls", options->tls, "on sockets, TLS 1.3");
  sub->add_option("--seed", options->seed, "seed of all randomness");
  sub->add_option("--costs", options->costs, "a file of what primitives take, by --calibrate");
  sub->add_flag("--calibrate", options->calibrate, "measure what primitives take here, no more");
  sub->add_option("-o,--out", options->out, "with --calibrate, keep it in this file");
  sub->add_flag("--json", options->json, "print one JSON object");
}

void add_validate(CLI::App& app, int& status) {
  auto options = std::make_shared<ValidateOptions>();
  CLI::App* sub = command(app, "validate", "Say everything that is wrong with scenario files",
                          options, status, validate_command);
  sub->add_option("scenarios", options->scenarios, "scenario files");
  sub->add_flag("--json", options->json, "print one JSON object a file");
  sub->add_option("--input-as", options->input_as,
                  "read the text from standard input, as if this file held it");
}

struct TopologyOptions {
  std::string file;
  bool json = false;
};

int topology_command(const TopologyOptions& options) {
  const Graph graph = read_topology_file(options.file);
  if (options.json)
    std::cout << topology_json(graph).dump(2) << '\n';
  else
    std::cout << describe_topology(graph);
  return 0;
}

void add_topology(CLI::App& app, int& status) {
  auto options = std::make_shared<TopologyOptions>();
  CLI::App* sub = command(app, "topology", "Describe a topology file and what it hinges on",
                          options, status, topology_command);
  sub->add_option("file", options->file, "GraphML, SimGrid platform, CSV of sites, or pings")
      ->required();
  sub->add_flag("--json", options->json, "print one JSON object");
}

struct ListOptions {
  std::string what;
  bool json = false;
};

const std::vector<std::pair<std::string, const Catalogue*>>& lists() {
  static const std::vector<std::pair<std::string, const Catalogue*>> all{
      {"policies", &catalogues().policies},
      {"knowledge", &catalogues().knowledge},
      {"arrivals", &catalogues().arrivals},
      {"services", &catalogues().services},
      {"movements", &catalogues().movements},
      {"topologies", &catalogues().topologies},
      {"actions", &catalogues().actions},
      {"windows", &windowings()},
      {"aggregates", &aggregates()},
      {"mappers", &mappers()},
      {"faults", &catalogues().faults},
      {"invariants", &invariants()},
      {"protocols", &protocols()},
      {"private_queries", &private_queries()},
      {"functions", &functions()}};
  return all;
}

int list_command(const ListOptions& options) {
  nlohmann::ordered_json json;
  for (const auto& [name, catalogue] : lists()) {
    const bool is_protocol = name == "private_queries" && options.what == "protocols";
    if (!options.what.empty() && options.what != name && !is_protocol) continue;
    if (options.json)
      json[name] = list_catalogue_json(*catalogue);
    else
      fmt::print("{}{}\n", options.what.empty() ? name + "\n" : "", list_catalogue(*catalogue));
  }
  if (options.what.empty() || options.what == "scenarios")
    for (const ScenarioFile& file : shipped_scenarios()) {
      if (options.json)
        json["scenarios"].push_back({{"file", file.path}, {"question", file.question}});
      else
        fmt::print("{}\n    {}\n", file.path, file.question);
    }
  if (options.json) std::cout << json.dump(2) << '\n';
  return 0;
}

void add_list(CLI::App& app, int& status) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* sub = command(app, "list", "List what a scenario can choose from, with all settings",
                          options, status, list_command);
  sub->add_option("what", options->what, "one list only")
      ->check(
          CLI::IsMember({"policies", "knowledge", "arrivals", "services", "movements", "topologies",
                         "actions", "windows", "aggregates", "mappers", "faults", "invariants",
                         "protocols", "private_queries", "functions", "scenarios"}));
  sub->add_flag("--json", options->json, "print one JSON object");
}

struct NoOptions {};

int schema_command(const NoOptions&) {
  std::cout << scenario_schema().dump(2) << '\n';
  return 0;
}

struct ExportOptions {
  std::string file;
  std::string what;
  std::string format = "csv";
};

int export_command(const ExportOptions& options) {
  const ResultFile file{options.file, ResultFile::Mode::read};
  export_result(file, *export_what_named(options.what), *export_format_named(options.format),
                std::cout);
  return std::cout.flush() ? 0 : 1;
}

void add_export(CLI::App& app, int& status) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* sub = command(app, "export", "Print a result file as a tidy table", options, status,
                          export_command);
  sub->add_option("result", options->file, "the result file")->required();
  sub->add_option("--what", options->what, "which table")
      ->required()
      ->check(CLI::IsMember({"scalars", "facts", "series", "requests", "histograms"}));
  sub->add_option("--format", options->format, "csv or json")
      ->check(CLI::IsMember({"csv", "json"}));
}

struct ReportOptions {
  std::string file;
  std::string out;
};

int report_command(const ReportOptions& options) {
  const ResultFile file{options.file, ResultFile::Mode::read};
  std::ofstream out{options.out, std::ios::binary};
  if (!out) throw UserError({options.out}, "cannot be written");
  write_report(file, comparison_rows(file), out);
  if (!out.flush()) throw UserError({options.out}, "could not be written to its end");
  return 0;
}

void add_report(CLI::App& app, int& status) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* sub = command(app, "report", "Write a result file as one HTML page", options, status,
                          report_command);
  sub->add_option("result", options->file, "the result file")->required();
  sub->add_option("-o,--out", options->out, "the HTML file")->required();
}

}  // namespace

void add_commands(CLI::App& app, int& status) {
  add_run(app, status);
  add_node(app, status);
  add_credentials(app, status);
  add_compare(app, status);
  add_trace(app, status);
  add_torture(app, status);
  add_mpc(app, status);
  add_validate(app, status);
  add_topology(app, status);
  add_list(app, status);
  command(app, "schema", "Print the JSON Schema of scenario files, for editors",
          std::make_shared<NoOptions>(), status, schema_command);
  add_export(app, status);
  add_report(app, status);
}

}  // namespace evenkeel
