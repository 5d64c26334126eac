// A random program played at a table, by a protocol and a seed that say all about it.
#pragma once

#include <fmt/format.h>

#include "tests/mpc/random_program.h"
#include "tests/mpc/table.h"

namespace evenkeel::test {

struct RandomRun {
  std::string protocol = "replicated3";
  std::uint32_t parties = 3;
  std::uint64_t seed = 1;
  std::uint64_t most_elements = 100;  // of a vector
};

/// What a seed makes of it: how many own and how long vectors are; and who learns the answer.
struct DrawnRun {
  DrawnProgram::Shape shape = {};
  std::uint32_t clients = 0;
  std::vector<Seat> receivers = {};  // nobody named: all parties
};

inline DrawnRun drawn(const RandomRun& run) {
  Random random = Random::stream(run.seed, "random run");
  const std::array<std::uint64_t, 8> sizes{1, 2, 63, 64, 65, 96, 128, 1 + random.below(1000)};
  DrawnRun drawn{.shape = {.seed = run.seed, .parties = run.parties}};
  drawn.clients = static_cast<std::uint32_t>(random.below(3));
  drawn.shape.count = std::min(sizes[random.below(sizes.size())], run.most_elements);
  drawn.shape.owners = drawn.clients > 0 ? drawn.clients : run.parties;
  if (random.chance(0.5)) {
    drawn.receivers.push_back(static_cast<Seat>(random.below(run.parties)));
    if (drawn.clients > 0) drawn.receivers.push_back(run.parties);
  }
  return drawn;
}

struct RandomOutcome {
  std::string wrong = {};  // nothing: all was right
  std::map<DrawnProgram::Kind, std::uint64_t> operations = {};
};

inline RandomOutcome outcome_of(const RandomRun& run) {
  const ProtocolKind kind = protocol_named(run.protocol);
  const DrawnRun drawn = test::drawn(run);
  const auto program = std::make_shared<RandomProgram>(drawn.shape, kind.promises);
  const Computation computation{.kind = kind,
                                .function = program,
                                .problem = {.owners = drawn.shape.owners},
                                .receivers = drawn.receivers};
  std::vector<std::vector<double>> all;
  for (std::uint32_t i = 0; i < drawn.shape.owners; ++i) all.push_back({static_cast<double>(i)});
  Table table{kind, {.parties = run.parties, .clients = drawn.clients, .seed = run.seed}};
  const auto got = table.compute(computation, all);
  RandomOutcome outcome{{}, program->program().operations()};
  const std::vector<double> right = program->plain({}, {});
  for (Seat seat = 0; seat < got.size() && outcome.wrong.empty(); ++seat) {
    const bool learns = drawn.receivers.empty()
                            ? seat < run.parties
                            : std::ranges::find(drawn.receivers, seat) != drawn.receivers.end();
    if (!got[seat]) {
      outcome.wrong = got[seat].error().detail;
    } else if (learns ? *got[seat] != right : !got[seat]->empty()) {
      outcome.wrong = fmt::format("at seat {}: {}", seat, program->blame(*got[seat]));
    }
  }
  return outcome;
}

/// The command that plays it again.
inline std::string replay(const RandomRun& run) {
  return fmt::format("operations_study --protocol {} --parties {} --seed {} --elements {}",
                     run.protocol, run.parties, run.seed, run.most_elements);
}

}  // namespace evenkeel::test
