// The two halves of C3, apart from the policy so that each can be checked by hand arithmetic: how a
// server is scored, and how fast it may be sent to.
#pragma once

#include <algorithm>
#include <cmath>

#include "models/runtime/portable_math.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// Smoothed observations of one server, all times in seconds.
class C3Server {
 public:
  bool known() const { return known_; }

  /// `alpha` is the weight of the newest observation.
  void observe(double response_s, double service_s, double queue, double alpha) {
    if (!known_) {
      response_s_ = response_s;
      service_s_ = service_s;
      queue_ = queue;
      known_ = true;
      return;
    }
    response_s_ += alpha * (response_s - response_s_);
    service_s_ += alpha * (service_s - service_s_);
    queue_ += alpha * (queue - queue_);
  }

  /// An answer without a report, such as a failure: only its time is known.
  void observe(double response_s, double alpha) {
    observe(response_s, known_ ? service_s_ : response_s, queue_, alpha);
  }

  /// R - T + q^b T with q = 1 + others + queue; 0 while nothing is known, so that it is tried.
  /// `others`: own requests in flight times the number of clients.
  double score(double others, int b) const {
    if (!known_) return 0;
    const double queue = 1 + others + std::max(queue_, 0.0);  // noise may make it negative
    double power = 1;
    for (int i = 0; i < b; ++i) power *= queue;
    return response_s_ - service_s_ + power * service_s_;
  }

 private:
  bool known_ = false;
  double response_s_ = 0;  // R
  double service_s_ = 0;   // T
  double queue_ = 0;
};

/// Rates are in requests per interval, times of the growth curve in milliseconds, as in the paper.
struct C3RateTerms {
  Duration interval = seconds(0.02);  // delta
  double initial = 5;
  double burst = 50;    // tokens kept at most
  double beta = 0.2;    // multiplies the rate when the server falls behind
  double gamma = 4e-6;  // steepness of the cubic growth (C)
  double max_step = 10;
};

/// A token bucket whose rate grows along a cubic curve while answers come back faster than requests
/// go out, and falls when they come back slower.
class C3Rate {
 public:
  explicit C3Rate(const C3RateTerms& terms)
      : rate_(terms.initial), tokens_(terms.initial), rate_before_fall_(2 * terms.initial) {}

  /// How long until a request may be sent; 0: now.
  Duration wait(const C3RateTerms& terms, Time now) const {
    const double missing = 1 - tokens_at(terms, now);
    if (missing <= 1e-9) return {};
    const double intervals = missing / rate_;
    return Duration{static_cast<std::int64_t>(
               std::ceil(intervals * static_cast<double>(terms.interval.count())))} +
           Duration{1};
  }

  void sent(const C3RateTerms& terms, Time now) {
    tokens_ = std::max(0.0, tokens_at(terms, now) - 1);
    filled_ = now;
  }

  void answered(const C3RateTerms& terms, Time now) {
    close_intervals(terms, now);
    ++answers_;
    tokens_ = tokens_at(terms, now);
    filled_ = now;
    if (rate_ < receive_rate_) {
      grow(terms, now);
    } else if (receive_rate_ > 0 && rate_ > receive_rate_ &&
               now - last_growth_ > 2 * terms.interval) {
      rate_before_fall_ = rate_;
      rate_ = std::max(rate_ * terms.beta, slowest);
      last_fall_ = now;
    }
  }

  double rate() const { return rate_; }
  double receive_rate() const { return receive_rate_; }

 private:
  static constexpr double slowest = 0.01;
  static constexpr double smoothing = 0.1;  // weight of the newest interval in the receive rate

  double tokens_at(const C3RateTerms& terms, Time now) const {
    const double intervals = to_seconds(now - filled_) / to_seconds(terms.interval);
    return std::min(terms.burst, tokens_ + rate_ * intervals);
  }

  /// Counts the answers of the intervals that ended; all but the first had none.
  void close_intervals(const C3RateTerms& terms, Time now) {
    std::int64_t ended = (now - interval_began_) / terms.interval;
    if (ended <= 0) return;
    interval_began_ += ended * terms.interval;
    receive_rate_ += smoothing * (static_cast<double>(answers_) - receive_rate_);
    answers_ = 0;
    for (ended = std::min<std::int64_t>(ended - 1, 1000); ended > 0; --ended)
      receive_rate_ *= 1 - smoothing;
  }

  void grow(const C3RateTerms& terms, Time now) {
    last_growth_ = now;
    const double since_fall_ms = to_seconds(now - last_fall_) * 1e3;
    const double from_plateau_ms =
        since_fall_ms - portable::pow(rate_before_fall_ * terms.beta / terms.gamma, 1.0 / 3);
    const double target =
        terms.gamma * from_plateau_ms * from_plateau_ms * from_plateau_ms + rate_before_fall_;
    rate_ = std::max(std::min(target, rate_ + terms.max_step), slowest);
  }

  double rate_;
  double tokens_;
  double rate_before_fall_;  // Rmax
  Time filled_{};            // when tokens_ was right
  Time last_fall_{};
  Time last_growth_{};
  Time interval_began_{};
  std::int64_t answers_ = 0;  // in the interval that runs
  double receive_rate_ = 0;
};

}  // namespace evenkeel
