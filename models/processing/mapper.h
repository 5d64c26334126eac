// Mappers: what a batch makes of each stored row before its aggregates: keys and values. One a file
// in mappers/, all in a catalogue.
#pragma once

#include <functional>
#include <memory>

#include "models/runtime/registry.h"
#include "models/storage/table.h"

namespace evenkeel {

/// Told of each key with its values; the batch's aggregates take them by column.
using Emit = std::function<void(Row key, Row values)>;

class Mapper {
 public:
  virtual ~Mapper() = default;
  virtual void map(const Row& row, const Emit& emit) const = 0;
  /// The columns of the rows that its keys and these of its values are made of.
  virtual std::vector<std::uint32_t> columns(const std::vector<std::uint32_t>& values) const = 0;
  /// Operations for one row, without the aggregates.
  virtual double ops_per_row() const = 0;
};

using MakeMapper = std::shared_ptr<const Mapper>;

/// All mappers. An entry's `configure` returns a MakeMapper.
Catalogue& mappers();

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from them.
template <class M>
Entry mapper_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename M::Settings settings;
            settings.describe(fields);
            return MakeMapper{std::make_shared<const M>(settings)};
          }};
}

/// Settings that list columns, as numbers of columns.
std::vector<std::uint32_t> column_numbers(const std::vector<double>& columns);
/// The values of these columns; null where the row has none.
Row columns_of(const Row& row, const std::vector<double>& columns);
/// A setting that lists columns, counted from 0.
void describe_columns(Fields& fields, std::string_view name, std::vector<double>& columns,
                      std::string_view meaning);

}  // namespace evenkeel
