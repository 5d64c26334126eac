// Fields (models/runtime/fields.h) for more than flat settings: maps of named things, lists, nested
// structs, one of several forms. describe.h says with it, once, what a scenario file holds; the
// reader, the schema, `list` and the paths of `--set` all follow from that.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/fields.h"
#include "models/runtime/registry.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

/// The entry that a quantity alone stands for.
inline constexpr const char* plain_entry = "fixed";

class Structure;

/// Describes what stands inside a value. May be called any number of times.
using Inside = std::function<void(Structure&)>;

/// One of the forms in which a value may be written.
struct Form {
  enum class Kind {
    word,   // `key` itself: `mser5`
    keyed,  // a map with only the key `key`, which `inside` describes as a field: `random: 5`
    bare,   // the value itself, which `inside` describes as a field called `key`: `1 min`
  };
  Kind kind;
  std::string key;
  std::string meaning;
  Inside inside;  // of a word: what choosing it does
};

/// Beside what Fields promises: a number whose default is NaN must be given, as must a choice, an
/// option or a file whose default is "". Numbers with a unit may be negative only if `min` says so.
/// In any choice a setting alone stands for an entry's first field (`power_of_d: 3`), and a
/// quantity alone for the entry "fixed" if there is one (`work: 2 Gop`).
class Structure : public Fields {
 public:
  /// The field `name`, described before, must be given.
  virtual void required(std::string_view name) = 0;
  /// Exactly one of the fields must be given.
  virtual void exactly_one(std::initializer_list<std::string_view> names) = 0;

  /// A struct within.
  virtual void group(std::string_view name, const Inside& inside, const About& about) = 0;
  /// A map from names to alike structs; `thing` is the word for one of them.
  virtual void named(std::string_view name, std::string_view thing,
                     const std::function<void(Structure&, const Name&)>& item,
                     const About& about) = 0;
  /// A list of alike structs; one alone may stand without the list.
  virtual void list(std::string_view name, const std::function<void(Structure&, Place)>& item,
                    const About& about) = 0;
  /// A name that the scenario or the topology gives; with `names` one or a list of them.
  virtual void name(std::string_view name, Name& value, const About& about) = 0;
  virtual void names(std::string_view name, std::vector<Name>& values, const About& about) = 0;
  /// A list of `options`, each at most once.
  virtual void options(std::string_view name, std::vector<std::string>& values,
                       std::span<const std::string_view> options, const About& about) = 0;
  /// A value in one of several forms. Bare forms are tried in order. `place` becomes the value's.
  virtual void one_of(std::string_view name, std::span<const Form> forms, Place& place,
                      const About& about) = 0;
  /// A choice that, if not given and without a default, stays as it is.
  virtual void optional_choice(std::string_view name, Chosen& value, const Catalogue& catalogue,
                               const About& about) = 0;
  /// A choice whose entries are keys of this very struct, or stand under the key `wrapper`. One
  /// must be given.
  virtual void choice_here(std::string_view wrapper, Chosen& value, const Catalogue& catalogue,
                           const About& about) = 0;
  /// Exactly one entry, whose name is a key of this very struct, as are its settings: an entry
  /// describes its own key first. Entries may share settings.
  virtual void kind_here(Chosen& value, const Catalogue& catalogue) = 0;
  /// A map from the paths of settings to the values that each shall take.
  virtual void axes(std::string_view name, std::vector<Variation>& axes, const About& about) = 0;
  /// Any value, kept as text for `set`.
  virtual void value(std::string_view name, Name& value, const About& about) = 0;
  /// `include` and `variables`, which are gone before a scenario is read.
  virtual void preamble() = 0;
};

}  // namespace evenkeel
