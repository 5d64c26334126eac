// A scenario file as text structure, before it has a meaning: its includes merged, its settings
// changed by `--set`. What it means is read by reader.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/catalogues.h"
#include "sim/scenario/shape.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {

class ScenarioDocument {
 public:
  /// Sets what stands at a path (`balancing.policy`, `workload.*.rate`) to a value written in YAML
  /// (`power_of_d: {d: 3}`, `60 s`). UserError for a path that does not exist or a text that is
  /// not YAML: "--set balancing.polcy=x: no such path; did you mean balancing.policy". A wrong
  /// value is found by `validate` and `read`. `option` is how the user gave it: "--set", "--vary".
  void set(const std::string& path, const std::string& text, std::string_view option = "--set");
  /// As given by `--set`: "path=value". Returns the two.
  std::pair<std::string, std::string> set(const std::string& assignment);
  /// The same with a value that has its own place.
  void set(const std::string& path, const YamlNode& value);

  /// The tree with all variables replaced. Adds what is wrong with them.
  YamlNode resolved(std::vector<Mistake>& mistakes) const;

  /// One text for the same scenario however it was written: includes, variables and sets applied,
  /// comments gone. Reading it with the same directory gives an equal scenario. Variables stay
  /// where `compare.vary` names some.
  std::string canonical() const;

  const std::string& file() const { return file_; }
  const std::string& directory() const { return directory_; }
  const Catalogues& from() const { return *from_; }
  /// What is wrong with the text as YAML, and with its includes.
  const std::vector<Mistake>& mistakes() const { return mistakes_; }
  /// False if the text could not be read as a map at all.
  bool is_readable() const { return tree_.is_map(); }

 private:
  friend ScenarioDocument parse_scenario(std::string_view text, const std::string& file,
                                         const std::string& directory, const Catalogues& from);

  std::string file_;
  std::string directory_;
  const Catalogues* from_ = nullptr;
  std::shared_ptr<const Shape> shape_;
  YamlNode tree_;
  std::vector<Mistake> mistakes_;
};

/// Reads a file and what it includes. UserError if the file cannot be opened or is no file;
/// mistakes in its text are kept for `validate` and `read`.
ScenarioDocument load_scenario(const std::string& path, const Catalogues& from = catalogues());

/// The same from memory. `file` is the name used in messages; files that the text names, and its
/// includes, are relative to `directory`.
ScenarioDocument parse_scenario(std::string_view text, const std::string& file,
                                const std::string& directory, const Catalogues& from);

}  // namespace evenkeel
