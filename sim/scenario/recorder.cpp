// Each method adds one shape to the group.
#include "sim/scenario/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/scenario/quantity.h"

namespace evenkeel {

Shape& Recorder::add(Shape::Kind kind, std::string_view name, const About& about) {
  Shape& shape = group_.inside.emplace_back();
  shape.kind = kind;
  shape.name = name;
  shape.meaning = about.meaning;
  const Bounds bounds = bounds_of(about, Unit::none);
  shape.min = bounds.min;
  shape.max = bounds.max;
  return shape;
}

void Recorder::number(std::string_view name, double& value, Unit unit, const About& about) {
  Shape& shape = add(Shape::Kind::number, name, about);
  const Bounds bounds = bounds_of(about, unit);
  shape.unit = unit;
  shape.min = bounds.min;
  shape.max = bounds.max;
  shape.required = std::isnan(value);
  if (std::isfinite(value)) shape.default_text = format_quantity(value, unit);
}

void Recorder::integer(std::string_view name, std::int64_t& value, const About& about) {
  add(Shape::Kind::integer, name, about).default_text = std::to_string(value);
}

void Recorder::boolean(std::string_view name, bool& value, const About& about) {
  add(Shape::Kind::boolean, name, about).default_text = value ? "true" : "false";
}

void Recorder::duration(std::string_view name, Duration& value, const About& about) {
  Shape& shape = add(Shape::Kind::duration, name, about);
  const Bounds bounds = bounds_of(about, Unit::time);
  shape.unit = Unit::time;
  shape.min = bounds.min;
  shape.max = bounds.max;
  if (value != never) shape.default_text = format_quantity(to_seconds(value), Unit::time);
}

void Recorder::text(std::string_view name, std::string& value, const About& about) {
  add(Shape::Kind::text, name, about).default_text = value;
}

void Recorder::option(std::string_view name, std::string& value,
                      std::span<const std::string_view> options, const About& about) {
  Shape& shape = add(Shape::Kind::option, name, about);
  shape.options.assign(options.begin(), options.end());
  shape.default_text = value;
  shape.required = value.empty();
}

void Recorder::choice(std::string_view name, std::string& value, std::any& made,
                      const Catalogue& catalogue, const About& about) {
  Shape& shape = add(Shape::Kind::choice, name, about);
  shape.catalogue = &catalogue;
  shape.default_text = value;
  shape.required = value.empty();
  made = configure_default(catalogue, value);
}

void Recorder::numbers(std::string_view name, std::vector<double>& values, Unit unit,
                       const About& about) {
  Shape& shape = add(Shape::Kind::numbers, name, about);
  const Bounds bounds = bounds_of(about, unit);
  shape.unit = unit;
  shape.min = bounds.min;
  shape.max = bounds.max;
  if (values.empty()) return;
  for (const double value : values)
    shape.default_text += (shape.default_text.empty() ? "[" : ", ") + format_quantity(value, unit);
  shape.default_text += ']';
}

void Recorder::file(std::string_view name, std::string& value, const About& about) {
  Shape& shape = add(Shape::Kind::file, name, about);
  shape.default_text = value;
  shape.required = value.empty();
}

void Recorder::required(std::string_view name) {
  for (Shape& shape : group_.inside)
    if (shape.name == name) shape.required = true;
}

void Recorder::exactly_one(std::initializer_list<std::string_view> names) {
  group_.exactly_one.emplace_back(names.begin(), names.end());
}

void Recorder::group(std::string_view name, const Inside& inside, const About& about) {
  Recorder inner;
  inside(inner);
  Shape& shape = add(Shape::Kind::group, name, about);
  shape.inside = std::move(inner.group_.inside);
  shape.exactly_one = std::move(inner.group_.exactly_one);
}

void Recorder::named(std::string_view name, std::string_view thing,
                     const std::function<void(Structure&, const Name&)>& item, const About& about) {
  Recorder inner;
  item(inner, {});
  Shape& shape = add(Shape::Kind::named, name, about);
  shape.thing = thing;
  shape.inside.push_back(std::move(inner).take());
}

void Recorder::list(std::string_view name, const std::function<void(Structure&, Place)>& item,
                    const About& about) {
  Recorder inner;
  item(inner, {});
  add(Shape::Kind::list, name, about).inside.push_back(std::move(inner).take());
}

void Recorder::name(std::string_view name, Name&, const About& about) {
  add(Shape::Kind::name, name, about);
}

void Recorder::names(std::string_view name, std::vector<Name>&, const About& about) {
  add(Shape::Kind::names, name, about);
}

void Recorder::options(std::string_view name, std::vector<std::string>&,
                       std::span<const std::string_view> options, const About& about) {
  add(Shape::Kind::options, name, about).options.assign(options.begin(), options.end());
}

void Recorder::one_of(std::string_view name, std::span<const Form> forms, Place&,
                      const About& about) {
  std::vector<Shape::Alternative> alternatives;
  for (const Form& form : forms) {
    Shape::Alternative& alternative =
        alternatives.emplace_back(Shape::Alternative{form.kind, form.key, form.meaning, {}});
    if (form.kind == Form::Kind::word) continue;
    Recorder inner;
    form.inside(inner);
    alternative.value = std::move(inner.group_.inside);
  }
  add(Shape::Kind::one_of, name, about).forms = std::move(alternatives);
}

void Recorder::optional_choice(std::string_view name, Chosen& value, const Catalogue& catalogue,
                               const About& about) {
  choice(name, value.name, value.made, catalogue, about);
  group_.inside.back().required = false;
}

void Recorder::choice_here(std::string_view wrapper, Chosen&, const Catalogue& catalogue,
                           const About& about) {
  Shape& shape = add(Shape::Kind::choice_here, wrapper, about);
  shape.catalogue = &catalogue;
}

void Recorder::kind_here(Chosen&, const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const Entry& entry : catalogue.entries()) {
    names.push_back(entry.name);
    Recorder inner;
    entry.configure(inner);
    for (Shape& shape : inner.group_.inside)
      if (std::ranges::find(group_.inside, shape.name, &Shape::name) == group_.inside.end())
        group_.inside.push_back(std::move(shape));
  }
  group_.exactly_one.push_back(std::move(names));
}

void Recorder::axes(std::string_view name, std::vector<Variation>&, const About& about) {
  add(Shape::Kind::axes, name, about);
}

void Recorder::value(std::string_view name, Name&, const About& about) {
  add(Shape::Kind::value, name, about);
}

void Recorder::preamble() {
  add(Shape::Kind::include, "include", {"files beside or below this one, read before it"});
  add(Shape::Kind::variables, "variables", {"values that ${name} stands for anywhere below"});
}

}  // namespace evenkeel
