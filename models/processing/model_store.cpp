#include "models/processing/model_store.h"

#include <algorithm>

namespace evenkeel {
namespace {

/// A name that is being fetched, however the fetching ends.
struct Fetching {
  Fetching(std::map<std::string, Time>& its_names, std::string its_name, Time until)
      : names(its_names), name(std::move(its_name)) {
    names[name] = until;
  }
  Fetching(const Fetching&) = delete;
  ~Fetching() { names.erase(name); }
  std::map<std::string, Time>& names;
  std::string name;
};

constexpr Duration look_again = std::chrono::milliseconds{5};

}  // namespace

ModelStore::ModelStore(Node& node, Service& service, const Settings& settings)
    : node_(node), settings_(settings) {
  service.on(&ModelStore::give, *this);
}

Result<Done> ModelStore::publish(Model model) {
  const Result<Done> checked = check_model(model);
  if (!checked) return checked;
  const std::string name = model.name;
  own_[name] = std::make_shared<const Model>(std::move(model));
  return Done{};
}

Task<Result<Model>> ModelStore::give(NodeId, FetchModel question) {
  const auto found = own_.find(question.name);
  if (found == own_.end())
    co_return Error{ErrorCode::not_found, "no model of that name is published here"};
  node_.probe().count("models sent", node_.id(), 1);
  co_return *found->second;
}

std::shared_ptr<const Model> ModelStore::find(const std::string& name) {
  if (const auto own = own_.find(name); own != own_.end()) return own->second;
  const auto cached = cached_.find(name);
  if (cached == cached_.end()) return nullptr;
  cached->second.used = ++uses_;
  return cached->second.model;
}

Task<Result<std::shared_ptr<const Model>>> ModelStore::get(std::string name, NodeId home) {
  const Time limit = node_.now() + settings_.timeout;
  while (fetching_.contains(name) && node_.now() < limit) co_await node_.sleep(look_again);
  if (std::shared_ptr<const Model> here = find(name)) co_return here;
  const Fetching fetching{fetching_, name, limit};
  node_.probe().count("models fetched", node_.id(), 1);
  const FetchModel wanted{name};
  Task<Result<Model>> asked = ask(node_, home, Port::jobs, wanted, settings_.timeout);
  Result<Model> model = co_await std::move(asked);
  if (!model) co_return model.error();
  const Result<Done> checked = check_model(*model);
  if (!checked || model->name != name)
    co_return Error{ErrorCode::malformed, "what came is not the model that was asked for"};
  co_return keep(std::move(*model));
}

Result<std::shared_ptr<const Model>> ModelStore::keep(Model model) {
  const std::uint64_t bytes = encoded_size(model);
  if (bytes > settings_.room_bytes)
    return Error{ErrorCode::full, "the model is larger than this node's room for models"};
  while (cached_bytes_ + bytes > settings_.room_bytes) {
    const auto oldest =
        std::ranges::min_element(cached_, {}, [](const auto& one) { return one.second.used; });
    cached_bytes_ -= oldest->second.bytes;
    cached_.erase(oldest);
    node_.probe().count("models evicted", node_.id(), 1);
  }
  const std::string name = model.name;
  const auto kept = std::make_shared<const Model>(std::move(model));
  cached_bytes_ += bytes;
  cached_[name] = {kept, bytes, ++uses_};
  return kept;
}

}  // namespace evenkeel
