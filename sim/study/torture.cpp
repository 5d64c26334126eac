#include "sim/study/torture.h"

#include <fmt/format.h>
#include <poll.h>
#include <string.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

using Json = nlohmann::json;

constexpr int poll_ms = 200;
constexpr const char* answer_mark = "\ntorture: ";
constexpr std::size_t most_told = 10;     // violations of one run
constexpr std::size_t longest_why = 600;  // so that a run's answer fits into what a child may say
constexpr std::uint64_t between_twins = 100;

// What a child says at its end.
void answer(const RunResult& result) {
  Json violations = Json::array();
  std::map<std::string, std::uint64_t> kinds;
  for (const RunEvent& event : result.events) {
    ++kinds[event.kind];
    if (event.kind == violation_event && violations.size() < most_told)
      violations.push_back({event.at_s, event.detail.substr(0, longest_why)});
  }
  const Json all = {{"trace", trace_of(result)},
                    {"requests", result.requests_in_all},
                    {"violations", violations},
                    {"events", kinds}};
  std::fputs((answer_mark + all.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n").c_str(),
             stdout);
}

class Torturer {
 public:
  explicit Torturer(const TortureRequest& request)
      : request_(request), began_s_(request.now_s()), next_(request.first_seed) {
    progress_.all = request.last_seed - request.first_seed + 1;
  }

  TortureOutcome run() {
    while (may_start() || !running_.empty()) {
      if (request_.is_stopped()) {
        outcome_.stopped = true;
        running_.clear();
        break;
      }
      while (may_start() && running_.size() < static_cast<std::size_t>(request_.jobs)) start();
      progress_.running = running_.size();
      request_.on_progress(progress_);
      wait();
      collect();
    }
    std::ranges::stable_sort(outcome_.failures, {}, &TortureFailure::seed);
    if (!request_.keep_going) keep_first();
    return std::move(outcome_);
  }

 private:
  struct Child {
    std::uint64_t seed = 0;
    std::unique_ptr<ChildProcess> process;
  };

  bool may_start() const {
    if (twin_) return true;
    if (next_ > request_.last_seed || next_ < request_.first_seed) return false;
    if (request_.time_s && request_.now_s() - began_s_ >= *request_.time_s) return false;
    return request_.keep_going || outcome_.failures.empty();
  }

  void start() {
    std::uint64_t seed = next_;
    if (twin_) {
      seed = *twin_;
      twin_.reset();
    } else {
      ++next_;
      if ((seed - request_.first_seed) % between_twins == 0) twin_ = seed;
    }
    running_.push_back(
        {seed, std::make_unique<ChildProcess>([this, seed] { answer(request_.run(seed)); })});
  }

  void wait() const {
    std::vector<pollfd> descriptors;
    for (const Child& child : running_)
      descriptors.push_back({.fd = child.process->descriptor(), .events = POLLIN, .revents = 0});
    ::poll(descriptors.data(), descriptors.size(), poll_ms);
  }

  void collect() {
    for (auto child = running_.begin(); child != running_.end();) {
      if (!child->process->has_ended()) {
        ++child;
        continue;
      }
      judge(child->seed, child->process->end());
      child = running_.erase(child);
    }
  }

  void fail(std::uint64_t seed, std::string invariant, double at_s, std::string why) {
    outcome_.failures.push_back({seed, std::move(invariant), at_s, std::move(why)});
  }

  void judge(std::uint64_t seed, const ChildEnd& end) {
    const bool is_second = !seen_.insert(seed).second;
    if (is_second)
      ++outcome_.twice;
    else
      ++outcome_.runs, ++progress_.done;
    const std::size_t mark = end.output.rfind(answer_mark);
    const Json said = mark == std::string::npos
                          ? Json{}
                          : Json::parse(end.output.substr(mark + std::string{answer_mark}.size()),
                                        nullptr, false);
    if (!end.is_fine() || !said.is_object()) {
      if (is_second && has_failed(seed)) return;
      const std::string how = end.signal != 0 ? fmt::format("ended by {}", ::strsignal(end.signal))
                                              : fmt::format("exit code {}", end.exit_code);
      return fail(seed, "run", 0, how + ": " + end.output.substr(0, longest_why));
    }
    const std::uint64_t trace = said.at("trace");
    if (const auto [first, fresh] = traces_.try_emplace(seed, trace); !fresh) {
      if (first->second != trace)
        fail(seed, "determinism", 0, "the same seed gave another run the second time");
      return;
    }
    outcome_.requests += said.at("requests").get<std::uint64_t>();
    for (const auto& [kind, count] : said.at("events").items())
      outcome_.events[kind] += count.get<std::uint64_t>();
    for (const Json& one : said.at("violations")) {
      const std::string why = one.at(1);
      fail(seed, why.substr(0, why.find(':')), one.at(0), why);
    }
    if (!has_twin(seed)) traces_.erase(seed);
  }

  bool has_twin(std::uint64_t seed) const {
    return (seed - request_.first_seed) % between_twins == 0;
  }
  bool has_failed(std::uint64_t seed) const {
    return std::ranges::find(outcome_.failures, seed, &TortureFailure::seed) !=
           outcome_.failures.end();
  }

  // Later seeds may have failed first; which ones depends on the machine.
  void keep_first() {
    if (outcome_.failures.empty()) return;
    const std::uint64_t first = outcome_.failures.front().seed;
    std::erase_if(outcome_.failures, [first](const auto& one) { return one.seed != first; });
  }

  const TortureRequest& request_;
  double began_s_;
  std::uint64_t next_;
  std::optional<std::uint64_t> twin_;  // the next is this one again
  std::vector<Child> running_;
  std::set<std::uint64_t> seen_;
  std::map<std::uint64_t, std::uint64_t> traces_;
  CellProgress progress_;
  TortureOutcome outcome_;
};

}  // namespace

