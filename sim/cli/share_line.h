// How far one run has come, on a terminal; nothing anywhere else.
#pragma once

#include <functional>

#include "sim/study/time_left.h"

namespace evenkeel {

class ShareLine {
 public:
  enum class Tells { share, time_left_too };

  /// The run starts now.
  explicit ShareLine(Tells tells);
  ShareLine(const ShareLine&) = delete;

  /// To be called with the share that is over, 0 .. 1; empty where nobody would see it. Valid as
  /// long as this.
  std::function<void(double)> on_progress();
  /// Takes it from the screen.
  void clear() const;

 private:
  void show(double share);

  Tells tells_;
  bool is_seen_;
  TimeLeft left_{1};
};

}  // namespace evenkeel
