// A probe that counts, and keeps what it is told of events.
#pragma once

#include <map>
#include <string>
#include <vector>

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
  void event(Time, NodeId, std::string_view kind, std::string_view detail) override {
    events.push_back(std::string{kind} + ": " + std::string{detail});
  }

  std::map<std::string, double> counts;
  std::vector<std::string> events;
};

}  // namespace evenkeel::test
