// A drawn program as a function over secrets, which any protocol can compute: what every step gives
// is opened in the end and held against plain arithmetic.
//
// What is opened on the way goes on as constants, what is revealed to one party is entered by it
// again: so that a wrong number anywhere is one in the end.
#pragma once

#include <fmt/format.h>

#include "models/mpc/function.h"
#include "tests/mpc/drawn_program.h"

namespace evenkeel::test {

class RandomProgram final : public Function {
 public:
  RandomProgram(const DrawnProgram::Shape& shape, const Guarantees& promises)
      : program_(shape, promises), promises_(promises) {}

  const DrawnProgram& program() const { return program_; }

  Needs needs(const Problem&) const override {
    return {.entered = program_.shape().count,
            .opened = program_.values().size() * program_.shape().count,
            .value_bits = promises_.value_bits,
            .multiplies = promises_.multiplies,
            .compares = promises_.compares};
  }
  /// An owner has only its place among them; the numbers are the program's.
  std::vector<std::int64_t> prepare(std::span<const double> own, const Problem&) const override {
    return program_.values()[static_cast<std::size_t>(own[0])];
  }
  std::vector<double> drawn(const Problem& problem, Random&) const override {
    return {static_cast<double>(next_owner_++ % problem.owners)};  // asked for in their order
  }
  Task<Secrets> compute(Protocol& p, const std::vector<Secrets>& entered,
                        const Problem&) const override {
    std::vector<Secrets> all = entered;
    for (std::size_t i = 0; i < program_.steps().size(); ++i) {
      Task<Secrets> running = run(p, program_.steps()[i], program_.given_by(i), all);
      all.push_back(co_await std::move(running));
    }
    co_return p.joined(all);
  }
  /// In halves, since a double does not hold 62 bits.
  std::vector<double> finish(std::span<const std::int64_t> opened, const Problem&) const override {
    std::vector<double> halves;
    for (const std::int64_t value : opened) {
      halves.push_back(static_cast<double>(value >> 32));
      halves.push_back(static_cast<double>(value & 0xffffffff));
    }
    return halves;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>&,
                            const Problem& problem) const override {
    Values all;
    for (const Values& values : program_.values())
      all.insert(all.end(), values.begin(), values.end());
    return finish(all, problem);
  }
  double error_bound(const Problem&) const override { return 0; }

  /// Which step gave the first wrong element of an answer.
  std::string blame(std::span<const double> answer) const {
    const std::vector<double> right = plain({}, {});
    if (answer.size() != right.size()) return "an answer of another length";
    const auto wrong = std::ranges::mismatch(answer, right).in1 - answer.begin();
    const auto [count, owners] = std::pair{program_.shape().count, program_.shape().owners};
    const std::size_t element = static_cast<std::size_t>(wrong) / 2;
    const std::size_t vector = element / count;
    std::string_view name = "input";
    if (vector >= owners)
      name = DrawnProgram::kind_names[static_cast<std::size_t>(
          program_.steps()[vector - owners].kind)];
    return fmt::format("element {} of vector {}, by '{}'", element % count, vector, name);
  }

 private:
  using Values = DrawnProgram::Values;
  using Step = DrawnProgram::Step;
  using Kind = DrawnProgram::Kind;

  static Task<Secrets> run(Protocol& p, const Step& step, const Values& right,
                           const std::vector<Secrets>& all) {
    const Secrets& a = all[step.a];
    const Secrets& b = all[step.b];
    Task<Secrets> running = step.kind == Kind::multiply ? p.multiply(a, b)
                            : step.kind == Kind::less   ? p.less(a, b, step.bits)
                            : step.kind == Kind::equal  ? p.equal(a, b, step.bits)
                            : step.kind == Kind::select ? p.select(all[step.bit], a, b)
                            : step.kind == Kind::dot    ? spread_dot(p, step, a, b)
                            : step.kind == Kind::mask   ? masked(p, a)
                            : step.kind == Kind::open   ? opened(p, a)
                            : step.kind == Kind::reveal ? entered_again(p, step.who, a)
                            : step.kind == Kind::input  ? entered(p, step.who, right)
                                                        : locally(p, step, right, a, b);
    Secrets result = co_await std::move(running);
    co_return result;
  }
  static Task<Secrets> locally(Protocol& p, const Step& step, const Values& right, const Secrets& a,
                               const Secrets& b) {
    if (step.kind == Kind::add) co_return p.add(a, b);
    if (step.kind == Kind::subtract) co_return p.subtract(a, b);
    if (step.kind == Kind::scale) co_return p.scale(a, step.factor);
    co_return p.constants(right);
  }
  static Task<Secrets> spread_dot(Protocol& p, const Step& step, const Secrets& a,
                                  const Secrets& b) {
    const Secrets sums = co_await p.dot(a, b, step.length);
    std::vector<std::size_t> places(a.count);
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i / step.length;
    co_return p.pick(sums, places);
  }
  // A mask put on and taken off; what is opened of a wide element does not tell it.
  static Task<Secrets> masked(Protocol& p, const Secrets& a) {
    const Secrets mask = co_await p.random(a.count);
    Secrets sum = p.add(a, mask);
    if (p.domain().width() > 1) co_return p.subtract(std::move(sum), mask);
    const Values opened = co_await p.open(mask);
    co_return p.subtract(std::move(sum), p.constants(opened));
  }
  static Task<Secrets> opened(Protocol& p, const Secrets& a) {
    const Values opened = co_await p.open(a);
    co_return p.constants(opened);
  }
  static Task<Secrets> entered(Protocol& p, Seat who, const Values& right) {
    const std::vector<Seat> owners{who};
    Values mine;
    if (p.session().self() == who) mine = right;
    std::vector<Secrets> entered = co_await p.inputs(owners, mine, right.size());
    co_return std::move(entered[0]);
  }
  static Task<Secrets> entered_again(Protocol& p, Seat who, const Secrets& a) {
    const Values revealed = co_await p.reveal(who, a);
    const std::vector<Seat> owners{who};
    std::vector<Secrets> entered = co_await p.inputs(owners, revealed, a.count);
    co_return std::move(entered[0]);
  }

  DrawnProgram program_;
  Guarantees promises_;
  mutable std::size_t next_owner_ = 0;
};

}  // namespace evenkeel::test
