#include "sim/cli/mpc_command.h"

#include <fmt/format.h>
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "models/mpc/accuracy.h"
#include "models/runtime/user_error.h"
#include "sim/cli/calibrate.h"
#include "sim/mpc/calibration.h"
#include "sim/mpc/query_trial.h"
#include "sim/scenario/mistake.h"
#include "sim/scenario/quantity.h"
#include "sim/study/text_table.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t most_seats = 10'000;
constexpr std::size_t most_numbers = 100'000'000;

double quantity_of(const std::string& option, const std::string& text, Unit unit) {
  const auto read = parse_quantity(text, unit);
  if (const auto* bad = std::get_if<BadQuantity>(&read))
    throw UserError(option + " " + text + ": " + bad->message);
  return std::get<double>(read);
}

// `others`: what else may stand there.
void check_name(const Catalogue& catalogue, const std::string& name,
                std::span<const std::string_view> others = {}) {
  if (catalogue.find(name) != nullptr) return;
  std::vector<std::string> names{others.begin(), others.end()};
  for (const Entry& entry : catalogue.entries()) names.push_back(entry.name);
  throw UserError(fmt::format("no {} '{}'{}", catalogue.kind(), name, suggestion(name, names)));
}

// Options by name, of a protocol; the first that does not fit is thrown.
class ChosenOptions final : public Fields {
 public:
  explicit ChosenOptions(const std::vector<std::string>& sets) {
    for (const std::string& set : sets) {
      const std::size_t equals = set.find('=');
      if (equals == std::string::npos)
        throw UserError(fmt::format("--set {}: write name=value, as offline=transfers", set));
      chosen_[set.substr(0, equals)] = set.substr(equals + 1);
    }
  }

  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About&) override {
    names_.emplace_back(name);
    const auto chosen = chosen_.find(std::string{name});
    if (chosen == chosen_.end()) return;
    value = chosen->second;
    if (std::ranges::find(options, value) == options.end())
      throw UserError(fmt::format(
          "--set {}={}: '{}' is one of {}{}", name, value, name, fmt::join(options, ", "),
          suggestion(value, std::vector<std::string>{options.begin(), options.end()})));
  }
  void number(std::string_view, double&, Unit, const About&) override {}
  void integer(std::string_view, std::int64_t&, const About&) override {}
  void boolean(std::string_view, bool&, const About&) override {}
  void duration(std::string_view, Duration&, const About&) override {}
  void text(std::string_view, std::string&, const About&) override {}
  void choice(std::string_view, std::string&, std::any&, const Catalogue&, const About&) override {}
  void numbers(std::string_view, std::vector<double>&, Unit, const About&) override {}
  void file(std::string_view, std::string&, const About&) override {}
  void refuse(std::string_view name, const std::string& message) override {
    throw UserError(fmt::format("--set {}: {}", name, message));
  }

  /// Once all options were asked for.
  void check(const std::string& protocol) const {
    for (const auto& [name, value] : chosen_)
      if (std::ranges::find(names_, name) == names_.end())
        throw UserError(fmt::format("--set {}={}: {} has no choice '{}'{}", name, value, protocol,
                                    name, suggestion(name, names_)));
  }

 private:
  std::map<std::string, std::string> chosen_;
  std::vector<std::string> names_;
};

ProtocolKind protocol_of(const MpcOptions& options) {
  ChosenOptions chosen{options.sets};
  ProtocolKind kind =
      std::any_cast<ProtocolKind>(protocols().find(options.protocol)->configure(chosen));
  chosen.check(options.protocol);
  if (kind.promises.needs_virtual_time && options.world == "sockets")
    throw UserError(
        fmt::format("{} with a cost that is modelled runs in virtual time alone, where it can be "
                    "charged; leave "
                    "out --world sockets, or take offline=dealer or offline=transfers",
                    options.protocol));
  return kind;
}

MpcLab lab_of(const MpcOptions& options) {
  if (options.world != "simgrid" && options.world != "sockets")
    throw UserError(fmt::format("--world {}: simgrid or sockets", options.world));
  MpcLab lab{.plain = !options.tls, .seed = options.seed};
  lab.round_trip = seconds(quantity_of("--rtt", options.round_trip, Unit::time));
  if (options.bandwidth)
    lab.bandwidth = quantity_of("--bandwidth", *options.bandwidth, Unit::bandwidth);
  lab.speed = quantity_of("--speed", options.speed, Unit::speed);
  if (!(lab.bandwidth > 0) || !(lab.speed > 0) || lab.round_trip < Duration{})
    throw UserError("--bandwidth and --speed are above 0, --rtt is 0 or more");
  return lab;
}

// Its kind, if the protocol asked for is a private query.
std::optional<PrivateQueryKind> query_of(const MpcOptions& options) {
  const auto found = std::ranges::find(private_query_names, options.protocol);
  if (found == private_query_names.end()) return std::nullopt;
  return static_cast<PrivateQueryKind>(found - private_query_names.begin());
}

