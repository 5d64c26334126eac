// Fills the fields of a struct from a YAML map, and collects what is wrong with it. Any mistake
// leaves its field at the default and reading goes on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/scenario/structure.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {

/// What is the same for all readers of one file.
struct ReadContext {
  std::string directory;  // that files are relative to
  std::vector<Mistake>& mistakes;
  std::vector<std::string> files = {};  // that were named, as paths that can be opened

  void mistake(const Place& place, std::string message);
};

class FieldReader final : public Structure {
 public:
  /// Reads a map, whose keys are fields. `what` names it in messages ("camera"); `where` is the
  /// place for what is missing in it. All references outlive the reader.
  FieldReader(const YamlNode& map, std::string what, Place where, ReadContext& context);
  /// Reads a value that stands for the first field described; the others keep their defaults.
  static FieldReader of_first(const YamlNode& value, std::string what, ReadContext& context);

  /// Says which fields are missing, and which keys are none of those described. To be called at
  /// the end.
  void finish();

  void number(std::string_view name, double& value, Unit unit, const About& about) override;
  void integer(std::string_view name, std::int64_t& value, const About& about) override;
  void boolean(std::string_view name, bool& value, const About& about) override;
  void duration(std::string_view name, Duration& value, const About& about) override;
  void text(std::string_view name, std::string& value, const About& about) override;
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About& about) override;
  void choice(std::string_view name, std::string& value, std::any& made, const Catalogue& catalogue,
              const About& about) override;
  void numbers(std::string_view name, std::vector<double>& values, Unit unit,
               const About& about) override;
  void file(std::string_view name, std::string& value, const About& about) override;
  void refuse(std::string_view name, const std::string& message) override;

  void required(std::string_view name) override;
  void exactly_one(std::initializer_list<std::string_view> names) override;
  void group(std::string_view name, const Inside& inside, const About& about) override;
  void named(std::string_view name, std::string_view thing,
             const std::function<void(Structure&, const Name&)>& item, const About& about) override;
  void list(std::string_view name, const std::function<void(Structure&, Place)>& item,
            const About& about) override;
  void name(std::string_view name, Name& value, const About& about) override;
  void names(std::string_view name, std::vector<Name>& values, const About& about) override;
  void options(std::string_view name, std::vector<std::string>& values,
               std::span<const std::string_view> options, const About& about) override;
  void one_of(std::string_view name, std::span<const Form> forms, Place& place,
              const About& about) override;
  void optional_choice(std::string_view name, Chosen& value, const Catalogue& catalogue,
                       const About& about) override;
  void choice_here(std::string_view wrapper, Chosen& value, const Catalogue& catalogue,
                   const About& about) override;
  void kind_here(Chosen& value, const Catalogue& catalogue) override;
  void axes(std::string_view name, std::vector<Variation>& axes, const About& about) override;
  void value(std::string_view name, Name& value, const About& about) override;
  void preamble() override;

 private:
  /// The value of a field that was given and is not empty, and makes its key known.
  const YamlNode* take(std::string_view name);
  /// As `take`, for a value that must be a scalar; says so if it is not.
  const YamlNode* take_scalar(std::string_view name, std::string_view what_it_is);
  bool is_given(std::string_view name) const;
  /// Says so if it is not so.
  bool check_exactly_one(std::span<const std::string_view> names);
  /// Told by `finish`, unless some key looks like a misspelling of it.
  void missing(std::string_view name);
  void mistake(const YamlNode& node, std::string message);

  bool read_number(const YamlNode& node, double& value, Unit unit, const About& about);
  void read_names(const YamlNode& node, std::vector<Name>& values);
  void read_choice(const YamlNode& node, Chosen& value, const Catalogue& catalogue);
  /// Configures the entry with the settings written in `node`.
  void configure(const Entry& entry, const YamlNode& node, Chosen& value);
  bool read_word(const YamlNode& node, std::span<const Form> forms);
  bool read_keyed(const YamlNode& node, std::span<const Form> forms);
  void read_bare(const YamlNode& node, std::span<const Form> forms);

  const YamlNode& node_;
  std::string what_;
  Place where_;
  ReadContext& context_;
  bool only_first_ = false;
  std::vector<std::string> known_;  // fields described, in order
  std::vector<std::string> missing_;
  std::size_t mistakes_before_;
};

}  // namespace evenkeel
