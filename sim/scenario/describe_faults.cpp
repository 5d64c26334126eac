// The table's part about what breaks.
#include "sim/scenario/describe.h"

namespace evenkeel {
namespace {

/// Each kind is a field of its own name, so that a fault reads as a sentence: at 7 min, crash X.
void describe_fault(Structure& fields, Fault& fault) {
  Name crash, slow;
  std::vector<Name> cut, partition;
  fields.duration("at", fault.at, {"when it breaks, since the start of the run"});
  fields.required("at");
  fields.name("crash", crash, {"a node, as kind/place or kind/place/number, or a kind"});
  fields.names("cut", cut, {"a link by its name, or a list of its two ends"});
  fields.name("slow", slow, {"a node or a kind, as for crash"});
  fields.names("partition", partition, {"places cut off together from all others"});
  fields.exactly_one({"crash", "cut", "slow", "partition"});
  fields.number("factor", fault.factor, Unit::none, {"slow: speed is multiplied by it", 1e-6, 1});
  fields.duration("for", fault.lasts, {"how long; if not given, until the end", 1e-9});

  using Kind = Fault::Kind;
  fault.kind = !crash.text.empty()  ? Kind::crash
               : !cut.empty()       ? Kind::cut
               : !slow.text.empty() ? Kind::slow
                                    : Kind::partition;
  fault.names = fault.kind == Kind::crash  ? std::vector{crash}
                : fault.kind == Kind::slow ? std::vector{slow}
                : fault.kind == Kind::cut  ? cut
                                           : partition;
  if (fault.kind == Kind::slow && fault.factor == 1)
    fields.refuse("slow", "slow needs a 'factor' below 1; write for instance factor: 0.5");
  if (fault.kind == Kind::cut && cut.size() > 2)
    fields.refuse("cut", "a link has two ends; write one fault for each link");
}

}  // namespace

void describe_faults(Structure& fields, std::vector<Fault>& faults) {
  const auto item = [&](Structure& inner, Place place) {
    Fault& fault = faults.emplace_back();
    fault.place = std::move(place);
    describe_fault(inner, fault);
  };
  fields.list("faults", item, {"what breaks, when, and for how long"});
}

}  // namespace evenkeel
