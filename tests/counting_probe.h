// A probe that only counts.
#pragma once

#include <map>
#include <string>

#include "models/runtime/probe.h"

namespace evenkeel::test {

class CountingProbe : public Probe {
 public:
  void request_sent(std::uint32_t, std::uint32_t, Time) override {}
  void request_ended(const RequestRecord&) override {}
  void level_changed(Level, NodeId, Time, double) override {}
  void count(std::string_view name, NodeId, double amount) override {
    counts[std::string{name}] += amount;
  }
  void event(Time, NodeId, std::string_view, std::string_view) override {}

  std::map<std::string, double> counts;
};

}  // namespace evenkeel::test
