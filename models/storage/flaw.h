// Known ways of getting replication wrong, for tests alone: each was found in a real system or a
// simulation, and the checks of a run must find it again.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace evenkeel {

enum class Flaw : std::uint8_t {
  none,
  reused_version,      // a repeated attempt to write takes the version of the one before
  no_write_back,       // a read that saw replicas differ does not make them agree
  lost_disk_answers,   // a replica that lost its disk answers before it has copied from the others
  sloppy_quorum,       // a node that is no replica counts as one while a replica does not answer
  last_writer_wins,    // versions come from the wall clock
  sloppy_last_writer,  // both
  early_ack,           // a write is acknowledged before it is durable
  reads_new_layout,    // a new layout is read from before its nodes have the data
  ignores_lease,       // a node that cannot hear of revocations goes on serving
  split_transaction,   // a stream's state and its offset are stored one after the other
  early_export,        // a replica says that its part of a backup has ended when it has begun
  unguarded_batches    // batches read rows without a look at grants
};
inline constexpr std::array<std::string_view, 13> flaw_names = {"none",
                                                                "reused_version",
                                                                "no_write_back",
                                                                "lost_disk_answers",
                                                                "sloppy_quorum",
                                                                "last_writer_wins",
                                                                "sloppy_last_writer",
                                                                "early_ack",
                                                                "reads_new_layout",
                                                                "ignores_lease",
                                                                "split_transaction",
                                                                "early_export",
                                                                "unguarded_batches"};

constexpr bool is_sloppy(Flaw flaw) {
  return flaw == Flaw::sloppy_quorum || flaw == Flaw::sloppy_last_writer;
}
constexpr bool trusts_clocks(Flaw flaw) {
  return flaw == Flaw::last_writer_wins || flaw == Flaw::sloppy_last_writer;
}

}  // namespace evenkeel
