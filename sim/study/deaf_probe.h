// For who runs a world and asks for little or nothing of what it observes.
#pragma once

#include "models/runtime/probe.h"

namespace evenkeel {

class DeafProbe : public Probe {
 public:
  void request_sent(std::uint32_t, std::uint32_t, Time) override {}
  void request_ended(const RequestRecord&) override {}
  void level_changed(Level, NodeId, Time, double) override {}
  void count(std::string_view, NodeId, double) override {}
  void event(Time, NodeId, std::string_view, std::string_view) override {}
};

}  // namespace evenkeel
