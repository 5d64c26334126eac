// The table's part about what stands where: node kinds, device populations and their moves.
#include <array>

#include "sim/scenario/describe.h"

namespace evenkeel {
namespace {

constexpr double most_per_place = 1e7;
constexpr double most_places = 100'000;
constexpr double most_bandwidth = 1e15;
constexpr double longest_latency_s = 3600;

constexpr std::array<std::string_view, 2> disciplines = {"fifo", "processor_sharing"};

void describe_link(Structure& fields, Line& link, std::string_view meaning) {
  const auto inside = [&](Structure& inner) {
    inner.duration("latency", link.latency, {"one way", 0, longest_latency_s});
    inner.number("bandwidth", link.bandwidth, Unit::bandwidth,
                 {"each direction", 1, most_bandwidth});
  };
  fields.group("link", inside, {meaning});
}

void describe_power(Structure& fields, PowerDraw& power) {
  const auto inside = [&](Structure& inner) {
    inner.number("idle", power.idle, Unit::power, {"switched on, computing nothing", 0, 1e9});
    inner.number("busy", power.busy, Unit::power, {"all cores computing", 0, 1e9});
    inner.number("off", power.off, Unit::power, {"crashed or switched off", 0, 1e9});
    if (power.busy < power.idle)
      inner.refuse("busy", "less than the idle power; write at least as much");
  };
  fields.group("power", inside, {"of one node"});
}

void describe_disk(Structure& fields, DiskChoice& disk) {
  const auto inside = [&](Structure& inner) {
    inner.duration("sync", disk.sync,
                   {"until what was written is durable, beside the time its bytes take", 0, 60});
    inner.number("bandwidth", disk.bandwidth, Unit::bandwidth,
                 {"reading and writing, together", 1, most_bandwidth});
    inner.number("capacity", disk.capacity, Unit::bytes, {"a write beyond it is refused", 1, 1e15});
  };
  fields.group("disk", inside,
               {"of one node; if not given: a plain SATA SSD. Real disks, on sockets, take their "
                "own time"});
}

void describe_serves(Structure& fields, Serves& serves) {
  Place place;
  const std::array forms = {
      Form{Form::Kind::bare, "serves", "whether it answers requests at all",
           [&](Structure& inner) {
             serves = {};
             inner.boolean("serves", serves.all, {"all classes, or none"});
           }},
      Form{Form::Kind::bare, "serves", "the classes that it answers",
           [&](Structure& inner) {
             serves = {false, {}};
             inner.names("serves", serves.classes, {"request classes"});
           }},
  };
  fields.one_of("serves", forms, place, {"which requests it answers: true, false, or classes"});
}

void describe_node(Structure& fields, NodeKind& node) {
  describe_selector(fields, "at", node.at, "where such nodes stand");
  fields.required("at");
  fields.integer("count", node.count, {"at each place", 1, 10'000});
  fields.integer("cores", node.cores, {"of one node", 1, 100'000});
  fields.number("speed", node.speed, Unit::speed, {"of one core", 1, 1e18});
  fields.number("memory", node.memory, Unit::bytes, {"of one node; 0: not stated", 0, 1e16});
  option(fields, "discipline", node.discipline, disciplines,
         {"how requests share its cores: one after another, or all at once"});
  fields.integer("queue_limit", node.queue_limit,
                 {"requests waiting; one more is refused", 0, 1e9});
  describe_power(fields, node.power);
  fields.number("price", node.price, Unit::price, {"of one core", 0, 1e6});
  describe_link(fields, node.link, "between the node and its place");
  describe_disk(fields, node.disk);
  const bool at_cloud_tier = node.at.how == Selector::How::tier && !node.at.names.empty() &&
                             node.at.names.front().text == "cloud";
  node.cloud = node.name == "cloud" || at_cloud_tier;
  fields.boolean("cloud", node.cloud,
                 {"in a central data centre; if not given: it is called cloud or stands at that "
                  "tier"});
  describe_serves(fields, node.serves);
}

void describe_moves(Structure& fields, Chosen& moves, const Catalogues& from) {
  Place place;
  const std::array forms = {
      Form{Form::Kind::word, "none", "stays", [&](Structure&) { moves = {}; }},
      Form{Form::Kind::bare, "moves", "a kind of movement",
           [&](Structure& inner) {
             moves = {};
             inner.choice("moves", moves.name, moves.made, from.movements, {"how they move"});
           }},
  };
  fields.one_of("moves", forms, place, {"how the devices change their site"});
}

/// `per: site` is short for `at: every site`; the count is for each place either way.
void describe_per(Structure& fields, Selector& at) {
  Place place;
  const auto every = [&](Selector::How how) {
    return [&at, how](Structure&) { at = {how, {}, 0, {}}; };
  };
  const std::array forms = {
      Form{Form::Kind::word, "site", "every site", every(Selector::How::every_site)},
      Form{Form::Kind::word, "vertex", "every vertex", every(Selector::How::every_vertex)},
      Form{Form::Kind::bare, "per", "every place of a tier",
           [&](Structure& inner) {
             at = {Selector::How::tier, {{}}, 0, {}};
             inner.name("per", at.names.front(), {"a tier of the topology"});
           }},
  };
  fields.one_of("per", forms, at.place, {"at every place of this tier"});
}

void describe_population(Structure& fields, DevicePopulation& devices, const Catalogues& from) {
  describe_per(fields, devices.at);
  describe_selector(fields, "at", devices.at, "where such devices are");
  fields.exactly_one({"per", "at"});
  fields.integer("count", devices.count, {"at each place", 1, most_per_place});
  describe_link(fields, devices.link, "between the device and its place");
  describe_moves(fields, devices.moves, from);
}

}  // namespace

void describe_selector(Structure& fields, std::string_view name, Selector& value,
                       std::string_view meaning) {
  using How = Selector::How;
  const std::string key{name};
  const auto every = [&](How how) {
    return [&value, how](Structure&) { value = {how, {}, 0, {}}; };
  };
  const auto several = [&](How how, std::string_view word, std::string_view what) {
    return [&value, how, word, what](Structure& inner) {
      value = {how, {}, 1, {}};
      inner.integer(word, value.count, {what, 1, most_places});
    };
  };
  const std::array forms = {
      Form{Form::Kind::word, "every site", "all places of tier site", every(How::every_site)},
      Form{Form::Kind::word, "every vertex", "all places", every(How::every_vertex)},
      Form{Form::Kind::keyed, "tier", "all places of a tier",
           [&](Structure& inner) {
             value = {How::tier, {{}}, 0, {}};
             inner.name("tier", value.names.front(), {"site, region, cloud, device, ..."});
           }},
      Form{Form::Kind::keyed, "random", "so many places, drawn by the seed",
           several(How::random, "random", "how many places")},
      Form{Form::Kind::keyed, "most_central", "the places with the highest betweenness",
           several(How::most_central, "most_central", "how many places")},
      Form{Form::Kind::bare, key, "a place or a list of places",
           [&](Structure& inner) {
             value = {How::names, {}, 0, {}};
             inner.names(key, value.names, {"places of the topology"});
           }},
  };
  fields.one_of(name, forms, value.place, {meaning});
}

void describe_nodes(Structure& fields, std::vector<NodeKind>& nodes) {
  const auto item = [&](Structure& inner, const Name& name) {
    NodeKind& node = nodes.emplace_back();
    node.name = name.text;
    node.place = name.place;
    describe_node(inner, node);
  };
  fields.named("nodes", "node kind", item, {"the kinds of nodes, by name"});
  fields.required("nodes");
}

void describe_devices(Structure& fields, std::vector<DevicePopulation>& devices,
                      const Catalogues& from) {
  const auto item = [&](Structure& inner, const Name& name) {
    DevicePopulation& population = devices.emplace_back();
    population.name = name.text;
    population.place = name.place;
    describe_population(inner, population, from);
  };
  fields.named("devices", "device population", item, {"the populations of devices, by name"});
  fields.required("devices");
}

}  // namespace evenkeel
