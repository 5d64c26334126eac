#include "models/sharing/shared_files.h"

#include <algorithm>

namespace evenkeel {

constexpr std::size_t blocks_at_once = 16;  // are computed on before others get their turn
constexpr Duration look_again_after = std::chrono::milliseconds{50};

SharedFiles::SharedFiles(Node& node, Service& service, const PartyKeys& keys,
                         const PartyDirectory& directory, GrantGuard& guard, StoredBlocks& blocks,
                         BlockSwarm& swarm, const SharedFileSettings& settings)
    : node_(node),
      keys_(keys),
      directory_(directory),
      guard_(guard),
      blocks_(blocks),
      swarm_(swarm),
      settings_(settings),
      journal_(node.disk(), "sharing/files") {
  EVENKEEL_CHECK(settings.block_bytes > 0 && settings.block_bytes <= most_block_bytes,
                 "blocks of this size");
  for (const Blob& bytes : journal_.take_loaded())
    if (auto held = decoded<Held>(bytes); held && held->file.is_good()) {
      const DataSetId id = held->file.id;
      held_.insert_or_assign(id, std::move(*held));
    }
  std::set<Digest> wanted;
  for (const auto& [id, held] : held_)
    wanted.insert(held.file.list.blocks.begin(), held.file.list.blocks.end());
  blocks_.drop_all_but(wanted);
  for (const auto& [id, held] : held_)
    if (!swarm_.offer(held.file.list)) node_.probe().count("files not offered", node_.id(), 1);
  service.on(&SharedFiles::answer, *this);
}

const SharedFile* SharedFiles::find(const DataSetId& id) const {
  const auto found = held_.find(id);
  return found == held_.end() ? nullptr : &found->second.file;
}

DataKeyRing& SharedFiles::ring(const std::string& name) {
  std::unique_ptr<DataKeyRing>& its = rings_[name];
  if (its == nullptr) its = std::make_unique<DataKeyRing>(node_, keys_, name);
  return *its;
}

bool SharedFiles::has_all(const SharedFile& file) const {
  return std::ranges::all_of(file.list.blocks,
                             [&](const Digest& block) { return blocks_.has(block); });
}

// The version before stays until the next one, for whoever is still fetching it.
Result<Done> SharedFiles::keep(const DataSetId& id, Held held) {
  Result<Done> kept = Done{};
  if (journal_.size() < 16 + 4 * held_.size()) {
    kept = journal_.append(encoded(held));
    if (kept) kept = journal_.sync();
  } else {
    std::vector<Blob> all;
    for (const auto& [each, its] : held_)
      if (each != id) all.push_back(encoded(its));
    all.push_back(encoded(held));
    kept = journal_.rewrite(all);
  }
  if (!kept) return kept;
  const auto old = held_.find(id);
  if (old != held_.end() && old->second.file.version != held.file.version) {
    std::vector<Digest>& replaced = replaced_[id];
    for (const Digest& block : replaced) blocks_.drop(block);
    replaced = old->second.file.list.blocks;
  }
  const Result<Done> offered = swarm_.offer(held.file.list);
  held_.insert_or_assign(id, std::move(held));
  return offered;
}

Result<Done> SharedFiles::put_block(SharedFile& file, const SealedData& sealed) {
  const Blob bytes = encoded(sealed);
  file.list.blocks.push_back(sha256(bytes));
  return blocks_.put(file.list.blocks.back(), bytes);
}

Task<Result<Done>> SharedFiles::publish(std::string name, Blob content) {
  const PublicKey owner = keys_.signing.public_key();
  Held held;
  SharedFile& file = held.file;
  file.id = {owner, name};
  file.list = {.owner = owner, .resource = name};
  const SharedFile* before = find(file.id);
  file.version = before == nullptr ? 1 : before->version + 1;
  file.bytes = content.size();
  file.block_bytes = settings_.block_bytes;
  if (content.empty() || file.blocks() > most_shared_blocks)
    co_return Error{ErrorCode::full, "a file of " + std::to_string(content.size()) +
                                         " bytes cannot be shared in blocks of " +
                                         std::to_string(settings_.block_bytes)};
  DataKeyRing& keys = ring(name);
  file.epoch = keys.epoch();
  for (std::size_t i = 0; i < file.blocks(); ++i) {
    const std::size_t from = i * file.block_bytes;
    const std::size_t size = std::min<std::size_t>(file.block_bytes, content.size() - from);
    const SealedData sealed = keys.seal(file.place_of(i), View8{content}.subspan(from, size));
    if (sealed.epoch != file.epoch)
      co_return Error{ErrorCode::conflict, "the key was changed while the file was being sealed"};
    if (const Result<Done> put = put_block(file, sealed); !put) co_return put;
    if (i % blocks_at_once == blocks_at_once - 1)
      co_await node_.compute({settings_.ops_per_byte * static_cast<double>(blocks_at_once * size)});
  }
  file.signature = keys_.signing.sign(file.content());
  const DataSetId id = file.id;
  const Result<Done> kept = keep(id, std::move(held));
  if (kept) co_await node_.disk_done();
  co_return kept;
}

Task<Result<Done>> SharedFiles::revoke(std::string name, PublicKey reader) {
  const DataSetId id{keys_.signing.public_key(), name};
  if (find(id) == nullptr) co_return Error{ErrorCode::not_found, "no file '" + name + "' of ours"};
  if (ring(name).is_reader(reader)) {
    const Result<std::vector<WrappedKey>> rotated = ring(name).revoke(reader);
    if (!rotated) co_return rotated.error();
  }
  if (find(id)->epoch == ring(name).epoch()) co_return Done{};
  Task<Result<Blob>> opening = open(id);
  Result<Blob> content = co_await std::move(opening);
  if (!content) co_return content.error();
  Task<Result<Done>> publishing = publish(std::move(name), std::move(*content));
  const Result<Done> published = co_await std::move(publishing);
  co_return published;
}

Task<Result<SharedFileAnswer>> SharedFiles::answer(NodeId, FetchSharedFile question) {
  const DataSetId id{keys_.signing.public_key(), question.shown.request.resource};
  const auto held = held_.find(id);
  if (held == held_.end())
    co_return Error{ErrorCode::not_found, "this party shares no file '" + id.name + "'"};
  if (question.shown.request.operation != GrantOperation::read)
    co_return Error{ErrorCode::denied, "wrong operation: a file is to be read"};
  const Party* reader = directory_.find(question.shown.signer);
  if (reader == nullptr)
    co_return Error{ErrorCode::denied, "wrong holder: nobody knows the party that asks"};
  const PublicKey box = reader->box;
  Task<Result<AdmittedGrant>> admitting = guard_.admit(std::move(question.shown), id.owner);
  const Result<AdmittedGrant> grant = co_await std::move(admitting);
  if (!grant) co_return grant.error();
  Result<std::vector<WrappedKey>> wrapped = ring(id.name).grant(box, true);
  if (!wrapped) co_return wrapped.error();
  SharedFileAnswer answer{.file = held_.at(id).file, .keys = std::move(*wrapped)};
  std::erase_if(answer.keys, [&](const WrappedKey& key) { return key.epoch != answer.file.epoch; });
  AdmittedGrant admitted = *grant;
  const GrantPiece piece{.bytes = encoded_size(answer)};
  Task<Result<Done>> serving = guard_.serve(std::move(admitted), piece);
  const Result<Done> served = co_await std::move(serving);
  if (!served) co_return served.error();
  co_return answer;
}

Task<Result<Done>> SharedFiles::ask_owner(DataSetId id, NodeId home, BlockSwarm::Shows shows) {
  const FetchSharedFile question{shows(home, id.name)};
  Task<Result<SharedFileAnswer>> asking =
      ask(node_, home, Port::sharing, question, settings_.timeout);
  const Result<SharedFileAnswer> answer = co_await std::move(asking);
  if (!answer) {
    const bool is_cut_off =
        answer.error().code == ErrorCode::timeout || answer.error().code == ErrorCode::unreachable;
    if (is_cut_off && held_.contains(id)) co_return Done{};
    co_return answer.error();
  }
  if (answer->file.id != id || !answer->file.is_good())
    co_return Error{ErrorCode::malformed, "a file that its owner has not signed"};
  const SharedFile* here = find(id);
  if (here != nullptr && here->version >= answer->file.version) co_return Done{};
  const Result<Done> kept = keep(id, {answer->file, answer->keys});
  co_return kept;
}

Task<Result<Blob>> SharedFiles::open(DataSetId id) {
  const Held held = held_.at(id);
  const SharedFile& file = held.file;
  const bool is_ours = id.owner == keys_.signing.public_key();
  DataKeyReader reader{keys_.box, id};
  for (const WrappedKey& key : held.keys)
    if (const Result<Done> taken = reader.take(key); !taken) co_return taken.error();
  Blob content;
  content.reserve(file.bytes);
  for (std::size_t i = 0; i < file.list.blocks.size(); ++i) {
    const Result<Blob> block = blocks_.get(file.list.blocks[i]);
    if (!block) co_return block.error();
    const std::optional<SealedData> sealed = decoded<SealedData>(*block);
    if (!sealed) co_return Error{ErrorCode::malformed, "a block that is no sealed data"};
    const std::string place = file.place_of(i);
    const Result<Blob> plain =
        is_ours ? ring(id.name).open(place, *sealed) : reader.open(place, *sealed);
    if (!plain) co_return plain.error();
    content.insert(content.end(), plain->begin(), plain->end());
    if (i % blocks_at_once == blocks_at_once - 1)
      co_await node_.compute(
          {settings_.ops_per_byte * static_cast<double>(blocks_at_once * plain->size())});
  }
  co_await node_.disk_done();
  if (content.size() != file.bytes)
    co_return Error{ErrorCode::malformed, "a file of another length than its owner said"};
  co_return std::move(content);
}

Task<Result<Blob>> SharedFiles::fetch_alone(DataSetId id, NodeId home, std::vector<NodeId> peers,
                                            BlockSwarm::Shows shows, Time limit) {
  if (id.owner != keys_.signing.public_key()) {
    Task<Result<Done>> asking = ask_owner(id, home, shows);
    const Result<Done> asked = co_await std::move(asking);
    if (!asked) co_return asked.error();
  }
  const SharedFile* file = find(id);
  if (file == nullptr) co_return Error{ErrorCode::not_found, "no file '" + id.name + "' of ours"};
  if (!has_all(*file)) {
    BlockList list = file->list;
    if (std::ranges::find(peers, home) == peers.end()) peers.push_back(home);
    Task<Result<SwarmReport>> fetching =
        swarm_.fetch(std::move(list), std::move(peers), std::move(shows), limit);
    const Result<SwarmReport> fetched = co_await std::move(fetching);
    if (!fetched) co_return fetched.error();
  }
  Task<Result<Blob>> opening = open(id);
  Result<Blob> content = co_await std::move(opening);
  co_return std::move(content);
}

Task<Result<Blob>> SharedFiles::fetch(DataSetId id, NodeId home, std::vector<NodeId> peers,
                                      BlockSwarm::Shows shows, Time limit) {
  while (busy_.contains(id)) {
    if (node_.now() >= limit)
      co_return Error{ErrorCode::timeout, "another fetch of the file has not ended"};
    co_await node_.sleep(look_again_after);
  }
  struct Turn {
    std::set<DataSetId>& busy;
    const DataSetId& id;
    ~Turn() { busy.erase(id); }
  };
  busy_.insert(id);
  const Turn turn{busy_, id};
  Task<Result<Blob>> fetching = fetch_alone(id, home, std::move(peers), std::move(shows), limit);
  Result<Blob> content = co_await std::move(fetching);
  co_return std::move(content);
}

}  // namespace evenkeel
