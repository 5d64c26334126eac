// What a scenario says of processing: streams, models and batches, as plain values in base units.
#pragma once

#include "models/processing/stream_spec.h"
#include "sim/scenario/mistake.h"

namespace evenkeel {

/// An aggregate, and the columns that it takes.
struct AggregateChoice {
  ChosenEntry kind = {};
  std::vector<Name> of = {};
  Place place = {};
};

/// A continuous query. Its events are the rows of a table, or what devices send (`columns`).
struct StreamChoice {
  std::string name = {};
  Place place = {};
  Name table = {};
  std::string purpose = {};  // of reading another party's table
  std::vector<Column> columns = {};
  std::vector<Name> on = {};  // node kinds that take events; each device's go to the nearest
  Name time = {};             // column with the event's time, in ms; none: when it is sent or found
  std::vector<Name> owners = {};  // node kinds that compute; each source is for the nearest
  std::vector<Name> standbys = {};
  ChosenEntry window = {.name = "tumbling"};
  Duration lateness{};
  Duration out_of_order = seconds(1);
  Duration idle_after = seconds(30);
  std::vector<Name> group_by = {};
  std::vector<AggregateChoice> aggregates = {};
  Name into = {};  // a table for what it tells; none: it stays with the owner
};

/// A model to run elsewhere. `on`: node kinds that run it; none: the places where devices are, as
/// what to fall back to. `home`: a node kind where the others get it from; none: they have it.
struct ModelChoice {
  std::string name = {};
  Place place = {};
  double work = 1e9;  // op, of one inference
  double size = 1e6;  // bytes
  std::vector<Name> on = {};
  Name home = {};
};

/// A map-reduce over a table, or over a file's lines. `map`: a mapper that makes the values which
/// `group_by` and the aggregates are about from each row; none: they are the row's columns.
struct JobChoice {
  enum class Where { data, here };
  std::string name = {};
  Place place = {};
  Name table = {};
  Name files = {};  // a name space
  ChosenEntry map = {};
  std::vector<Name> group_by = {};
  std::vector<AggregateChoice> aggregates = {};
  Where where = Where::data;
  double speculative = 1.5;  // second copies of what takes so many times the median; 0: none
};

struct ProcessingChoice {
  enum class WhenFull { refuse, drop_oldest };
  std::vector<StreamChoice> streams = {};
  std::vector<ModelChoice> models = {};
  std::vector<JobChoice> jobs = {};
  std::vector<Name> workers = {};  // node kinds that run batches
  double log_limit = 64 << 20;     // bytes of events of one stream that a node keeps
  WhenFull when_full = WhenFull::refuse;
  std::int64_t room = 5000;    // events that an owner has read and not yet kept
  double work = 40'000;        // op, to take an event in
  double count_work = 40'000;  // op, to count an event in its windows
  Duration tick = seconds(1);  // looks for idle sources, and puts results, so often
  Duration take_over_after = seconds(5);
};

}  // namespace evenkeel
