// Moves as recorded: a CSV file with a row for each time a device comes to a site. Before its first
// row a device is at home.
#include <algorithm>
#include <map>

#include "models/runtime/user_error.h"
#include "sim/workload/csv.h"
#include "sim/workload/movement.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_moves = 20'000'000;

struct MoveTrace {
  std::string file = {};
  std::string time = "time_s";
  std::string time_unit = "s";
  std::string device = "device";
  std::string place = "place";

  void describe(Fields& fields) {
    fields.file("file", file, {"a CSV file with a header"});
    fields.text("time", time, {"the column of the times, from the run's beginning"});
    fields.option("time_unit", time_unit, std::span{time_units}.first(6), {"of that column"});
    fields.text("device", device, {"the column of the devices, numbered from 0"});
    fields.text("place", place, {"the column of the places' names"});
  }
  std::unique_ptr<Movement> make(const MovementContext& context) const;
};

class RecordedMoves final : public Movement {
 public:
  RecordedMoves(const MovementContext& context, const MoveTrace& settings) : home_(context.home) {
    if (settings.file.empty()) throw UserError("movement 'trace': 'file' must name a CSV file");
    std::map<std::string_view, std::uint32_t> places;
    for (std::uint32_t i = 0; i < context.map->names.size(); ++i) places[context.map->names[i]] = i;
    CsvFile csv{settings.file};
    const std::size_t time = csv.column(settings.time);
    const std::size_t device = csv.column(settings.device);
    const std::size_t place = csv.column(settings.place);
    while (csv.next_row()) {
      if (moves_.size() >= max_moves) csv.refuse(time, "more than 20 million moves");
      const auto found = places.find(csv.field(place));
      if (found == places.end())
        csv.refuse(place, "the topology has no place '" + std::string{csv.field(place)} + "'");
      moves_.push_back({csv_time(csv, time, settings.time_unit),
                        device_of(csv, device, context.devices), found->second});
    }
    sort(settings.file);
  }

  std::uint32_t site_of(std::uint32_t device, Time at) override {
    const auto after = std::ranges::upper_bound(moves_, std::pair{device, at}, {}, order);
    if (after == moves_.begin() || std::prev(after)->device != device) return home_(device);
    return std::prev(after)->place;
  }

 private:
  struct Move {
    Time at;
    std::uint32_t device;
    std::uint32_t place;
  };

  static std::pair<std::uint32_t, Time> order(const Move& move) { return {move.device, move.at}; }

  static std::uint32_t device_of(const CsvFile& csv, std::size_t column, std::uint32_t devices) {
    const double number = csv.number(column, 0, devices - 1.0);
    const auto device = static_cast<std::uint32_t>(number);
    if (device != number) csv.refuse(column, "a device is a whole number");
    return device;
  }
  void sort(const std::string& file) {
    std::ranges::stable_sort(moves_, {}, order);
    for (std::size_t i = 1; i < moves_.size(); ++i)
      if (order(moves_[i]) == order(moves_[i - 1]) && moves_[i].place != moves_[i - 1].place)
        throw UserError(Place{file}, "device " + std::to_string(moves_[i].device) +
                                         " is at two places at " +
                                         std::to_string(to_seconds(moves_[i].at)) + " s");
  }

  std::function<std::uint32_t(std::uint32_t)> home_;
  std::vector<Move> moves_;  // by device, then time
};

std::unique_ptr<Movement> MoveTrace::make(const MovementContext& context) const {
  if (!context.map) throw UserError("movement 'trace': needs a topology with named places");
  return std::make_unique<RecordedMoves>(context, *this);
}

const Registered entry{movements(),
                       movement_entry<MoveTrace>("trace", "as recorded in a CSV file")};

}  // namespace
}  // namespace evenkeel
