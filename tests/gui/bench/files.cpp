#include "tests/gui/bench/files.h"

#include <fmt/format.h>

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>

#include "models/sql/database.h"
#include "sim/metrics/result_file.h"
#include "sim/report/chart_kinds.h"
#include "tests/bench/measured.h"

namespace evenkeel::gui::bench {
namespace {

// Ten sites at load 0.6, so that queues and percentiles are worth a look.
constexpr const char* scenario = R"(name: a million requests
duration: 2000 s
warm_up: 20 s
topology:
  generate: {star: {n: 10, latency: 5 ms, bandwidth: 1 Gbit/s}}
network: {model: latency}
nodes:
  server: {at: every site, cores: 1, speed: 10 Gop/s}
devices:
  client: {at: cloud, count: 100}
workload:
  ask:  {from: client, arrivals: poisson, rate: 4.6 /s, input: 10 kB, work: {exponential: 100 Mop}, output: 1 kB}
  peek: {from: client, arrivals: poisson, rate: 0.5 /s, input: 1 kB, work: {exponential: 200 Mop}, output: 1 kB}
balancing: {at: site, policy: power_of_d, knowledge: own}
)";

}  // namespace

QString runMillion(const QString& folder, const QString& result) {
  const QString path = folder + "/million.yaml";
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(scenario) < 0) return path + ": not written";
  file.close();
  QProcess program;
  program.start(EVENKEEL_BINARY_DIR "/evenkeel", {"run", path, "-o", result});
  constexpr int patienceMs = 600'000;
  if (!program.waitForFinished(patienceMs)) return program.errorString();
  return program.exitCode() == 0 ? QString() : QString(program.readAllStandardError());
}

void keepAll(const QString& result, const QString& all) {
  evenkeel::bench::in_a_child([&]() -> std::uint64_t {
    const ResultFile from(result.toStdString(), ResultFile::Mode::read);
    RunResult run = from.read_run(from.runs().front());
    const std::vector<KeptRequest> kept = std::move(run.requests);
    run.requests = {};
    run.requests.reserve(requests);
    const double counted = run.duration_s - run.warm_up_s;
    for (std::uint64_t i = 0; i < requests; ++i) {
      KeptRequest request = kept[i % kept.size()];
      request.sampled = true;
      RequestRecord& record = request.record;
      const Duration latency = record.latency();
      record.number = i;
      record.sent = seconds(run.warm_up_s + counted * static_cast<double>(i) / requests);
      record.ended = record.sent + latency;
      run.requests.push_back(request);
    }
    ResultFile to(all.toStdString(), ResultFile::Mode::write);
    for (const StudyInfo& study : from.studies()) to.put_study(study);
    to.add_run(run);
    return requests;
  });
}

void asThreeVariants(const QString& result, const QString& three) {
  evenkeel::bench::in_a_child([&]() -> std::uint64_t {
    const ResultFile from(result.toStdString(), ResultFile::Mode::read);
    ResultFile to(three.toStdString(), ResultFile::Mode::write);
    StudyInfo study = from.studies().front();
    const std::vector<std::string> policies = {"power_of_d", "random", "nearest"};
    study.matrix = {{"balancing.policy", policies}};
    study.baseline = policies.back();
    for (const ChartKind& kind : chart_kinds()) study.charts.emplace_back(kind.name);
    to.put_study(study);
    RunResult run = from.read_run(from.runs().front());
    constexpr std::uint64_t seeds = 3;
    for (run.seed = 1; run.seed <= seeds; ++run.seed)
      for (const std::string& policy : policies) {
        run.chosen = {{"balancing.policy", policy}};
        to.add_run(run);
      }
    return seeds * policies.size();
  });
}

double sqliteAlone(const QString& file) {
  QElapsedTimer clock;
  clock.start();
  const Database database(file.toStdString(), Database::Mode::read);
  Statement rows(database, "SELECT * FROM requests");
  double sum = 0;
  while (rows.step())
    for (int column = 0; column < rows.columns(); ++column) sum += rows.real(column);
  return sum > 0 ? static_cast<double>(clock.nsecsElapsed()) / 1e6 : 0;
}

}  // namespace evenkeel::gui::bench
