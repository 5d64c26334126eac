// Records what a table says of its fields, instead of reading them.
#pragma once

#include "sim/scenario/shape.h"
#include "sim/scenario/structure.h"

namespace evenkeel {

class Recorder final : public Structure {
 public:
  /// A group with the fields described so far.
  Shape take() && { return std::move(group_); }

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
  void refuse(std::string_view, const std::string&) override {}

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
  Shape& add(Shape::Kind kind, std::string_view name, const About& about);

  Shape group_;
};

}  // namespace evenkeel
