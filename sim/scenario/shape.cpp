// Shapes from the table, and the way from a shape to what stands inside it.
#include "sim/scenario/shape.h"

#include <algorithm>
#include <charconv>

#include "sim/scenario/describe.h"
#include "sim/scenario/recorder.h"

namespace evenkeel {

Bounds bounds_of(const About& about, Unit unit) {
  constexpr double largest = 1e18;
  const double least = unit == Unit::none ? -largest : 0;
  const bool has_min = about.min > -largest;
  return {has_min ? about.min : least, std::min(about.max, unit == Unit::time ? 9e9 : largest)};
}

Shape scenario_shape(const Catalogues& from) {
  Scenario scenario;
  Recorder recorder;
  describe(recorder, scenario, from);
  return std::move(recorder).take();
}

Shape entry_shape(const Entry& entry) {
  Recorder recorder;
  entry.configure(recorder);
  Shape shape = std::move(recorder).take();
  shape.name = entry.name;
  shape.meaning = entry.summary;
  return shape;
}

std::any configure_default(const Catalogue& catalogue, const std::string& name) {
  const Entry* entry = catalogue.find(name);
  if (entry == nullptr) return {};
  Recorder unread;
  return entry->configure(unread);
}

std::vector<std::string> entry_names(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const Entry& entry : catalogue.entries()) names.push_back(entry.name);
  return names;
}

namespace {

std::optional<Shape> entry_child(const Catalogue& catalogue, const std::string& key) {
  const Entry* entry = catalogue.find(key);
  return entry == nullptr ? std::nullopt : std::optional{entry_shape(*entry)};
}

std::optional<Shape> field_of(const Shape& group, const std::string& key) {
  for (const Shape& field : group.inside) {
    if (field.kind == Shape::Kind::choice_here) {
      if (auto entry = entry_child(*field.catalogue, key)) return entry;
      if (key != field.name) continue;
      Shape wrapped = field;
      wrapped.kind = Shape::Kind::choice;
      return wrapped;
    }
    if (field.name == key) return field;
  }
  return std::nullopt;
}

std::optional<Shape> form_of(const Shape& shape, const std::string& key) {
  for (const Shape::Alternative& form : shape.forms) {
    if (form.kind == Form::Kind::keyed && form.key == key) return form.value.front();
    if (form.kind != Form::Kind::bare) continue;
    if (auto inside = child_shape(form.value.front(), key)) return inside;
  }
  return std::nullopt;
}

bool is_index(const std::string& key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Shape> child_shape(const Shape& shape, const std::string& key) {
  switch (shape.kind) {
    case Shape::Kind::group:
      return field_of(shape, key);
    case Shape::Kind::named:
      return shape.inside.front();
    case Shape::Kind::list:
      if (is_index(key)) return shape.inside.front();
      return field_of(shape.inside.front(), key);  // one alone, without the list
    case Shape::Kind::choice:
      return entry_child(*shape.catalogue, key);
    case Shape::Kind::one_of:
      return form_of(shape, key);
    case Shape::Kind::variables: {
      Shape variable;
      variable.kind = Shape::Kind::text;
      return variable;
    }
    default:
      return std::nullopt;
  }
}

std::vector<std::string> child_names(const Shape& shape) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
  };
  if (shape.kind == Shape::Kind::list) return child_names(shape.inside.front());
  if (shape.kind == Shape::Kind::choice) return entry_names(*shape.catalogue);
  if (shape.kind == Shape::Kind::group) {
    for (const Shape& field : shape.inside) {
      names.push_back(field.name);
      if (field.kind == Shape::Kind::choice_here) add(entry_names(*field.catalogue));
    }
  }
  for (const Shape::Alternative& form : shape.forms) {
    if (form.kind == Form::Kind::keyed) names.push_back(form.key);
    if (form.kind == Form::Kind::bare) add(child_names(form.value.front()));
  }
  return names;
}

}  // namespace evenkeel
