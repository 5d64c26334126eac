// Polynomials after fdlibm's k_sin.c, k_cos.c and e_asin.c: error about 1 ulp, no fused operations.
#include "sim/topology/geo.h"

#include <cmath>
#include <numbers>

namespace evenkeel {
namespace portable {
namespace {

constexpr double radians_per_degree = std::numbers::pi / 180;

// |x| <= pi/4.
double sin_kernel(double x) {
  const double z = x * x;
  const double r = 8.33333333332248946124e-03 +
                   z * (-1.98412698298579493134e-04 +
                        z * (2.75573137070700676789e-06 +
                             z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  return x + x * z * (-1.66666666666666324348e-01 + z * r);
}

double cos_kernel(double x) {
  const double z = x * x;
  const double r =
      4.16666666666666019037e-02 +
      z * (-1.38888888888741095749e-03 +
           z * (2.48015872894767294178e-05 +
                z * (-2.75573143513906633035e-07 +
                     z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11))));
  return 1 - z / 2 + z * z * r;
}

// asin(x) = x + x * ratio(x^2) for |x| <= 1/2.
double asin_ratio(double t) {
  const double p =
      t * (1.66666666666666657415e-01 +
           t * (-3.25565818622400915405e-01 +
                t * (2.01212532134862925881e-01 +
                     t * (-4.00555345006794114027e-02 +
                          t * (7.91534994289814532176e-04 + t * 3.47933107596021167570e-05)))));
  const double q =
      1 + t * (-2.40339491173441421878e+00 +
               t * (2.02094576023350569471e+00 +
                    t * (-6.88283971605453293030e-01 + t * 7.70381505559019352791e-02)));
  return p / q;
}

}  // namespace

double sin_degrees(double degrees) {
  const double quarter = std::nearbyint(degrees / 90);
  const double rest = (degrees - quarter * 90) * radians_per_degree;
  switch (static_cast<long>(quarter) & 3) {
    case 0:
      return sin_kernel(rest);
    case 1:
      return cos_kernel(rest);
    case 2:
      return -sin_kernel(rest);
    default:
      return -cos_kernel(rest);
  }
}

double cos_degrees(double degrees) { return sin_degrees(degrees + 90); }

double asin(double x) {
  if (x >= 1) return std::numbers::pi / 2;
  if (x <= 0.5) return x + x * asin_ratio(x * x);
  const double t = (1 - x) / 2;
  const double s = std::sqrt(t);
  return std::numbers::pi / 2 - 2 * (s + s * asin_ratio(t));
}

}  // namespace portable

UnitVector unit_vector(const Coordinates& place) {
  const double ring = portable::cos_degrees(place.latitude);
  return {ring * portable::cos_degrees(place.longitude),
          ring * portable::sin_degrees(place.longitude), portable::sin_degrees(place.latitude)};
}

double squared_chord(const UnitVector& a, const UnitVector& b) {
  const double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
  return x * x + y * y + z * z;
}

double great_circle_m(double squared_chord) {
  return 2 * earth_radius_m * portable::asin(std::sqrt(squared_chord) / 2);
}

double distance_m(const Coordinates& a, const Coordinates& b) {
  return great_circle_m(squared_chord(unit_vector(a), unit_vector(b)));
}

}  // namespace evenkeel
