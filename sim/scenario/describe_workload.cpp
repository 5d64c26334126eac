// The table's part about requests: who asks for what and how often, and who answers.
#include <array>

#include "sim/scenario/describe.h"
#include "sim/scenario/describe_switch.h"

namespace evenkeel {
namespace {

constexpr double longest_wait_s = 1e6;

constexpr std::array<std::string_view, 2> distributions = {"uniform", "zipf"};

void describe_key(Structure& fields, KeyChoice& key) {
  const auto inside = [&](Structure& inner) {
    option(inner, "distribution", key.distribution, distributions, {"how often each key is asked"});
    inner.integer("over", key.over, {"how many keys there are", 1, 1e9});
    inner.number("exponent", key.exponent, Unit::none, {"of Zipf's law", 0, 10});
  };
  fields.group("key", inside, {"what the hashing policies hash"});
}

void describe_hot(Structure& fields, Hot& hot) {
  fields.name("site", hot.site, {"the place whose devices ask more often"});
  fields.required("site");
  fields.number("factor", hot.factor, Unit::none, {"so many times as often", 0, 1e6});
  fields.required("factor");
  fields.duration("from", hot.from, {"begin, since the start of the run"});
  fields.duration("to", hot.to, {"end; if not given, the end of the run"});
  if (hot.to <= hot.from) fields.refuse("to", "'to' is not after 'from'; write a later time");
}

void describe_class(Structure& fields, RequestClass& requests, const Catalogues& from) {
  fields.name("from", requests.from, {"the device population that asks"});
  fields.required("from");
  requests.arrivals.name = "poisson";
  fields.choice("arrivals", requests.arrivals.name, requests.arrivals.made, from.arrivals,
                {"when a device asks"});
  fields.number("rate", requests.rate, Unit::rate,
                {"of each device; 0: the arrivals have a rate of their own", 0, 1e9});
  fields.optional_choice("input", requests.input, from.sizes, {"sent with a request"});
  fields.optional_choice("work", requests.work, from.services, {"to answer one request"});
  fields.optional_choice("does", requests.does, from.actions,
                         {"what it asks of the modules, instead of work"});
  fields.exactly_one({"work", "does"});
  fields.optional_choice("output", requests.output, from.sizes, {"sent back"});
  fields.duration("deadline", requests.deadline,
                  {"an answer later than this counts as missed; if not given, none does", 1e-9,
                   longest_wait_s});
  fields.duration("timeout", requests.timeout,
                  {"a request without an answer is lost after this", 1e-9, longest_wait_s});
  describe_key(fields, requests.key);
  fields.list("hot",
              [&](Structure& inner, Place) { describe_hot(inner, requests.hot.emplace_back()); },
              {"places that ask more often for a while"});
  fields.number("scale", requests.scale, Unit::none,
                {"thins the arrivals (below 1) or thickens them", 0, 1e6});
}

void describe_at(Structure& fields, Balancing& balancing) {
  Place place;
  const auto at = [&](Balancing::At where) {
    return [&balancing, where](Structure&) {
      balancing.at = where;
      balancing.central = {Selector::How::most_central, {}, 1, {}};
    };
  };
  const std::array forms = {
      Form{Form::Kind::word, "client", "one balancer a device population and place",
           at(Balancing::At::client)},
      Form{Form::Kind::word, "site", "one balancer at each place with devices",
           at(Balancing::At::site)},
      Form{Form::Kind::word, "central", "one balancer at the most central place",
           at(Balancing::At::central)},
      Form{Form::Kind::keyed, "central", "balancers at these places",
           [&](Structure& inner) {
             balancing.at = Balancing::At::central;
             describe_selector(inner, "central", balancing.central, "where they stand");
           }},
  };
  fields.one_of("at", forms, place, {"where balancers decide; each has its own state"});
}

void describe_cost(Structure& fields, DecisionCost& cost) {
  Place place;
  const std::array forms = {
      Form{Form::Kind::bare, "decision_cost", "a time",
           [&](Structure& inner) {
             cost = {};
             inner.duration("decision_cost", cost.time, {"a time", 0, 3600});
           }},
      Form{Form::Kind::bare, "decision_cost", "work on the balancer's node",
           [&](Structure& inner) {
             cost = {};
             inner.number("decision_cost", cost.work, Unit::work, {"an amount of work", 0, 1e15});
           }},
  };
  fields.one_of("decision_cost", forms, place, {"of each pick: a time or an amount of work"});
}

template <class Settings>
void describe_health(Structure& fields, std::string_view name, std::optional<Settings>& value,
                     std::string_view meaning) {
  describe_switch(fields, name, value, meaning,
                  [](Settings& its, Structure& settings) { its.describe(settings); });
}

}  // namespace

void describe_workload(Structure& fields, std::vector<RequestClass>& workload,
                       const Catalogues& from) {
  const auto item = [&](Structure& inner, const Name& name) {
    RequestClass& requests = workload.emplace_back();
    requests.name = name.text;
    requests.place = name.place;
    describe_class(inner, requests, from);
  };
  fields.named("workload", "request class", item, {"the classes of requests, by name"});
  fields.required("workload");
}

void describe_balancing(Structure& fields, Balancing& balancing, const Catalogues& from) {
  const auto inside = [&](Structure& inner) {
    describe_at(inner, balancing);
    inner.choice("policy", balancing.policy.name, balancing.policy.made, from.policies,
                 {"how a server is picked"});
    balancing.knowledge.name = "own";
    inner.choice("knowledge", balancing.knowledge.name, balancing.knowledge.made, from.knowledge,
                 {"what the balancer knows of the servers' loads"});
    inner.names("servers", balancing.servers, {"node kinds to pick from; if not given, all"});
    describe_cost(inner, balancing.decision_cost);
    describe_health(inner, "outlier_ejection", balancing.outlier_ejection,
                    "servers that fail are left alone for a while");
    describe_health(inner, "slow_start", balancing.slow_start,
                    "servers that are new or come back take up load slowly");
  };
  fields.group("balancing", inside, {"who answers which request"});
}

}  // namespace evenkeel
