// An aggregator's side of prio3.cpp, where the messages and the promises stand.
#pragma once

#include "models/mpc/aggregation.h"
#include "models/mpc/tools/flags.h"
#include "models/mpc/tools/prio3.h"

namespace evenkeel {

class Prio3Aggregator {
 public:
  static constexpr Seat leader = 0;
  static constexpr Seat helper = 1;
  static constexpr Prio3::View context{};  // nonces and keys are drawn for each session

  /// `session` and `scheme` outlive it.
  Prio3Aggregator(Session& session, const Prio3& scheme, std::int64_t fewest_reports)
      : session_(session), scheme_(scheme), fewest_reports_(fewest_reports) {}

  /// The total, at the leader.
  Task<Aggregation::Total> add_up();

 private:
  std::uint32_t clients() const { return session_.seats() - session_.parties(); }

  Task<> agree_on_key(Prio3::Seed& key);
  Task<> collect(const Prio3::Seed& key);
  Task<Aggregation::Total> lead();
  Task<Flags> choose_valid();
  Task<> help();
  bool is_enough(const Flags& accepted) const {
    return accepted.count() >= static_cast<std::size_t>(fewest_reports_);
  }
  SecretBytes sum_of(const Flags& accepted) const;
  void leave_out(std::uint32_t client, std::string_view why);
  Session::Forever cheated(std::string_view what);

  Session& session_;
  const Prio3& scheme_;
  std::int64_t fewest_reports_;
  std::vector<std::optional<Prio3::Checking>> checks_;  // one a client, nothing if it is left out
};

}  // namespace evenkeel
