// A drawing in SVG, made of a few shapes. Colours are names of CSS variables of the page, so that
// one drawing serves light and dark.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evenkeel::report {

/// Told apart without colour too.
enum class Shape { circle, triangle, square, diamond, cross };

/// The colours of Okabe and Ito (2008), told apart with any colour vision; past the eighth series
/// the same with other dashes.
struct Ink {
  std::string colour;  // as CSS
  std::string dash = {};
  Shape shape = Shape::circle;  // of marks
  bool is_hollow = false;       // marks too
};
Ink series_ink(std::size_t series);
/// A shade for a value in 0..1, dark to bright in any colour vision (the map "viridis").
std::string heat_colour(double value);

using Points = std::vector<std::pair<double, double>>;

enum class Anchor { start, middle, end };
/// What a legend shows beside a name.
enum class Key { line, box, dot, shape };

/// All text is escaped here; a non-empty tip shows when the pointer rests on the shape.
class Svg {
 public:
  Svg(double width, double height, std::string_view title);

  void line(double x1, double y1, double x2, double y2, std::string_view css_class);
  void curve(const Points& points, const Ink& ink, std::string_view tip);
  void box(double x, double y, double width, double height, std::string_view colour,
           std::string_view tip);
  /// Hollow where the ink is dashed.
  void dot(double x, double y, double radius, const Ink& ink, std::string_view tip);
  /// Of the ink's shape, about as large as a dot of that radius.
  void shape(double x, double y, double radius, const Ink& ink, std::string_view tip);
  void text(double x, double y, Anchor anchor, std::string_view css_class, std::string_view text,
            std::string_view tip = {});
  /// Rotated to read upwards.
  void upward_text(double x, double y, std::string_view text);
  void key(double x, double y, const Ink& ink, Key kind);

  std::string finish() &&;

 private:
  void add(std::string_view shape, std::string_view name, std::string_view tip);

  std::string markup_;
};

}  // namespace evenkeel::report
