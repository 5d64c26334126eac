// The table's part about multi-party computation.
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
  const auto inside = [&](Structure& inner) {
    inner.optional_choice("protocol", choice.protocol, from.protocols,
                          {"how the parties compute; see `evenkeel list protocols`"});
    inner.required("protocol");
    inner.names("parties", choice.parties,
                {"nodes that compute, by name, or node kinds for all their nodes"});
    inner.required("parties");
    inner.integer("count", choice.count,
                  {"so many of the parties compute; 0: as few as the protocol can", 0, 10'000});
    inner.duration("patience", choice.patience,
                   {"a seat silent for so long ends a computation", 1e-3, longest_s});
    inner.named("computations", "computation", computation,
                {"what requests may ask for with does: {compute: NAME}"});
    given = true;
  };
  fields.group("mpc", inside, {"multi-party computation: who computes on what nobody may see"});
  if (given && !choice.parties.empty()) mpc = std::move(choice);
}

}  // namespace evenkeel
