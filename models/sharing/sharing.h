// All of sharing on one node: made when the node boots, in this order.
#pragma once

#include "models/sharing/catalogue.h"
#include "models/sharing/contracts.h"
#include "models/sharing/grants.h"

namespace evenkeel {

struct SharingSettings {
  AuditSettings audit = {};
  DataCatalogueSettings catalogue = {};
  LeaseSettings leases = {};
  GuardSettings guard = {};
  ContractSettings contracts = {};
};

/// The keys and the directory outlive the node's tasks, as this does.
struct Sharing {
  Sharing(Node& node, const PartyKeys& keys, const PartyDirectory& directory,
          const SharingSettings& settings)
      : service(node, Port::sharing),
        clock(node),
        audit(node, service, keys, clock, settings.audit),
        catalogue(node, service, keys, directory, clock, settings.catalogue),
        leases(node, service, keys, directory, settings.leases),
        guard(node, keys, leases, audit, settings.guard),
        contracts(node, service, keys, directory, leases, settings.contracts) {}
  Sharing(const Sharing&) = delete;

  Service service;
  HybridClock clock;
  AuditTrail audit;
  DataCatalogue catalogue;
  Leases leases;
  GrantGuard guard;
  Contracts contracts;
};

}  // namespace evenkeel
