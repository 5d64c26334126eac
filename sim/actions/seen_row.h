// What the witness of a run sees of actions on rows: what was asked, and what came back. Does
// nothing in a run without a witness.
#pragma once

#include "sim/actions/action.h"
#include "sim/faults/checks/witness.h"

namespace evenkeel {

/// How the witness calls a row, and what it says of its values.
std::string key_text(std::span<const Value> key);
std::string row_text(const Row& row);

/// An event for a stream. Unless it is told otherwise, whether it was taken is unknown.
class SeenInput {
 public:
  SeenInput(const ActionCall& call, const FedStream& stream, const Row& row, Time at);
  void over(const Error* error);

 private:
  Witness* witness_;
  std::string stream_;
  std::vector<std::size_t> places_;  // one of each window
};

/// It certainly had no effect.
bool is_refusal(const Error& error);

/// A row that is put or erased (no row). Unless it is told otherwise, what became of it is unknown.
class SeenWrite {
 public:
  SeenWrite(const ActionCall& call, const TableSchema& table, const Row& key,
            const std::optional<Row>& row);
  void over(const Error* error);

 private:
  const ActionCall& call_;
  Witness::Ticket ticket_;
  std::vector<SeenInput> inputs_;  // of streams over the table
};

/// A row that is read.
class SeenRead {
 public:
  SeenRead(const ActionCall& call, const TableSchema& table, const Row& key);
  void over(const std::optional<Row>& row);

 private:
  const ActionCall& call_;
  Witness::Ticket ticket_;
};

/// A row that is replaced by another, whatever it was: known only when it is over.
class SeenSwap {
 public:
  SeenSwap(const ActionCall& call, const TableSchema& table, const Row& row);
  SeenSwap(const SeenSwap&) = delete;
  /// Unless it was over, what became of it is unknown.
  ~SeenSwap();
  void over(const std::optional<Row>& before);
  void failed(const Error& error);

 private:
  const ActionCall& call_;
  const std::string space_;
  const std::string key_;
  const std::string value_;
  Time start_;
  bool is_over_ = false;
};

}  // namespace evenkeel
