// A policy around another one: passes everything on, for a derived class to change what it will.
#pragma once

#include <any>

#include "models/balancing/policy.h"

namespace evenkeel {

/// The policy that a wrapper is around, as a setting.
struct Wrapped {
  std::string name;
  std::any made = {};  // a MakePolicy, once described

  void describe(Fields& fields, std::string_view field, const About& about) {
    fields.choice(field, name, made, policies(), about);
  }
};

class Wrapper : public Policy {
 public:
  void consider(const Job& job, const View& view, std::vector<ServerIndex>& wanted) override {
    inner_->consider(job, view, wanted);
  }
  ServerIndex pick(const Job& job, const View& view) override { return inner_->pick(job, view); }
  void sent(ServerIndex server, Time now) override { inner_->sent(server, now); }
  void finished(ServerIndex server, const Outcome& outcome, Time now) override {
    inner_->finished(server, outcome, now);
  }
  void probe(const View& view, std::vector<ServerIndex>& wanted) override {
    inner_->probe(view, wanted);
  }
  void probed(ServerIndex server, const Report& report, Time now) override {
    inner_->probed(server, report, now);
  }
  void idle(ServerIndex server, Time now) override { inner_->idle(server, now); }
  void busy(ServerIndex server, Time now) override { inner_->busy(server, now); }
  std::size_t idle_count() const override { return inner_->idle_count(); }
  std::optional<Hedge> hedge(const Job& job, const View& view) override {
    return inner_->hedge(job, view);
  }
  Duration hold(const Job& job, const View& view) override { return inner_->hold(job, view); }
  bool wants_reports() const override { return inner_->wants_reports(); }
  ServerRules rules() const override { return inner_->rules(); }

 protected:
  Wrapper(const Wrapped& wrapped, const PolicyContext& context)
      : inner_(std::any_cast<const MakePolicy&>(wrapped.made)(context)) {}

 private:
  std::unique_ptr<Policy> inner_;
};

}  // namespace evenkeel
