// Functions with settings, and what they answer at a table.
#pragma once

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>
#include <set>
#include <variant>

#include "tests/mpc/table.h"

namespace evenkeel::test {

/// Settings by name; a name that no function asks for is an error.
class Given final : public Fields {
 public:
  using Value = std::variant<double, std::int64_t, bool, std::string, std::vector<double>>;
  using Values = std::map<std::string, Value, std::less<>>;

  explicit Given(Values values) : values_(std::move(values)) {
    for (const auto& [name, value] : values_) unread.insert(name);
  }

  void number(std::string_view name, double& value, Unit, const About&) override {
    take(name, value);
  }
  void integer(std::string_view name, std::int64_t& value, const About&) override {
    take(name, value);
  }
  void boolean(std::string_view name, bool& value, const About&) override { take(name, value); }
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About&) override {
    take(name, value);
    EXPECT_NE(std::ranges::find(options, value), options.end()) << value;
  }
  void numbers(std::string_view name, std::vector<double>& value, Unit, const About&) override {
    take(name, value);
  }
  void duration(std::string_view, Duration&, const About&) override {}
  void text(std::string_view, std::string&, const About&) override {}
  void choice(std::string_view, std::string&, std::any&, const Catalogue&, const About&) override {}
  void file(std::string_view, std::string&, const About&) override {}
  void refuse(std::string_view name, const std::string& message) override {
    refused = std::string{name} + ": " + message;
  }

  std::set<std::string, std::less<>> unread = {};
  std::string refused = {};

 private:
  template <class T>
  void take(std::string_view name, T& value) {
    const auto found = values_.find(name);
    if (found == values_.end()) return;
    value = std::get<T>(found->second);
    unread.erase(unread.find(name));
  }

  Values values_;
};

/// An entry's thing with these settings, the others as they are.
template <class T>
T made_with(const Catalogue& catalogue, std::string_view name, Given::Values values) {
  Given given{std::move(values)};
  const std::any made = catalogue.find(name)->configure(given);
  EXPECT_TRUE(given.unread.empty()) << name << " has no setting " << *given.unread.begin();
  EXPECT_EQ(given.refused, "");
  return std::any_cast<T>(made);
}

inline std::shared_ptr<const Function> function_with(std::string_view name, Given::Values values) {
  return made_with<std::shared_ptr<const Function>>(functions(), name, std::move(values));
}

inline ProtocolKind protocol_with(std::string_view name, Given::Values values) {
  return made_with<ProtocolKind>(protocols(), name, std::move(values));
}

inline std::string refusal_of(std::string_view name, Given::Values values) {
  Given given{std::move(values)};
  functions().find(name)->configure(given);
  return given.refused;
}

using Numbers = std::vector<double>;

struct Trial {
  std::string protocol = "replicated3";
  std::shared_ptr<const Function> function = {};
  int bits = 12;
  int fraction = 4;
  Duration round_trip{};
  double bandwidth = 1e12;
  std::uint64_t seed = 1;
};

struct Answered {
  Numbers answer = {};
  std::uint32_t rounds = 0;
  std::uint64_t bytes = 0;  // of all seats
};

/// NaN is the same as NaN.
inline void expect_same(const Numbers& a, const Numbers& b) {
  EXPECT_THAT(a, testing::Pointwise(testing::NanSensitiveDoubleEq(), b));
}

/// The answer, the same at all parties; the owners are clients.
inline Answered answered(const Trial& trial, const std::vector<Numbers>& all) {
  const auto owners = static_cast<std::uint32_t>(all.size());
  const ProtocolKind kind = protocol_named(trial.protocol);
  const Computation computation{.kind = kind,
                                .function = trial.function,
                                .problem = {.owners = owners,
                                            .size = all[0].size(),
                                            .bits = trial.bits,
                                            .fraction = trial.fraction,
                                            .round_trip = trial.round_trip,
                                            .bandwidth = trial.bandwidth}};
  const std::uint32_t parties = kind.promises.fewest_parties;
  Table table{trial.protocol, {.parties = parties, .clients = owners, .seed = trial.seed}};
  const auto got = table.compute(computation, all);
  for (std::uint32_t seat = 0; seat < parties; ++seat) {
    EXPECT_TRUE(got[seat]) << got[seat].error().detail;
    if (!got[seat]) return {};
    if (seat > 0 && kind.make) expect_same(*got[seat], *got[0]);
  }
  Answered answered{*got[0], table.rounds()};
  for (const Spent& spent : table.spent) answered.bytes += spent.sent_bytes;
  return answered;
}

inline Numbers answer(const Trial& trial, const std::vector<Numbers>& all) {
  return answered(trial, all).answer;
}

/// How far an answer is from plain arithmetic, over what the function allows: 1 at most.
inline double error_share(const Trial& trial, const std::vector<Numbers>& all) {
  const Problem problem{.owners = static_cast<std::uint32_t>(all.size()),
                        .size = all[0].size(),
                        .bits = trial.bits,
                        .fraction = trial.fraction};
  const Numbers right = trial.function->plain(all, problem);
  const Numbers got = answer(trial, all);
  if (got.size() != right.size()) return std::numeric_limits<double>::infinity();
  double share = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    share = std::max(share,
                     std::abs(got[i] - right[i]) / (trial.function->error_bound(problem) + 1e-9));
  return share;
}

/// Why it cannot run, or nothing.
inline std::string against(const Trial& trial, const Problem& problem) {
  const Computation computation{protocol_named(trial.protocol), trial.function, problem};
  const auto error = reason_against(computation, 3, problem.owners);
  return error ? error->detail : "";
}

/// In a property: any multiples of 1/4 in [from, to].
inline std::vector<Numbers> any_table(std::size_t owners, std::size_t size, int from, int to) {
  std::vector<Numbers> all(owners);
  for (Numbers& own : all)
    for (std::size_t i = 0; i < size; ++i)
      own.push_back(0.25 * *rc::gen::inRange(4 * from, 4 * to + 1));
  return all;
}

/// Protocols under which what compares can be tried.
inline std::vector<std::string> comparing_protocols() {
  std::vector<std::string> names;
  for (const Entry& entry : protocols().entries()) {
    const ProtocolKind kind = protocol_named(entry.name);
    if (kind.make && kind.promises.multiplies && kind.promises.compares)
      names.push_back(entry.name);
  }
  return names;
}

}  // namespace evenkeel::test
