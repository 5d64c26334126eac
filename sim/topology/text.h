// Text in and out: bounded reading of files, numbers with units, and the words of messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/time.h"
#include "models/runtime/user_error.h"

namespace evenkeel {

/// The longest input file, in bytes.
inline constexpr std::size_t max_topology_bytes = 256 << 20;

/// The whole file. UserError if it cannot be read or is longer than max_topology_bytes.
std::string read_text_file(const std::string& path);

/// Turns offsets into places of a file.
class Lines {
 public:
  Lines(std::string file, std::string_view text);
  Place at(std::size_t offset) const;

 private:
  std::string file_;
  std::vector<std::size_t> starts_;
};

std::string_view trimmed(std::string_view text);
std::string lower_case(std::string_view text);
/// A finite decimal number and nothing else, whatever the locale.
std::optional<double> parsed_number(std::string_view text);

/// A number and the unit behind it: "2.5 ms" -> {2.5, "ms"}; "7" -> {7, ""}.
struct Quantity {
  double value;
  std::string unit;
};
std::optional<Quantity> parsed_quantity(std::string_view text);
/// What one of the unit is in seconds, or in bit/s ("Mbps", "MBps", "Mbit/s", "MiBps").
std::optional<double> time_unit(std::string_view unit);
std::optional<double> bandwidth_unit(std::string_view unit);

/// "1 link", "1,234 links".
std::string counted(std::size_t count, std::string_view one, std::string_view many);
/// "1.5 ms", "2 Gbit/s": three digits, in the unit that fits.
std::string spelled(Duration latency);
std::string spelled_bandwidth(double bit_per_s);

/// Printable UTF-8, at most 200 bytes: control characters become spaces, ends are trimmed, bytes
/// that are not UTF-8 become U+FFFD.
std::string printable(std::string_view text);

}  // namespace evenkeel
