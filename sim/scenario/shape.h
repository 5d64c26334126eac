// What the table says, as data: recorded from it once, then read by the schema, `list`, the paths
// of `--set` and the merging of includes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/runtime/registry.h"
#include "sim/scenario/catalogues.h"
#include "sim/scenario/structure.h"

namespace evenkeel {

/// One field, or a whole file.
struct Shape {
  enum class Kind {
    number,
    integer,
    boolean,
    duration,
    text,
    option,
    choice,       // of `catalogue`
    choice_here,  // its entries are keys of the struct around it; `name`: the wrapper's key
    numbers,
    file,
    group,    // inside: its fields
    named,    // inside[0]: what each name stands for
    list,     // inside[0]: each item
    name,     // of something the scenario or the topology names
    names,    // one or a list
    options,  // a list of `options`
    one_of,   // forms
    axes,
    value,  // any
    include,
    variables,
  };
  struct Alternative;

  Kind kind = Kind::group;
  std::string name = {};
  std::string meaning = {};
  bool required = false;
  Unit unit = Unit::none;  // number, numbers
  double min = 0;
  double max = 0;
  std::string default_text = {};  // as it would be written; empty: none
  std::vector<std::string> options = {};
  const Catalogue* catalogue = nullptr;
  std::string thing = {};  // named: the word for one
  std::vector<Shape> inside = {};
  std::vector<Alternative> forms;
  std::vector<std::vector<std::string>> exactly_one = {};  // group: of these fields
};

struct Shape::Alternative {
  Form::Kind kind;
  std::string key;
  std::string meaning;
  std::vector<Shape> value;  // one, but for a word
};

/// The bounds that hold for a field: those of `about`, and what no quantity exceeds. Without a
/// lower bound of its own a quantity with a unit starts at 0.
struct Bounds {
  double min;
  double max;
};
Bounds bounds_of(const About& about, Unit unit);

/// A whole scenario file.
Shape scenario_shape(const Catalogues& from);
/// The settings of an entry, as a group.
Shape entry_shape(const Entry& entry);

/// What stands under a key of a value of this shape (in a list: under an index), if anything may.
std::optional<Shape> child_shape(const Shape& shape, const std::string& key);
/// The keys that may stand in a value of this shape, where they are fixed.
std::vector<std::string> child_names(const Shape& shape);
std::vector<std::string> entry_names(const Catalogue& catalogue);

/// What an entry makes of its defaults; empty if there is no entry of this name.
std::any configure_default(const Catalogue& catalogue, const std::string& name);

}  // namespace evenkeel
