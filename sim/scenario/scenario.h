// A scenario: everything a run needs, as plain values in base units (seconds, bytes, bit/s, op,
// op/s, W). Made by the reader (reader.h) from a file; a test may fill one by hand.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/balancing/health.h"
#include "models/runtime/registry.h"
#include "models/runtime/time.h"
#include "models/runtime/user_error.h"
#include "models/sharing/caveats.h"
#include "models/storage/flaw.h"
#include "models/storage/secrets/flaw.h"
#include "models/storage/table.h"
#include "sim/scenario/mistake.h"
#include "sim/scenario/processing_choice.h"
#include "sim/topology/defaults.h"

namespace evenkeel {

/// A catalogue entry that was chosen, and what its `configure` returned for the settings given.
struct Chosen {
  std::string name = {};
  std::any made = {};
};

/// Vertices of the topology. `names`: those places. `every_site`: those of tier "site", or all
/// where the topology has no tiers. `tier`: those of the tier `names[0]`. `random`, `most_central`:
/// `count` of them, drawn by the run's seed or with the highest betweenness.
struct Selector {
  enum class How { names, every_site, every_vertex, tier, random, most_central };
  How how = How::every_vertex;
  std::vector<Name> names = {};
  std::int64_t count = 0;
  Place place = {};
};

/// What lies between a node or a device and the vertex it stands at.
struct Line {
  Duration latency{};
  double bandwidth = 0;  // bit/s, each direction
};

/// The graph, and what its file leaves open.
struct TopologyChoice {
  Chosen source = {};  // an entry of topologies()
  LinkDefaults links = {};
};

struct NetworkSettings {
  enum class Model { fluid, latency };
  Model model = Model::fluid;
  double small_message = 1500;   // bytes; a message up to this size is no flow: it shares nothing
  bool tcp_calibration = false;  // SimGrid's factors for TCP in a cluster
};

/// Where a run lives: in virtual time, or in real time on sockets.
enum class WorldKind { simgrid, sockets };

/// What only runs on sockets ask.
struct SocketChoices {
  bool processes = false;  // a process for each node, instead of a thread
  bool plain = false;      // TCP without TLS
  bool burn = false;       // computations use the processor, instead of sleeping
  bool netns = false;      // each process in a network namespace, with the kernel's shaping
  /// Nodes that were started by hand, and where each listens; the others run on this machine.
  struct Host {
    Name node = {};
    Name address = {};  // numeric, with a port
  };
  std::vector<Host> hosts = {};
  /// With hosts, unless `plain`: a folder made by `evenkeel credentials`.
  std::string credentials = {};
};

/// Watts of one node.
struct PowerDraw {
  double idle = 0;
  double busy = 0;
  double off = 0;
};

/// The disk of one node. A plain SATA SSD, if nothing else is said.
struct DiskChoice {
  Duration sync = seconds(0.0005);
  double bandwidth = 4e9;   // bit/s
  double capacity = 256e9;  // bytes
};

/// Which request classes a kind of node answers.
struct Serves {
  bool all = true;                 // false with no classes: none
  std::vector<Name> classes = {};  // if not empty: only these
};

/// Alike nodes, `count` of them at each place of `at`. They are called "kind/place", or with a
/// count above 1 "kind/place/1", "kind/place/2", ...
struct NodeKind {
  enum class Discipline { fifo, processor_sharing };
  std::string name = {};
  Place place = {};
  Selector at = {};
  std::int64_t count = 1;
  std::int64_t cores = 1;
  double speed = 1e9;  // op/s, one core
  double memory = 0;   // bytes; 0: not stated
  Discipline discipline = Discipline::fifo;
  std::int64_t queue_limit = 100'000;  // requests waiting; one more is refused
  PowerDraw power = {};
  double price = 0;  // EUR/core-hour
  Line link = {seconds(0.0001), 1e10};
  DiskChoice disk = {};
  bool cloud = false;
  Serves serves = {};
};

/// Alike devices, `count` of them at each place of `at`.
struct DevicePopulation {
  std::string name = {};
  Place place = {};
  Selector at = {};
  std::int64_t count = 1;
  Line link = {seconds(0.005), 1e8};
  Chosen moves = {};  // an entry of movements(); no name: they stay
};

/// The key that the hashing policies hash: one of `over`, uniform or by Zipf's law.
struct KeyChoice {
  enum class Distribution { uniform, zipf };
  Distribution distribution = Distribution::uniform;
  std::int64_t over = 1'000'000;
  double exponent = 1;
};

/// The devices of a site ask `factor` times as often in [from, to).
struct Hot {
  Name site = {};
  double factor = 1;
  Time from{};
  Time to = never;
};

struct RequestClass {
  std::string name = {};
  Place place = {};
  Name from = {};        // a device population
  Chosen arrivals = {};  // an entry of arrivals()
  double rate = 0;       // 1/s, each device; 0: not stated, the arrivals have their own
  Chosen input = {};     // an entry of distributions_in(Unit::bytes); no name: 0 bytes
  Chosen output = {};    // the same, of the answer
  Chosen work = {};      // an entry of service_times(), in op; no name: it does something else
  Chosen does = {};      // an entry of actions(): what it asks of the modules; no name: nothing
  Duration deadline = never;
  Duration timeout = seconds(30);
  KeyChoice key = {};
  std::vector<Hot> hot = {};
  double scale = 1;  // thins (below 1) or thickens the arrivals
};

/// What one decision costs the balancer's node: a time, or work on it.
struct DecisionCost {
  Duration time{};
  double work = 0;  // op
};

struct Balancing {
  enum class At { client, site, central };
  At at = At::site;
  Selector central = {};           // where the central balancers stand
  Chosen policy = {};              // an entry of policies()
  Chosen knowledge = {};           // an entry of knowledge()
  std::vector<Name> servers = {};  // node kinds; empty: all that serve
  DecisionCost decision_cost = {};
  std::optional<OutlierSettings> outlier_ejection = {};  // empty: nobody is ejected
  std::optional<SlowStartSettings> slow_start = {};      // empty: all take their share at once
};

/// A name space for files: its quota, and how its files are spread. `parity` pieces are made of
/// each `data` pieces; with one piece of data they are copies of it.
struct FileSpaceChoice {
  std::string name = {};
  double quota = 0;  // bytes; 0: none
  std::int64_t data = 1;
  std::int64_t parity = 2;
};

/// Nodes that begin or cease to keep data while the run goes on.
struct MemberChange {
  Time at{};
  std::vector<Name> add = {};  // nodes, or kinds for all their nodes
  std::vector<Name> remove = {};
  Place place = {};
};

/// When a backup is brought back onto the nodes that keep data, which then are empty.
struct RestoreChoice {
  Time at{};
  Time to = never;  // the newest backup that was taken until then; `never`: the newest of all
};

/// Backups of the data, taken and kept by a node far away.
struct BackupChoice {
  Name to = {};                       // a node kind, whose first node it is
  Duration every{};                   // between the starts of two
  std::vector<Name> tables = {};      // empty: all
  std::vector<Name> files = {};       // name spaces; empty: all
  Duration keep_all = seconds(3600);  // ages up to which all, one an hour, a day, a week are kept
  Duration keep_hourly = seconds(86'400);
  Duration keep_daily = seconds(30 * 86'400);
  Duration keep_weekly = seconds(365 * 86'400);
  double capacity = 4e12;  // bytes
  std::vector<RestoreChoice> restores = {};
};

/// Secrets, as keys and credentials, of which no few nodes know anything.
struct SecretsChoice {
  std::vector<Name> on = {};   // node kinds, or nodes: each keeps a share
  std::int64_t threshold = 1;  // so many shares tell nothing, one more gives the secret
  Duration refresh = seconds(60);
  Duration timeout = seconds(1);  // of one round of questions to the keepers
  SecretsFlaw flaw = SecretsFlaw::none;
};

/// Data kept by nodes for each other.
struct StorageChoice {
  std::vector<Name> on = {};  // node kinds
  std::int64_t copies = 3;
  bool zones = true;  // nodes at one place may fail together: copies go to different places
  std::vector<TableSchema> tables = {};
  std::vector<std::vector<Name>> homes = {};  // by region from 1 on: nodes, or kinds
  std::vector<FileSpaceChoice> files = {};
  Duration timeout = seconds(1);       // of one round of questions to replicas
  Duration sync_period = seconds(60);  // between comparisons of replicas
  Duration hint_window = seconds(1800);
  Duration forget_after = seconds(3600);  // erasures are kept at least so long
  double work = 20'000;                   // op, to read or write a row
  bool membership = false;  // nodes find out who is alive; always if there are changes
  std::vector<MemberChange> changes = {};  // in order of time
  std::optional<BackupChoice> backup = {};
  std::optional<SecretsChoice> secrets = {};
  Flaw flaw = Flaw::none;
  Place place = {};
};

/// Who owns nodes and data.
struct PartyChoice {
  Name name = {};
  std::vector<Name> nodes = {};    // nodes, or kinds for all their nodes
  std::vector<Name> devices = {};  // populations: their gateways are the party's
  std::vector<Name> spaces = {};   // name spaces for files
  double upload = 0;               // bit/s, of blocks of files, by each of its nodes; 0: no limit
};

/// What a party may have of a data set.
struct TermsChoice {
  Name party = {};
  Caveats caveats = {};
  Duration lasts = never;  // from the agreement on
};

struct DataSetChoice {
  Name name = {};
  Name owner = {};
  Name table = {};                                       // or
  double file = 0;                                       // bytes
  std::optional<std::vector<std::string>> columns = {};  // ascending
  std::vector<RowTest> rows = {};
  std::vector<TermsChoice> terms = {};
};

struct RevocationChoice {
  Time at{};
  Name data_set = {};
  Name from = {};
  Place place = {};
};

/// Data sets about which one may ask together (models/sharing/pooling/pool.h).
struct PoolChoice {
  struct Column {
    Name name = {};
    double lowest = 0;
    double highest = 0;
  };
  Name name = {};
  std::vector<Name> data_sets = {};
  std::vector<Column> columns = {};
  std::int64_t min_group = 10;
  std::int64_t min_owners = 2;
  double epsilon = 0;
  std::int64_t most_rows = 1'000'000;
};

/// Parties, and what they share with whom.
struct SharingChoice {
  std::vector<PartyChoice> parties = {};
  std::vector<DataSetChoice> data_sets = {};
  std::vector<PoolChoice> pools = {};
  std::vector<RevocationChoice> revocations = {};
  Duration lease = seconds(10);
  Duration renew_every = seconds(3);
  double block = 65'536;  // bytes
  Place place = {};
};

/// A function that requests may ask for (does: compute), and whose numbers it is about.
struct ComputationChoice {
  std::string name = {};
  Chosen function = {};          // an entry of functions()
  std::vector<Name> of = {};     // device populations, whose gateways own the numbers; or nodes
  std::int64_t size = 1;         // numbers an owner
  std::int64_t bits = 16;        // each is below 2^bits in magnitude
  std::int64_t fraction = 0;     // bits kept after the binary point
  Chosen values = {};            // an amount: what an owner has, drawn for each computation
  std::vector<Name> liars = {};  // as `of`: owners that enter `lie` instead
  double lie = 0;                // need not be below 2^bits
  Place place = {};
};

/// What two nodes have in common (does: intersect), each with a set of its own.
struct IntersectionChoice {
  enum class What { intersection, cardinality, sum };
  std::string name = {};
  std::vector<Name> between = {};  // two nodes
  What what = What::intersection;
  std::int64_t items = 1000;  // elements of each set
  std::int64_t common = 100;  // of them, in both
  Place place = {};
};

/// A table that two nodes hold, read by row (does: retrieve) so that neither learns which.
struct RetrievalChoice {
  std::string name = {};
  std::vector<Name> servers = {};  // two nodes
  std::int64_t rows = 4096;
  std::int64_t row_bytes = 64;
  Place place = {};
};

/// Multi-party computation: who computes, by which protocol, and what.
struct MpcChoice {
  Chosen protocol = {};            // an entry of protocols(); may be left out, as the parties, if
  std::vector<Name> parties = {};  // nothing is computed; nodes, or kinds for all their nodes
  std::int64_t count = 0;          // so many of them compute; 0: as few as the protocol can
  Duration patience = seconds(1);  // for one message
  std::map<std::string, double, std::less<>> costs = {};  // ns of a primitive, where not built in
  std::vector<ComputationChoice> computations = {};
  std::vector<IntersectionChoice> intersections = {};
  std::vector<RetrievalChoice> retrievals = {};
  Place place = {};

  bool computes() const { return !parties.empty(); }
};

/// What breaks, when, and for how long (`never`: it stays so).
struct Fault {
  Time at{};
  Duration lasts = never;
  bool spare = false;  // does not happen while nodes repair what others lost
  Chosen what = {};    // an entry of fault_kinds(), sim/scenario/breakage.h
  Place place = {};
};

class Structure;

/// Faults drawn at random by the run's seed (sim/faults/swarm.h).
struct Swarm {
  std::vector<std::string> kinds = {};  // empty: all
  double until = 0.7;                   // share of the duration; then all is mended
  std::int64_t disks = 1;               // damaged at one time, at most
  double settle = 0.1;                  // share of the duration between damages of disks
  double intensity = 1;

  void describe(Structure& fields, const Catalogue& kinds_of_faults);
};

/// One setting that a comparison varies: its path, and each value as text for `set`.
struct Variation {
  std::string path = {};
  std::vector<std::string> values = {};
  Place place = {};
};

/// Before a name in Compare::metric: a named count of the runs, as "rows repaired".
inline constexpr std::string_view count_prefix = "count/";

struct Compare {
  std::vector<Variation> vary = {};
  std::int64_t seeds = 10;
  Name baseline = {};  // a value of one axis; empty: the first of the first axis
  std::string metric = "p99";
};

/// Removed from the start of every series: a fixed time, or what MSER-5 finds.
struct WarmUp {
  bool mser5 = false;
  Duration fixed{};
};

struct Scenario {
  std::string name = {};
  std::string question = {};
  Duration duration = seconds(60);
  WarmUp warm_up = {};
  std::int64_t seed = 1;
  TopologyChoice topology = {};
  NetworkSettings network = {};
  WorldKind world = WorldKind::simgrid;
  SocketChoices sockets = {};
  std::vector<NodeKind> nodes = {};  // these three in the order of the file
  std::vector<DevicePopulation> devices = {};
  std::vector<RequestClass> workload = {};
  Balancing balancing = {};
  std::optional<StorageChoice> storage = {};
  std::optional<SharingChoice> sharing = {};
  std::optional<ProcessingChoice> processing = {};
  std::optional<MpcChoice> mpc = {};
  std::vector<Fault> faults = {};   // in the order of the file
  std::optional<Swarm> swarm = {};  // empty: nothing breaks at random
  Compare compare = {};
  std::vector<std::string> charts = {};
  std::vector<std::string> files = {};  // that it names, as paths that can be opened
  std::string text = {};  // its canonical form, and the folder that files are relative to
  std::string directory = {};
};

}  // namespace evenkeel
