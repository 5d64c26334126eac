// The one table of a scenario file: names, units, bounds, defaults and meanings of all it may hold.
#pragma once

#include "sim/scenario/catalogues.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/structure.h"

namespace evenkeel {

void describe(Structure& fields, Scenario& scenario, const Catalogues& from);

/// Places as a scenario names them: for the settings of whatever stands somewhere.
void describe_selector(Structure& fields, std::string_view name, Selector& value,
                       std::string_view meaning);
void describe_nodes(Structure& fields, std::vector<NodeKind>& nodes);
void describe_devices(Structure& fields, std::vector<DevicePopulation>& devices,
                      const Catalogues& from);
void describe_workload(Structure& fields, std::vector<RequestClass>& workload,
                       const Catalogues& from);
void describe_balancing(Structure& fields, Balancing& balancing, const Catalogues& from);
void describe_storage(Structure& fields, std::optional<StorageChoice>& storage);
void describe_sharing(Structure& fields, std::optional<SharingChoice>& sharing);
/// Columns of rows, each a name and a type: "watts real".
void read_columns(Structure& fields, std::string_view name, std::vector<Column>& columns,
                  const About& about);
void describe_processing(Structure& fields, std::optional<ProcessingChoice>& processing);
void describe_mpc(Structure& fields, std::optional<MpcChoice>& mpc, const Catalogues& from);
void describe_faults(Structure& fields, std::vector<Fault>& faults, const Catalogue& kinds);
void describe_swarm(Structure& fields, std::optional<Swarm>& swarm, const Catalogue& kinds);

}  // namespace evenkeel
