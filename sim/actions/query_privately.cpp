// Asks for what the section 'mpc' has of private queries: what two nodes have in common, and a row
// of a table whose servers do not learn which.
#include "models/runtime/user_error.h"
#include "sim/actions/action.h"
#include "sim/actions/secret_computations.h"

namespace evenkeel {
namespace {

void check_known(const std::string& name, const std::set<std::string>& known,
                 const std::string& section, const std::string& example) {
  if (!known.contains(name))
    throw UserError("an action asks for '" + name + "', which is none of 'mpc." + section +
                    "'; add it there: " + name + ": " + example);
}

class Intersect final : public Action {
 public:
  struct Settings {
    std::string intersection;
    void describe(Fields& fields) {
      fields.text("intersection", intersection, {"one of 'mpc.intersections'"});
    }
  };

  Intersect(const Settings& settings, const ActionSetting& setting) : name_(settings.intersection) {
    check_known(name_, setting.intersections, "intersections", "{between: [node, node]}");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    Task<Result<Done>> intersecting = call.clients.computations->intersect(name_);
    const Result<Done> done = co_await std::move(intersecting);
    co_return done;
  }

 private:
  std::string name_;
};

class Retrieve final : public Action {
 public:
  struct Settings {
    std::string retrieval;
    void describe(Fields& fields) {
      fields.text("retrieval", retrieval, {"one of 'mpc.retrievals'; the row is the key's"});
    }
  };

  Retrieve(const Settings& settings, const ActionSetting& setting) : name_(settings.retrieval) {
    check_known(name_, setting.retrievals, "retrievals", "{servers: [node, node]}");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    Task<Result<Done>> retrieving = call.clients.computations->retrieve(name_, call.issue.key);
    const Result<Done> done = co_await std::move(retrieving);
    co_return done;
  }

 private:
  std::string name_;
};

const Registered intersect_entry{
    actions(), action_entry<Intersect>("intersect",
                                       "has two nodes find what they have in common, in private")};
const Registered retrieve_entry{
    actions(),
    action_entry<Retrieve>("retrieve", "reads a row of two servers that do not learn which")};

}  // namespace
}  // namespace evenkeel
