// The table's part about multi-party computation.
#include "models/mpc/costs.h"
#include "sim/scenario/describe.h"

namespace evenkeel {
namespace {

constexpr double longest_s = 1e6;

void describe_computation(Structure& fields, ComputationChoice& computation,
                          const Catalogues& from) {
  fields.optional_choice("function", computation.function, from.functions,
                         {"what is computed; see `evenkeel list functions`"});
  fields.required("function");
  fields.names("of", computation.of,
               {"who owns the numbers: device populations, by their gateways, or nodes or kinds"});
  fields.required("of");
  fields.integer("size", computation.size, {"numbers that each owner has", 1, 1'000'000});
  fields.integer("bits", computation.bits, {"each is below 2^bits in magnitude", 1, 62});
  fields.integer("fraction", computation.fraction, {"bits kept after the binary point", 0, 61});
  fields.optional_choice("values", computation.values, from.amounts,
                         {"what an owner has, drawn anew for each computation"});
  fields.required("values");
  fields.names("liars", computation.liars,
               {"of these owners, those whose devices say 'lie' for each number"});
  fields.number("lie", computation.lie, Unit::none,
                {"what liars enter; no check of theirs keeps it below 2^bits"});
}

void two_nodes(Structure& fields, std::string_view name, const std::vector<Name>& nodes) {
  if (nodes.size() == 2 && nodes[0].text != nodes[1].text) return;
  fields.refuse(name, "two nodes are to be named, as [bank/Berlin, shop/Bonn]");
}

void describe_intersection(Structure& fields, IntersectionChoice& intersection) {
  static constexpr std::string_view what[] = {"intersection", "cardinality", "sum"};
  fields.names("between", intersection.between, {"two nodes, each with a set of its own"});
  fields.required("between");
  option(fields, "what", intersection.what, what,
         {"what they learn: which elements both have, how many, or also the sum of the second's "
          "values over them"});
  fields.integer("items", intersection.items, {"elements of each set", 1, 1 << 20});
  fields.integer("common", intersection.common, {"of them, in both", 0, 1 << 20});
  if (intersection.between.empty()) return;
  two_nodes(fields, "between", intersection.between);
  if (intersection.common > intersection.items)
    fields.refuse("common", "more than each has; at most 'items'");
}

void describe_retrieval(Structure& fields, RetrievalChoice& retrieval) {
  constexpr std::int64_t most_bytes = 1 << 28;
  fields.names("servers", retrieval.servers, {"two nodes that hold the table"});
  fields.required("servers");
  fields.integer("rows", retrieval.rows, {"of the table", 1, 1 << 20});
  fields.integer("bytes", retrieval.row_bytes, {"of a row", 1, most_bytes});
  if (retrieval.servers.empty()) return;
  two_nodes(fields, "servers", retrieval.servers);
  if (retrieval.rows > most_bytes / retrieval.row_bytes)
    fields.refuse("rows", "the table is larger than 256 MiB; give fewer 'rows', or fewer 'bytes'");
}

void describe_costs(Structure& fields, std::map<std::string, double, std::less<>>& costs) {
  constexpr double longest_ns = 1e9;
  for (const costs::Price* const price : costs::prices()) {
    double cost_s = price->built_in() * 1e-9;
    fields.number(price->name(), cost_s, Unit::time, {price->what(), 0, longest_ns * 1e-9});
    if (cost_s != price->built_in() * 1e-9) costs[std::string{price->name()}] = cost_s * 1e9;
  }
}

}  // namespace

void describe_mpc(Structure& fields, std::optional<MpcChoice>& mpc, const Catalogues& from) {
  MpcChoice choice;
  bool given = false;
  const auto computation = [&](Structure& inner, const Name& name) {
    ComputationChoice& added = choice.computations.emplace_back();
    added.name = name.text;
    added.place = name.place;
    describe_computation(inner, added, from);
  };
  const auto intersection = [&](Structure& inner, const Name& name) {
    IntersectionChoice& added = choice.intersections.emplace_back();
    added.name = name.text;
    added.place = name.place;
    describe_intersection(inner, added);
  };
  const auto retrieval = [&](Structure& inner, const Name& name) {
    RetrievalChoice& added = choice.retrievals.emplace_back();
    added.name = name.text;
    added.place = name.place;
    describe_retrieval(inner, added);
  };
  const auto inside = [&](Structure& inner) {
    inner.optional_choice("protocol", choice.protocol, from.protocols,
                          {"how the parties compute; see `evenkeel list protocols`"});
    inner.names("parties", choice.parties,
                {"nodes that compute, by name, or node kinds for all their nodes"});
    inner.integer("count", choice.count,
                  {"so many of the parties compute; 0: as few as the protocol can", 0, 10'000});
    inner.duration("patience", choice.patience,
                   {"a seat silent for so long ends a computation", 1e-3, longest_s});
    inner.group("costs", [&choice](Structure& costs) { describe_costs(costs, choice.costs); },
                {"what a primitive takes on one core that counts as 2 Gop/s; `evenkeel mpc "
                 "--calibrate` measures it"});
    inner.named("computations", "computation", computation,
                {"what requests may ask for with does: {compute: NAME}"});
    inner.named("intersections", "intersection", intersection,
                {"of two nodes' sets, for does: {intersect: NAME}"});
    inner.named("retrievals", "retrieval", retrieval,
                {"tables read in private, for does: {retrieve: NAME}"});
    const bool only_queries =
        choice.computations.empty() && choice.intersections.size() + choice.retrievals.size() > 0;
    if (choice.protocol.name.empty() && (!only_queries || choice.computes()))
      inner.refuse("protocol", "must be given, as the 'parties' that compute by it");
    if (!choice.computes() && (!only_queries || !choice.protocol.name.empty()))
      inner.refuse("parties", "must be given with a 'protocol': the nodes that compute");
    given = true;
  };
  fields.group("mpc", inside, {"multi-party computation: who computes on what nobody may see"});
  // What is not there is described, too.
  const bool asks = !choice.intersections.empty() || !choice.retrievals.empty();
  if (given && (choice.computes() || asks)) mpc = std::move(choice);
}

}  // namespace evenkeel
