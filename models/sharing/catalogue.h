// Which data sets there are, whose, and on what terms: a map that every node has whole, that
// converges whatever the network does, and in which nobody can write under another's name.
//
// An observed-remove map in which adding wins (Shapiro et al., INRIA RR-7506, 2011), its fields
// last-writer-wins by hybrid time. Each addition, field and tombstone is signed by the data set's
// owner: who carries them can withhold, not forge. News spreads at once to a few nodes, from these
// to others; each node also compares hashes of 64 parts of its map with one other at a time.
#pragma once

#include <map>

#include "models/runtime/hybrid_clock.h"
#include "models/runtime/service.h"
#include "models/sharing/catalogue_entry.h"
#include "models/sharing/journal.h"
#include "models/sharing/party.h"

namespace evenkeel {

/// Well-known fields: `title`, `schema`, `terms`, `where`; others are free.
using CatalogueFields = std::map<std::string, std::string>;

struct DataCatalogueSettings {
  std::vector<NodeId> peers = {};       // all others that keep the catalogue
  std::size_t fanout = 3;               // told at once of what is new
  Duration compare_every = seconds(5);  // with one of the peers
  Duration timeout = seconds(2);
  std::size_t most_of_an_owner = 10'000;  // entries, removed ones too
};

struct PushEntries;
struct CompareParts;
struct FetchEntries;

/// Entries' hashes, by part of the map.
using PartHashes = std::vector<Digest>;
using EntryHashes = std::map<DataSetId, Digest>;

class DataCatalogue {
 public:
  static constexpr std::size_t parts = 64;

  /// Reads what the disk has. Only entries of parties in the directory are taken. All outlive the
  /// node's tasks; `service` is that of Port::sharing.
  DataCatalogue(Node& node, Service& service, const PartyKeys& keys,
                const PartyDirectory& directory, HybridClock& clock,
                DataCatalogueSettings settings);
  DataCatalogue(const DataCatalogue&) = delete;

  /// Adds a data set of this node's party, or writes fields of it; durable here when it returns.
  Task<Result<Done>> publish(std::string name, CatalogueFields fields);
  /// ErrorCode::not_found: there is none of this name.
  Task<Result<Done>> withdraw(std::string name);

  /// Nothing if it is not there.
  std::optional<CatalogueFields> find(const DataSetId& id) const;
  /// All data sets whose name or some field holds the text (letters of either case), and whose
  /// fields are as given.
  std::vector<DataSetId> search(std::string_view text, const CatalogueFields& equal = {}) const;

  /// Takes in what is newer and good; tells whether anything was. ErrorCode::denied: something in
  /// it was not signed by the owner; then nothing is taken. ErrorCode::full: too many.
  Result<bool> merge(const CatalogueEntry& entry);
  const std::map<DataSetId, CatalogueEntry>& entries() const { return entries_; }
  /// Equal for equal contents.
  Digest digest() const;

 private:
  Task<Result<Done>> answer_push(NodeId from, PushEntries question);
  Task<Result<EntryHashes>> answer_compare(NodeId from, CompareParts question);
  Task<Result<std::vector<CatalogueEntry>>> answer_fetch(NodeId from, FetchEntries question);
  Task<> compare_for_ever();
  Task<> compare_with(NodeId peer);
  Task<> push_to(NodeId peer, std::vector<CatalogueEntry> entries);
  void spread(const std::vector<CatalogueEntry>& entries, std::optional<NodeId> but);
  Result<Done> keep(const std::vector<CatalogueEntry>& entries);
  PartHashes part_hashes() const;
  Result<bool> merge_checked(const CatalogueEntry& entry);

  Node& node_;
  const PartyKeys& keys_;
  const PartyDirectory& directory_;
  HybridClock& clock_;
  DataCatalogueSettings settings_;
  FrameJournal journal_;
  std::map<DataSetId, CatalogueEntry> entries_;
  std::map<PublicKey, std::size_t> of_owner_;
  std::map<DataSetId, Digest> hashes_;
};

/// Tags 10-19 of Port::sharing.
struct PushEntries {
  static constexpr std::uint16_t tag = 10;
  using Answer = Done;
  std::vector<CatalogueEntry> entries = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(entries);
  }
};
struct CompareParts {
  static constexpr std::uint16_t tag = 11;
  using Answer = EntryHashes;  // of the parts that differ, as many as fit
  PartHashes mine = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(mine);
  }
};
struct FetchEntries {
  static constexpr std::uint16_t tag = 12;
  using Answer = std::vector<CatalogueEntry>;
  std::vector<DataSetId> ids = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(ids);
  }
};

}  // namespace evenkeel
