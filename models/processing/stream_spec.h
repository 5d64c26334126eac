// What a continuous query is: which events, in which windows, grouped by what, come to what.
#pragma once

#include "models/processing/aggregate.h"
#include "models/processing/watermark.h"
#include "models/processing/window.h"

namespace evenkeel {

/// One aggregate and the columns of the rows that it takes.
struct AggregateOf {
  ChosenEntry kind = {};
  std::vector<std::uint32_t> inputs = {};
  friend bool operator==(const AggregateOf&, const AggregateOf&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(kind, inputs);
  }
};

/// Aggregates with their settings, computed together: each a state.
class AggregateSet {
 public:
  /// ErrorCode::invalid names what does not fit.
  static Result<AggregateSet> make(const std::vector<AggregateOf>& chosen);

  /// The states of no rows.
  std::vector<std::unique_ptr<Aggregate>> start() const;
  /// How many aggregates could use the row; those for which it lacks a column cannot.
  std::size_t add(std::vector<std::unique_ptr<Aggregate>>& states, const Row& row) const;
  /// ErrorCode::malformed if these are no states of these aggregates.
  Result<std::vector<std::unique_ptr<Aggregate>>> restore(const std::vector<Blob>& states) const;
  static std::vector<Blob> save(const std::vector<std::unique_ptr<Aggregate>>& states);
  /// The columns of all, one after another.
  static Row result(const std::vector<std::unique_ptr<Aggregate>>& states);

  std::size_t size() const { return kinds_.size(); }
  const std::vector<AggregateKind>& kinds() const { return kinds_; }
  double ops_per_row() const;
  double ops_to_merge() const;

 private:
  std::vector<AggregateKind> kinds_;
  std::vector<std::vector<std::uint32_t>> inputs_;
};

struct StreamSpec {
  std::string name = {};
  std::string stream = {};  // the name of the sources' logs
  std::vector<NodeId> sources = {};
  std::vector<std::uint32_t> group_by = {};  // columns of the events' rows
  ChosenEntry window{.name = "tumbling"};
  std::vector<AggregateOf> aggregates = {};
  WatermarkSettings watermark = {};
  Duration lateness{};  // windows stay open so long behind the watermark, and are told again
};

/// A checked spec, ready to run.
struct StreamPlan {
  StreamSpec spec = {};
  MakeWindowing windowing = {};
  AggregateSet aggregates = {};

  /// ErrorCode::invalid says what is wrong.
  static Result<StreamPlan> make(const StreamSpec& spec);
  /// The row's group, encoded; null for a column that it lacks.
  Blob group_of(const Row& row) const;
};

}  // namespace evenkeel
