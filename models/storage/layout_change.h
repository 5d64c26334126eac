// What a change of the layout needs from the records: one place where it is decided which layout
// comes next, and the copying of rows to nodes that newly keep them.
#pragma once

#include "models/storage/layouts.h"
#include "models/storage/storage.h"

namespace evenkeel {

/// Decides by compare-and-set on a row for each version. The records outlive the node's tasks.
Layouts::Decide decide_by(Records& records);

/// Compares each partition that this node keeps by the newer layout, and whose replicas change,
/// with a majority of its older replicas. The storage outlives the node's tasks.
Layouts::Synchronise copy_rows(Storage& storage, NodeId self);

}  // namespace evenkeel
