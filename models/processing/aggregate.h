// Aggregates: what many rows come to, in a state of bounded size that can be merged with others, so
// that parts may be computed where the data is. One a file in aggregates/, all in a catalogue.
#pragma once

#include <memory>
#include <span>

#include "models/crypto/crypto.h"
#include "models/processing/chosen.h"
#include "models/storage/table.h"

namespace evenkeel {

/// The state of one aggregate over some rows. Whatever the order of the rows and however they are
/// divided among merged states, the result is the same: to the bit, or within the bound that its
/// file states.
class Aggregate {
 public:
  virtual ~Aggregate() = default;

  /// One row's values, as many as AggregateKind::inputs. False: they cannot be used (null, not a
  /// number, beyond `largest_number`), and nothing changed.
  virtual bool add(std::span<const Value> values) = 0;
  /// False: the other one is of another kind or has other settings, and nothing changed.
  virtual bool merge(const Aggregate& other) = 0;
  /// AggregateKind::columns; null where too few rows came to say.
  virtual Row result() const = 0;
  /// Canonical: equal states have equal bytes.
  virtual Blob state() const = 0;
  /// Of hostile bytes: ErrorCode::malformed, and nothing changed, if they are no state of this kind
  /// and these settings.
  virtual Result<Done> restore(View8 state) = 0;
};

/// One aggregate with its settings.
struct AggregateKind {
  std::uint32_t inputs = 1;  // values taken from each row
  std::vector<Column> columns = {};
  double ops_per_row = 0;  // operations to add one
  double ops_to_merge = 0;
  bool tells_rows = false;  // its state or result has values of single rows, whatever their number
  std::function<std::unique_ptr<Aggregate>()> make = {};
};

/// All aggregates. An entry's `configure` returns an AggregateKind.
Catalogue& aggregates();

/// Numbers beyond are not aggregated, so that squares and sums of them stay finite.
inline constexpr double largest_number = 1e140;
/// Nothing if it is no number, or too large.
std::optional<double> number_of(const Value& value);
bool is_usable(double number);
/// How messages and results show a value.
std::string to_text(const Value& value);

/// Adds a value to a result; null if it is not known.
template <class T>
void tell(Row& row, bool is_known, const T& value) {
  row.emplace_back();
  if (is_known) row.back().emplace<T>(value);
}

struct NoAggregateSettings {
  void describe(Fields&) {}
  friend bool operator==(const NoAggregateSettings&, const NoAggregateSettings&) = default;
};

/// What the aggregates have in common. A is the aggregate, with a nested `State` that has fields
/// and `Settings`, and functions `merge_state(const State&)` and `is_sound(const State&)`.
template <class A, class State_, class Settings_ = NoAggregateSettings>
class MergeableAggregate : public Aggregate {
 public:
  using State = State_;
  using Settings = Settings_;
  explicit MergeableAggregate(const Settings& settings) : settings_(settings) {}

  bool merge(const Aggregate& other) final {
    const A* same = dynamic_cast<const A*>(&other);
    if (same == nullptr || !(same->settings_ == settings_)) return false;
    const State theirs = same->state_;  // which may be ours
    static_cast<A*>(this)->merge_state(theirs);
    return true;
  }
  Blob state() const final { return encoded(state_); }
  Result<Done> restore(View8 bytes) final {
    std::optional<State> state = decoded<State>(bytes);
    if (!state || !static_cast<const A*>(this)->is_sound(*state) ||
        encoded(*state) != Blob{bytes.begin(), bytes.end()})
      return Error{ErrorCode::malformed, "these bytes are no state of this aggregate"};
    state_ = std::move(*state);
    return Done{};
  }

 protected:
  Settings settings_;
  State state_;
};

/// The entry for an aggregate with static `inputs(settings)`, `columns(settings)` and
/// `ops_per_row(settings)`, and `tells_rows` if it does.
template <class A>
Entry aggregate_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary),
          [](Fields& fields) -> std::any {
            typename A::Settings settings;
            settings.describe(fields);
            return AggregateKind{A::inputs(settings), A::columns(settings),
                                 A::ops_per_row(settings), A::ops_per_row(settings) * 4,
                                 requires {A::tells_rows;
          },
          [settings] { return std::make_unique<A>(settings); }};
}
};
}

}  // namespace evenkeel
