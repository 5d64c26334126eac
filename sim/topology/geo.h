// Places on the globe and how far apart they are. The same last bit on every machine: the sine of
// the C library is not (see portable_math.h), and latencies come from these distances.
#pragma once

namespace evenkeel {

/// Degrees: latitude -90 .. 90 (north positive), longitude -180 .. 180 (east positive).
struct Coordinates {
  double latitude = 0;
  double longitude = 0;

  bool operator==(const Coordinates&) const = default;
};

inline constexpr double earth_radius_m = 6'371'008.8;  // the mean radius, IUGG

/// A point on the unit sphere.
struct UnitVector {
  double x, y, z;
};

UnitVector unit_vector(const Coordinates& place);
/// The straight line through the unit sphere, squared: grows with the distance, and is cheap.
double squared_chord(const UnitVector& a, const UnitVector& b);
/// The great circle that spans a chord of the unit sphere, in metres on the globe.
double great_circle_m(double squared_chord);
double distance_m(const Coordinates& a, const Coordinates& b);

namespace portable {

double sin_degrees(double degrees);
double cos_degrees(double degrees);
/// 0 <= x <= 1.
double asin(double x);

}  // namespace portable
}  // namespace evenkeel
