// What a device may ask of the modules, instead of a computation: to put a row, to query, to fetch
// a file. A request class says which with `does`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "models/access/access.h"
#include "models/balancing/client.h"
#include "models/storage/files/files.h"
#include "sim/actions/processing_setting.h"

namespace evenkeel {

class Balancers;
class Offloader;
class PoolDesk;
class SecretKeeping;       // models/storage/secrets/secret_keeping.h
class SecretComputations;  // sim/actions/secret_computations.h
class Witness;
struct SharedClient;  // sim/actions/shared_client.h

/// The modules' clients on the node where actions are done. What a scenario does not have is
/// null.
struct ModuleClients {
  Records* records = nullptr;
  Access* access = nullptr;
  Files* files = nullptr;
  Offloader* offloader = nullptr;
  Balancers* balancers = nullptr;                         // at this node
  const std::map<std::string, NodeId>* takers = nullptr;  // of events, by stream
  const std::map<std::string, NodeId>* homes = nullptr;   // of models, by name
  std::shared_ptr<AccessSession> session = nullptr;       // of all who ask there
  const SharedClient* shared = nullptr;
  PoolDesk* pools = nullptr;  // of data that several parties share together
  SecretComputations* computations = nullptr;
  SecretKeeping* secrets = nullptr;
};

/// What all actions of a run share; it outlives them.
struct ActionSetting {
  std::vector<TableSchema> tables = {};
  std::vector<std::string> file_spaces = {};
  std::vector<std::string> data_sets = {};  // that parties share
  std::vector<std::string> pools = {};      // of data sets
  Witness* witness = nullptr;  // sees what is asked and answered, for the invariants; may be null
  std::vector<std::string> populations = {};  // names
  std::vector<FedStream> streams = {};
  std::vector<OffloadModel> models = {};    // those that servers run
  std::vector<std::string> fallbacks = {};  // models that are where devices are
  std::vector<BatchJob> jobs = {};
  std::set<std::string> computations = {};  // multi-party ones
  std::set<std::string> intersections = {};
  std::set<std::string> retrievals = {};
  bool keeps_secrets = false;
};

/// One request that is to be done.
struct ActionCall {
  Node& node;
  ModuleClients clients;
  const ActionSetting& setting;
  Issue issue = {};
  ClientSettings::Class request_class = {};
  Duration time_left = never;  // until its answer must leave for the device
  Answer* phases = nullptr;    // where to say how a server answered, if one did
};

/// Made once for a request class; keeps no state of a request.
class Action {
 public:
  virtual ~Action() = default;
  virtual Task<Result<Done>> run(ActionCall call) const = 0;
  /// The node kinds whose servers it asks through a balancer; none: it asks no server.
  virtual std::vector<std::string> asks() const { return {}; }
  /// Before the run: takes back promises that its answers do not keep.
  virtual void be_seen_by(Witness&) const {}
};

/// UserError if the settings do not fit the scenario, as an unknown table.
using MakeAction = std::function<std::unique_ptr<Action>(const ActionSetting&)>;

/// All actions. An entry's `configure` returns a MakeAction.
Catalogue& actions();

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from (Settings, ActionSetting).
template <class O>
Entry action_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename O::Settings settings;
            settings.describe(fields);
            return MakeAction{[settings](const ActionSetting& setting) {
              return std::unique_ptr<Action>{std::make_unique<O>(settings, setting)};
            }};
          }};
}

/// UserError with those that there are, unless there is such a name space for files.
void check_space(const ActionSetting& setting, const std::string& name);
/// The table of that name. UserError with a suggestion if there is none.
const TableSchema& table_named(const ActionSetting& setting, const std::string& name);

}  // namespace evenkeel
