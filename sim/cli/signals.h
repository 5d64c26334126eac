// Ctrl-C and its like, noted instead of obeyed.
#pragma once

#include <signal.h>

#include <array>

namespace evenkeel {

/// The signal that came while a SignalsNoted lived; 0 if none did.
inline volatile sig_atomic_t stop_signal = 0;

/// While it lives, SIGINT, SIGTERM and SIGHUP are only noted.
class SignalsNoted {
 public:
  SignalsNoted() {
    stop_signal = 0;
    struct sigaction action = {};
    action.sa_handler = [](int signal) { stop_signal = signal; };
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &action, &before_[i]);
  }
  ~SignalsNoted() {
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
  }
  SignalsNoted(const SignalsNoted&) = delete;
  SignalsNoted& operator=(const SignalsNoted&) = delete;

 private:
  static constexpr std::array<int, 3> signals = {SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, 3> before_ = {};
};

/// The exit code of a command that was stopped.
inline constexpr int interrupted = 130;

}  // namespace evenkeel
