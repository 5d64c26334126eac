#include "models/processing/stream_spec.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr std::size_t most_aggregates = 50;
constexpr std::size_t most_sources = 10'000;

}  // namespace

Result<AggregateSet> AggregateSet::make(const std::vector<AggregateOf>& chosen) {
  if (chosen.empty() || chosen.size() > most_aggregates)
    return Error{ErrorCode::invalid, "name 1 to 50 aggregates"};
  AggregateSet set;
  for (const AggregateOf& one : chosen) {
    Result<AggregateKind> kind = make_chosen<AggregateKind>(evenkeel::aggregates(), one.kind);
    if (!kind) return kind.error();
    if (kind->inputs != one.inputs.size())
      return Error{ErrorCode::invalid, "aggregate '" + one.kind.name + "' takes " +
                                           std::to_string(kind->inputs) + " columns, not " +
                                           std::to_string(one.inputs.size())};
    set.kinds_.push_back(std::move(*kind));
    set.inputs_.push_back(one.inputs);
  }
  return set;
}

std::vector<std::unique_ptr<Aggregate>> AggregateSet::start() const {
  std::vector<std::unique_ptr<Aggregate>> states;
  for (const AggregateKind& kind : kinds_) states.push_back(kind.make());
  return states;
}

std::size_t AggregateSet::add(std::vector<std::unique_ptr<Aggregate>>& states,
                              const Row& row) const {
  std::size_t used = 0;
  Row values;
  for (std::size_t i = 0; i < states.size(); ++i) {
    values.clear();
    for (const std::uint32_t column : inputs_[i])
      if (column < row.size()) values.push_back(row[column]);
    if (values.size() == inputs_[i].size() && states[i]->add(values)) ++used;
  }
  return used;
}

Result<std::vector<std::unique_ptr<Aggregate>>> AggregateSet::restore(
    const std::vector<Blob>& states) const {
  std::vector<std::unique_ptr<Aggregate>> made = start();
  if (states.size() != made.size())
    return Error{ErrorCode::malformed, "states of other aggregates"};
  for (std::size_t i = 0; i < made.size(); ++i) {
    const Result<Done> restored = made[i]->restore(states[i]);
    if (!restored) return restored.error();
  }
  return made;
}

std::vector<Blob> AggregateSet::save(const std::vector<std::unique_ptr<Aggregate>>& states) {
  std::vector<Blob> blobs;
  for (const auto& state : states) blobs.push_back(state->state());
  return blobs;
}

Row AggregateSet::result(const std::vector<std::unique_ptr<Aggregate>>& states) {
  Row row;
  for (const auto& state : states)
    for (Value& value : state->result()) row.push_back(std::move(value));
  return row;
}

double AggregateSet::ops_per_row() const {
  double sum = 0;
  for (const AggregateKind& kind : kinds_) sum += kind.ops_per_row;
  return sum;
}

double AggregateSet::ops_to_merge() const {
  double sum = 0;
  for (const AggregateKind& kind : kinds_) sum += kind.ops_to_merge;
  return sum;
}

Result<StreamPlan> StreamPlan::make(const StreamSpec& spec) {
  const auto is_name = [](const std::string& name) { return !name.empty() && name.size() <= 200; };
  if (!is_name(spec.name) || !is_name(spec.stream))
    return Error{ErrorCode::invalid, "a stream job and its stream need names of 1 to 200 bytes"};
  if (spec.sources.empty() || spec.sources.size() > most_sources)
    return Error{ErrorCode::invalid, "name 1 to 10000 sources"};
  if (spec.lateness < Duration{} || spec.lateness > seconds(longest_window_s))
    return Error{ErrorCode::invalid, "lateness must not be negative, nor above 1e9 s"};
  StreamPlan plan{.spec = spec};
  Result<MakeWindowing> windowing = make_chosen<MakeWindowing>(windowings(), spec.window);
  if (!windowing) return windowing.error();
  plan.windowing = std::move(*windowing);
  Result<AggregateSet> aggregates = AggregateSet::make(spec.aggregates);
  if (!aggregates) return aggregates.error();
  plan.aggregates = std::move(*aggregates);
  return plan;
}

Blob StreamPlan::group_of(const Row& row) const {
  Row group;
  for (const std::uint32_t column : spec.group_by) {
    group.emplace_back();
    if (column < row.size()) group.back() = row[column];
  }
  return encoded(group);
}

}  // namespace evenkeel
