// Small catalogues whose entries never change, and the scenario that most tests start from.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "models/mpc/function.h"
#include "sim/scenario/breakage.h"
#include "sim/scenario/reader.h"
#include "sim/workload/service.h"
#include "tests/folder.h"

namespace evenkeel::testing {

/// An entry made of a function over its settings; what it makes is a text that shows them.
inline Entry entry(
    std::string name, std::string summary,
    std::function<std::string(Fields&)> settings = [](Fields&) { return ""; }) {
  std::string start = name;
  return {std::move(name), std::move(summary),
          [start, settings](Fields& fields) -> std::any { return start + settings(fields); }};
}

inline std::string shown_number(double value) { return fmt::format(" {:f}", value); }

inline Entry amount(std::string name, Unit unit) {
  return entry(std::move(name), "an amount", [unit](Fields& fields) {
    double mean = 1;
    double cv = 1;
    fields.number("mean", mean, unit, {"the mean", 0, 1e15});
    fields.number("cv", cv, Unit::none, {"deviation / mean", 0, 100});
    return shown_number(mean) + shown_number(cv);
  });
}

inline std::string power_of_d(Fields& fields) {
  std::int64_t d = 2;
  bool replacement = false;
  fields.integer("d", d, {"servers sampled", 1, 1000});
  fields.boolean("replacement", replacement, {"may one be sampled twice"});
  return fmt::format(" {}{}", d, replacement ? " replacement" : "");
}

struct TestCatalogues {
  Catalogue policies{"policy"};
  Catalogue knowledge{"knowledge"};
  Catalogue arrivals{"arrivals"};
  Catalogue services{"service time"};
  Catalogue sizes{"size"};
  Catalogue movements{"movement"};
  Catalogue topologies{"topology"};
  Catalogue actions{"action"};

  TestCatalogues() {
    policies.add(entry("random", "any"));
    policies.add(entry("round_robin", "one after another"));
    policies.add(entry("nearest", "the least round trip"));
    policies.add(entry("power_of_d", "the best of d", power_of_d));
    policies.add(entry("hedged", "asks twice", [this](Fields& fields) {
      std::string inner = "random";
      std::any made;
      Duration delay = seconds(0.1);
      fields.duration("delay", delay, {"before the second"});
      fields.choice("policy", inner, made, policies, {"which is hedged"});
      return fmt::format("({})", std::any_cast<std::string>(made));
    }));
    knowledge.add(entry("own", "its own requests"));
    knowledge.add(entry("probe", "asks"));
    knowledge.add(entry("bulletin", "every period", [](Fields& fields) {
      Duration period = seconds(1);
      fields.duration("period", period, {"between bulletins", 1e-6, 3600});
      return fmt::format(" {}", period.count());
    }));
    arrivals.add(entry("poisson", "independent"));
    arrivals.add(entry("on_off", "bursts", [](Fields& fields) {
      double on = std::numeric_limits<double>::quiet_NaN();
      std::string order = "on_first";
      static constexpr std::string_view orders[] = {"on_first", "off_first"};
      std::vector<double> levels = {0.5};
      fields.number("on", on, Unit::rate, {"rate while on", 0, 1e9});
      fields.option("order", order, orders, {"what comes first"});
      fields.numbers("levels", levels, Unit::none, {"of the bursts", 0, 1});
      if (levels.empty()) fields.refuse("levels", "needs at least one level");
      return shown_number(on) + order;
    }));
    services.add(amount("fixed", Unit::work));
    services.add(amount("lognormal", Unit::work));
    sizes.add(amount("fixed", Unit::bytes));
    movements.add(entry("random_waypoint", "walks", [](Fields& fields) {
      double speed = 1.4;
      fields.number("speed", speed, Unit::velocity, {"along the links", 0.001, 1e6});
      return shown_number(speed);
    }));
    actions.add(entry("look", "reads", [](Fields& fields) {
      std::string table;
      fields.text("table", table, {"what is read"});
      return " " + table;
    }));
    topologies.add(entry("hierarchy", "a tree", [](Fields& fields) {
      std::int64_t regions = 2;
      std::int64_t sites = 8;
      fields.integer("regions", regions, {"below the cloud", 1, 1000});
      fields.integer("sites", sites, {"in each region", 1, 1000});
      return fmt::format(" {}", regions * sites);
    }));
    topologies.add(entry("graphml", "a file", [](Fields& fields) {
      std::string file;
      fields.file("file", file, {"the GraphML file"});
      return fmt::format(" {}", file);
    }));
  }

  Catalogues all() const {
    return {
        policies,  knowledge,  arrivals, services,      sizes,       distributions_in(Unit::none),
        movements, topologies, actions,  fault_kinds(), protocols(), functions()};
  }
};

inline const Catalogues& test_catalogues() {
  static const TestCatalogues made;
  static const Catalogues all = made.all();
  return all;
}

/// Line numbers in the tests refer to this text.
inline const std::string good = R"(name: city cameras
question: Does asking two neighbours beat sending everything to the cloud?
duration: 10 min
warm_up: 1 min
topology:
  generate: {hierarchy: {regions: 2, sites: 8}}
  default_latency: 2 ms
nodes:
  edge:
    at: every site
    cores: 4
    speed: 20 Gop/s
    power: {idle: 12 W, busy: 35 W}
  cloud: {at: {tier: cloud}, cores: 64, speed: 60 Gop/s, price: 0.05 EUR/core-hour}
devices:
  camera:
    per: site
    count: 40
    link: {latency: 4 ms, bandwidth: 50 Mbit/s}
workload:
  detect:
    from: camera
    arrivals: poisson
    rate: 2 /s
    input: 180 kB
    work: {lognormal: {mean: 1.2 Gop, cv: 0.6}}
    output: 2 kB
    deadline: 200 ms
    hot: {site: Altstadt, factor: 6, from: 3 min, to: 6 min}
balancing:
  at: site
  policy: power_of_d
  knowledge: probe
faults:
  - {at: 7 min, crash: edge/Altstadt, for: 60 s}
compare:
  vary: {balancing.policy: [nearest, power_of_d]}
  seeds: 10
  baseline: nearest
charts: [latency_cdf, p99_by_site]
)";

inline ScenarioDocument document(const std::string& text) {
  return parse_scenario(text, "city.yaml", ".", test_catalogues());
}

/// `good` with each `first` replaced by `second`.
inline std::string good_but(const std::string& first, const std::string& second) {
  std::string text = good;
  const std::size_t at = text.find(first);
  if (at == std::string::npos) return fmt::format("no '{}' in the scenario", first);
  return text.replace(at, first.size(), second);
}

/// Every mistake as it would be printed.
inline std::vector<std::string> mistakes_in(const std::string& text) {
  std::vector<std::string> lines;
  for (const Mistake& mistake : validate(document(text)))
    lines.push_back(to_string(mistake.place, mistake.message));
  return lines;
}

}  // namespace evenkeel::testing
