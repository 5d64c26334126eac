#include "models/processing/kept_rows.h"

#include <algorithm>
#include <charconv>

namespace evenkeel {
namespace {

constexpr std::string_view table_mark = "table:";
constexpr std::string_view file_mark = "file:";
constexpr std::size_t digits_of_id = 2 * sizeof(Digest);

Error not_kept() { return {ErrorCode::not_found, "this node does not keep that part"}; }

std::optional<unsigned> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

std::optional<Digest> id_of(std::string_view digits) {
  Digest id{};
  for (std::size_t i = 0; i < id.size(); ++i) {
    const auto high = digit(digits[2 * i]);
    const auto low = digit(digits[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    reinterpret_cast<unsigned char*>(id.data())[i] = static_cast<unsigned char>(*high * 16 + *low);
  }
  return id;
}

}  // namespace

Result<std::string> file_input(const std::vector<ChunkKey>& chunks) {
  if (chunks.size() > KeptRows::most_chunks_named)
    return Error{ErrorCode::invalid, "the file has too many chunks for one batch: at most 500"};
  std::string text{file_mark};
  const Coding coding = chunks.empty() ? Coding{} : chunks.front().coding;
  if (coding.data != 1)
    return Error{ErrorCode::invalid,
                 "the file's chunks are cut into pieces, so nobody has a whole one; put it into a "
                 "name space with data: 1"};
  text += std::to_string(coding.parity) + ":";
  for (const ChunkKey& chunk : chunks) text += hex(chunk.id);
  return text;
}

Result<std::vector<Row>> KeptRows::read(const std::string& input, std::uint32_t part,
                                        std::size_t limit, const std::string& filter) {
  if (input.starts_with(table_mark))
    return read_table(input.substr(table_mark.size()), part, limit, filter);
  if (input.starts_with(file_mark)) return read_file(input.substr(file_mark.size()), part, limit);
  const auto found = brought_.find(input);
  if (found == brought_.end()) return not_kept();
  const auto rows = found->second.parts.find(part);
  if (rows == found->second.parts.end()) return not_kept();
  if (rows->second.size() > limit)
    return Error{ErrorCode::full, "the part has too many rows for one computation"};
  return rows->second;
}

const TableSchema* KeptRows::table_of(const std::string& input) const {
  if (storage_ == nullptr || !input.starts_with(table_mark)) return nullptr;
  return storage_->store().schema(input.substr(table_mark.size()));
}

Result<std::vector<Row>> KeptRows::read_table(const std::string& table, std::uint32_t part,
                                              std::size_t limit, const std::string& filter) {
  if (storage_ == nullptr || placement_ == nullptr || part >= partitions) return not_kept();
  const std::vector<NodeId>& replicas = placement_->readable().replicas[part];
  if (std::ranges::find(replicas, self_) == replicas.end()) return not_kept();
  if (storage_->replica().is_recovering() || !storage_->store().is_open())
    return Error{ErrorCode::unreachable, "this node copies its rows from others"};
  if (storage_->store().schema(table) == nullptr) return std::vector<Row>{};  // nobody wrote any
  TableRows rows{storage_->store().database(), [](std::uint32_t) { return true; }};
  return rows.read(table, part, limit, filter);
}

Result<std::vector<Row>> KeptRows::read_file(const std::string& file, std::uint32_t part,
                                             std::size_t limit) {
  const std::size_t colon = file.find(':');
  std::uint8_t parity = 0;
  if (chunks_ == nullptr || colon == std::string::npos ||
      std::from_chars(file.data(), file.data() + colon, parity).ec != std::errc{})
    return not_kept();
  const std::size_t at = colon + 1 + part * digits_of_id;
  if (file.size() < at + digits_of_id) return not_kept();
  const std::optional<Digest> id = id_of(std::string_view{file}.substr(at, digits_of_id));
  if (!id) return not_kept();
  const ChunkKey chunk{*id, {1, parity}};
  ChunkLines lines{
      [this, &chunk](const std::string&, std::uint32_t) { return chunks_->get(chunk, 0); }};
  return lines.read(file, part, limit);
}

Result<Done> KeptRows::bring(const std::string& input, std::uint32_t part, std::vector<Row> rows) {
  const std::uint64_t bytes = encoded_size(rows);
  if (brought_bytes_ + bytes > most_brought_bytes)
    return Error{ErrorCode::full, "this node has no room for more rows to compute on"};
  Brought& its = brought_[input];
  its.bytes += bytes;
  brought_bytes_ += bytes;
  std::vector<Row>& all = its.parts[part];
  for (Row& row : rows) all.push_back(std::move(row));
  return Done{};
}

void KeptRows::drop(const std::string& input) {
  const auto found = brought_.find(input);
  if (found == brought_.end()) return;
  brought_bytes_ -= found->second.bytes;
  brought_.erase(found);
}

}  // namespace evenkeel
