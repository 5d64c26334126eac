// What travels between the runner of a batch and the nodes that compute it, on Port::jobs.
#pragma once

#include <map>

#include "models/processing/stream_spec.h"
#include "models/runtime/service.h"

namespace evenkeel {

/// A map-reduce over stored rows: a mapper makes keys and values of each row, aggregates come to
/// something by key.
struct BatchSpec {
  std::string input = {};  // what to read: a table, a file
  ChosenEntry mapper{.name = "columns"};
  std::vector<AggregateOf> reduce = {};  // over the mapper's values
  std::uint32_t reducers = 1;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(input, mapper, reduce, reducers);
  }
};

/// What the asker of a batch shows to each node that keeps its rows.
using BatchTokens = std::map<NodeId, Blob>;

/// Which attempt at mapping a part this is: unique within a run.
struct MapAttempt {
  std::uint64_t run = 0;
  std::uint32_t part = 0;
  std::uint32_t attempt = 0;
  friend auto operator<=>(const MapAttempt&, const MapAttempt&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(run, part, attempt);
  }
};

/// Maps a part that the node keeps, and keeps what comes of it for the reducers.
/// ErrorCode::not_found: the node does not keep the part. ErrorCode::overloaded: it has no room.
/// ErrorCode::denied: no grant allows it.
struct RunMap {
  static constexpr std::uint16_t tag = 1;
  using Answer = std::uint64_t;  // rows read
  MapAttempt attempt = {};
  BatchSpec spec = {};
  Blob token = {};  // of whoever has the batch run, for this node

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(attempt, spec, token);
  }
};

/// What some rows of one key come to so far.
struct PartialGroup {
  Blob key = {};  // encoded
  std::uint64_t rows = 0;
  std::vector<Blob> states = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(key, rows, states);
  }
};

/// The keys of an attempt that are for one reducer. ErrorCode::not_found: it is not here any more.
struct FetchGroups {
  static constexpr std::uint16_t tag = 2;
  using Answer = std::vector<PartialGroup>;
  MapAttempt attempt = {};
  std::uint32_t reducer = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(attempt, reducer);
  }
};

/// The attempt whose result counts for a part, and where it is.
struct MappedPart {
  MapAttempt attempt = {};
  NodeId node{};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(attempt, node);
  }
};

/// One key and what its rows came to; `rows` lets a caller keep back groups that are too small.
struct GroupResult {
  Row key = {};
  std::uint64_t rows = 0;
  Row values = {};
  friend bool operator==(const GroupResult&, const GroupResult&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(key, rows, values);
  }
};

/// Fetches one reducer's keys of all parts and finishes them. Parts that could not be fetched are
/// told instead.
struct RunReduce {
  static constexpr std::uint16_t tag = 3;
  struct Answer {
    std::vector<std::uint32_t> missing = {};
    std::vector<GroupResult> groups = {};
    std::uint64_t fetched_bytes = 0;  // of keys and states, from other nodes

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(missing, groups, fetched_bytes);
    }
  };
  BatchSpec spec = {};
  std::uint32_t reducer = 0;
  std::vector<MappedPart> parts = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(spec, reducer, parts);
  }
};

/// Rows of a part as they are, from the given one on: for whoever computes elsewhere. Fewer rows
/// than there are if they have more bytes than asked for, but at least one. Errors as of RunMap.
struct FetchPart {
  static constexpr std::uint16_t tag = 5;
  struct Answer {
    std::vector<Row> rows = {};
    bool is_all = true;  // the part's last row is among them, or it has none

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(rows, is_all);
    }
  };
  std::string input = {};
  std::uint32_t part = 0;
  std::uint64_t from = 0;
  std::uint32_t most_bytes = 0;
  Blob token = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(input, part, from, most_bytes, token);
  }
};

/// The run is over: nothing of it needs to be kept.
struct DropRun {
  static constexpr std::uint16_t tag = 4;
  using Answer = Done;
  std::uint64_t run = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(run);
  }
};

}  // namespace evenkeel