QueryTrial query_trial_of(const MpcOptions& options, PrivateQueryKind kind) {
  if (!options.function.empty())
    throw UserError(fmt::format("{} is a private query and computes no function, '{}' neither",
                                options.protocol, options.function));
  const bool retrieves = kind == PrivateQueryKind::retrieval;
  const std::uint32_t clients = retrieves ? 1 : 0;
  if (options.parties.value_or(2) != 2 || (options.clients != 0 && options.clients != clients))
    throw UserError(fmt::format("{} has 2 parties and {} clients", options.protocol, clients));
  QueryTrial trial{.query = {.kind = kind, .items = options.size, .row_bytes = options.row_bytes},
                   .common = options.common.value_or(options.size / 2),
                   .lab = lab_of(options)};
  trial.lab.clients = clients;
  if (trial.common > options.size)
    throw UserError(
        fmt::format("--common {}: both sets have {} elements in all", trial.common, options.size));
  return trial;
}

MpcTrial trial_of(const MpcOptions& options) {
  check_name(protocols(), options.protocol, private_query_names);
  if (options.function.empty())
    throw UserError(fmt::format("{} computes a function: name one of `evenkeel list functions`",
                                options.protocol));
  check_name(functions(), options.function);
  const MpcLab lab = lab_of(options);
  if (options.bits < 1 || options.bits > 62 || options.fraction < 0 || options.fraction > 61)
    throw UserError("--bits is from 1 to 62, --fraction from 0 to 61");
  MpcTrial trial;
  trial.computation.kind = protocol_of(options);
  trial.computation.function = function_named(options.function);
  trial.parties = options.parties.value_or(trial.computation.kind.promises.fewest_parties);
  trial.clients = options.clients;
  if (trial.parties + trial.clients > most_seats || trial.parties == 0)
    throw UserError(fmt::format("1 to {} parties and clients in all", most_seats));
  trial.round_trip = lab.round_trip;
  trial.bandwidth = lab.bandwidth;
  trial.speed = lab.speed;
  trial.plain = lab.plain;
  trial.seed = lab.seed;
  Problem& problem = trial.computation.problem;
  problem.owners = trial.clients > 0 ? trial.clients : trial.parties;
  problem.size = options.size;
  problem.bits = options.bits;
  problem.fraction = options.fraction;
  problem.round_trip = trial.round_trip;
  problem.bandwidth = trial.bandwidth;
  if (options.size == 0 || options.size > most_numbers / problem.owners)
    throw UserError(fmt::format("--size is from 1 to {} for {} owners",
                                most_numbers / problem.owners, problem.owners));
  return trial;
}

template <class Trial>
MpcOutcome outcome_of(const Trial& trial) {
  Result<MpcOutcome> outcome = try_out(trial);
  if (!outcome && outcome.error().code == ErrorCode::invalid)
    throw UserError(outcome.error().detail);
  if (!outcome)
    throw std::runtime_error(
        fmt::format("{}: {}", to_string(outcome.error().code), outcome.error().detail));
  return std::move(*outcome);
}

// Until the last seat was through with it, from when the last was through with what came before.
double seconds_of(const MpcOutcome& outcome, std::string_view mark) {
  Time before{};
  Time after{};
  for (const MpcOutcome::PerSeat& seat : outcome.seats)
    for (std::size_t i = 1; i < seat.marks.size(); ++i)
      if (seat.marks[i].name == mark) {
        before = std::max(before, seat.marks[i - 1].at);
        after = std::max(after, seat.marks[i].at);
      }
  return to_seconds(after - before);
}

bool is_right(const MpcOutcome& outcome) {
  return is_within_bound(outcome.answer, outcome.right, outcome.error_bound);
}

constexpr std::string_view parts[] = {"set up", "entered", "computed", "opened"};