TortureOutcome torture(const TortureRequest& request) { return Torturer{request}.run(); }

std::uint64_t trace_of(const RunResult& result) {
  std::uint64_t hash = 0;
  const auto add = [&hash](std::uint64_t value) {
    hash = mix(hash + 0x9e3779b97f4a7c15ULL + mix(value));
  };
  const auto add_text = [&](const std::string& text) {
    add(text.size());
    for (const char letter : text) add(static_cast<unsigned char>(letter));
  };
  const auto add_number = [&](double value) { add(std::bit_cast<std::uint64_t>(value)); };
  add_text(result.fingerprint);
  for (const RunEvent& event : result.events) {
    add_number(event.at_s);
    add_text(event.node);
    add_text(event.kind);
    add_text(event.detail);
  }
  for (const CountResult& count : result.counts) {
    add_text(count.name);
    for (const auto& [node, amount] : count.nodes) {
      add_text(node);
      add_number(amount);
    }
  }
  for (const LinkResult& link : result.links) add_number(link.bytes);
  return hash;
}

std::string torture_text(const TortureOutcome& outcome,
                         const std::function<std::string(std::uint64_t)>& replay) {
  std::string text;
  std::string broke;
  for (const auto& [kind, count] : outcome.events)
    if (kind != violation_event)
      broke += fmt::format("{}{} {}", broke.empty() ? "" : ", ", kind, count);
  text += fmt::format("{} runs, {} requests", outcome.runs, outcome.requests);
  if (outcome.twice > 0) text += fmt::format("; {} of them run twice", outcome.twice);
  text += "\n";
  if (!broke.empty()) text += "what happened: " + broke + "\n";
  if (outcome.failures.empty()) return text + "every invariant held\n";
  struct Row {
    std::set<std::uint64_t> seeds;
    std::uint64_t count = 0;
  };
  std::map<std::string, Row> rows;
  for (const TortureFailure& failure : outcome.failures) {
    rows[failure.invariant].seeds.insert(failure.seed);
    ++rows[failure.invariant].count;
  }
  text +=
      fmt::format("\n{:<20} {:>10} {:>8} {:>12}\n", "broken", "violations", "seeds", "first seed");
  for (const auto& [invariant, row] : rows)
    text += fmt::format("{:<20} {:>10} {:>8} {:>12}\n", invariant, row.count, row.seeds.size(),
                        *row.seeds.begin());
  std::uint64_t told = 0;
  for (std::size_t i = 0; i < outcome.failures.size(); ++i) {
    const TortureFailure& failure = outcome.failures[i];
    if (i > 0 && outcome.failures[i - 1].seed == failure.seed) continue;
    if (++told > most_told) {
      text += "\n(more seeds failed)\n";
      break;
    }
    text += fmt::format("\nseed {}, at {:.6f} s: {}\n  replay it with: {}\n", failure.seed,
                        failure.at_s, failure.why, replay(failure.seed));
  }
  return text;
}

}  // namespace evenkeel
