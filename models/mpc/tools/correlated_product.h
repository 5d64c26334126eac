// Numbers of one seat times the key of another, as shares: correlated oblivious product evaluation
// (COPE) with errors, of Keller, Orsini and Scholl, "MASCOT", CCS 2016, section 3; over Z_2^128 the
// vector products of SPDZ2k, CRYPTO 2018.
//
// The key is the upper half of the delta of the key holder's transfers (oblivious_transfer.h), of
// whose base keys it has one of each, t_i, and the owner both, t_i^0 and t_i^1. For each bit i
//   owner -> key holder   u_i = t_i^0 - t_i^1 + x                one element
// so that t_i + key_i u_i = t_i^0 + key_i x; the sums over i with 2^i are shares of key x. One
// round of 488 B (GF(2^61-1)) or 1024 B (Z_2^128) a number.
//
// The key holder cannot deviate. An owner that tells different bits different numbers makes the sum
// wrong by what depends on the key alone; who uses it has to check it (authentication.h).
#pragma once

#include "models/mpc/domain.h"
#include "models/mpc/tools/oblivious_transfer.h"

namespace evenkeel {

/// Of a key over GF(2^61-1) or Z_2^128.
std::size_t key_bits(const Domain& domain);
/// The key as an element.
Words key_in(const Domain& domain, const Block& delta);

/// At the owner of the numbers; it waits for nothing.
Words products_by_owner(Session& session, Seat key_holder, TransferReceiver& transfers,
                        const Domain& domain, std::span<const Word> numbers);
Task<Words> products_by_key(Session& session, Seat owner, TransferSender& transfers,
                            const Domain& domain, std::size_t elements);

}  // namespace evenkeel