// `title`: what was tried out, and what it promises.
void print(const std::string& title, std::size_t parties, const MpcOutcome& virtual_time,
           const MpcOutcome* sockets) {
  fmt::print("{}\n\n", title);
  TextTable table{.columns = {"", "formula", "simgrid"}};
  if (sockets != nullptr) table.columns.emplace_back("sockets");
  const auto add = [&](std::string name, std::string formula, auto&& of) {
    std::vector<std::string> row{std::move(name), std::move(formula), of(virtual_time)};
    if (sockets != nullptr) row.push_back(of(*sockets));
    table.rows.push_back(std::move(row));
  };
  const auto time = [](double value) {
    return format_quantity(std::round(value * 1e9) * 1e-9, Unit::time);
  };
  const Cost& formula = virtual_time.formula;
  add("rounds, offline", fmt::format("{}", formula.offline_rounds),
      [](const MpcOutcome& one) { return fmt::format("{}", one.offline_rounds); });
  add("rounds, online", fmt::format("{}", formula.online_rounds()),
      [](const MpcOutcome& one) { return fmt::format("{}", one.online_rounds); });
  add("rounds, longest chain", fmt::format("{}", formula.rounds),
      [](const MpcOutcome& one) { return fmt::format("{}", one.rounds); });
  constexpr std::size_t most_rows = 8;
  for (std::size_t i = 0; i < std::min(virtual_time.seats.size(), most_rows); ++i) {
    const std::string who =
        i < parties ? fmt::format("party {}", i) : fmt::format("client {}", i - parties);
    const MpcOutcome::PerSeat& by_formula = virtual_time.seats[i];
    add("bytes sent by " + who + ", offline", fmt::format("{}", by_formula.formula_offline_bytes),
        [i](const MpcOutcome& one) { return fmt::format("{}", one.seats[i].spent.offline_bytes); });
    add("bytes sent by " + who + ", online",
        fmt::format("{}", by_formula.formula_bytes - by_formula.formula_offline_bytes),
        [i](const MpcOutcome& one) {
          const Spent& spent = one.seats[i].spent;
          return fmt::format("{}", spent.sent_bytes - spent.offline_bytes);
        });
  }
  add("bytes on links, headers too", "",
      [](const MpcOutcome& one) { return fmt::format("{:.0f}", one.link_bytes); });
  for (const std::string_view part : parts)
    if (seconds_of(virtual_time, part) > 0)
      add("time until " + std::string{part}, "",
          [&](const MpcOutcome& one) { return time(seconds_of(one, part)); });
  add("time offline, of party 0", time(virtual_time.formula_offline_s),
      [&](const MpcOutcome& one) { return time(one.offline_s); });
  add("time online", time(virtual_time.formula_online_s),
      [&](const MpcOutcome& one) { return time(one.latency_s - one.offline_s); });
  add("time in all", time(virtual_time.formula_s),
      [&](const MpcOutcome& one) { return time(one.latency_s); });
  add("equals the plain result", "",
      [](const MpcOutcome& one) { return std::string{is_right(one) ? "yes" : "NO"}; });
  std::cout << to_text(table);
}

nlohmann::ordered_json json_of(const MpcOutcome& outcome) {
  nlohmann::ordered_json json{{"rounds", outcome.rounds},
                              {"offline_rounds", outcome.offline_rounds},
                              {"online_rounds", outcome.online_rounds},
                              {"formula_rounds", outcome.formula.rounds},
                              {"formula_offline_rounds", outcome.formula.offline_rounds},
                              {"formula_online_rounds", outcome.formula.online_rounds()},
                              {"latency_s", outcome.latency_s},
                              {"offline_s", outcome.offline_s},
                              {"formula_s", outcome.formula_s},
                              {"formula_offline_s", outcome.formula_offline_s},
                              {"formula_online_s", outcome.formula_online_s},
                              {"link_bytes", outcome.link_bytes},
                              {"is_right", is_right(outcome)}};
  for (const MpcOutcome::PerSeat& seat : outcome.seats) {
    nlohmann::ordered_json one{{"sent_bytes", seat.spent.sent_bytes},
                               {"offline_bytes", seat.spent.offline_bytes},
                               {"formula_bytes", seat.formula_bytes},
                               {"formula_offline_bytes", seat.formula_offline_bytes},
                               {"messages", seat.spent.messages},
                               {"work_ns", seat.spent.work_ns}};
    for (const Mark& mark : seat.marks) one["at_s"][std::string{mark.name}] = to_seconds(mark.at);
    json["seats"].push_back(std::move(one));
  }
  return json;
}

// In virtual time, and on sockets if asked for; 1 if an answer is wrong.
template <class Trial>
int show(const MpcOptions& options, const Trial& trial, bool& on_sockets, const std::string& title,
         std::size_t parties) {
  const MpcOutcome virtual_time = outcome_of(trial);
  std::optional<MpcOutcome> sockets;
  if (options.world == "sockets") {
    on_sockets = true;
    sockets = outcome_of(trial);
  }
  if (options.json) {
    nlohmann::ordered_json json{{"protocol", options.protocol}};
    if (!options.function.empty()) json["function"] = options.function;
    json["simgrid"] = json_of(virtual_time);
    if (sockets) json["sockets"] = json_of(*sockets);
    std::cout << json.dump(2) << '\n';
  } else {
    print(title, parties, virtual_time, sockets ? &*sockets : nullptr);
  }
  return is_right(virtual_time) && (!sockets || is_right(*sockets)) ? 0 : 1;
}

}  // namespace

int mpc_command(const MpcOptions& options) {
  if (options.calibrate) return calibrate(options.out);
  if (options.protocol.empty())
    throw UserError("name a protocol and a function, or --calibrate; see `evenkeel mpc --help`");
  if (!options.costs.empty()) costs::use(read_costs(options.costs));
  if (const std::optional<PrivateQueryKind> kind = query_of(options)) {
    QueryTrial trial = query_trial_of(options, *kind);
    return show(options, trial, trial.lab.on_sockets,
                fmt::format("{}: {}", options.protocol, describe(*kind)), 2);
  }
  MpcTrial trial = trial_of(options);
  const ProtocolKind& kind = trial.computation.kind;
  return show(options, trial, trial.on_sockets,
              fmt::format("{}{}: {}", kind.name, kind.promises.is_modelled ? " (modelled)" : "",
                          describe(kind.promises)),
              trial.parties);
}

}  // namespace evenkeel
