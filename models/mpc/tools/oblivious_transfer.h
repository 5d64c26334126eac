// Many oblivious transfers from 128: of two messages of the sender the receiver gets the one it
// chose; the sender does not learn which, nor the receiver the other.
//
// Ishai, Kilian, Nissim and Petrank, "Extending oblivious transfers efficiently", CRYPTO 2003.
// Private against semi-honest seats; transfer_check.h catches a receiver that deviates. The
// receiver stretches both keys of 128 base transfers (base_transfer.h) to columns, the sender those
// that its secret delta chose; what the receiver sends of each column leaves, in the rows,
//     q_j = t_j ^ c_j delta
// for the choice c_j, where the sender knows q_j and delta and the receiver t_j. Hashed rows
// (fixed_key_hash.h) mask messages.
//
//   set-up     receiver -> sender 32 B, sender -> receiver 4096 B                        2 rounds
//   rows       receiver -> sender: 16 B a transfer, rounded up to 64 transfers           1
//   random     the rows, hashed                                                          1
//   correlated + sender -> receiver: 8 B a transfer                                      2
//   chosen     + sender -> receiver: 32 B a transfer                                     2
//
// Choices are bits of words, 64 transfers a word, the lowest first.
#pragma once

#include <optional>
#include <vector>

#include "models/mpc/tools/base_transfer.h"
#include "models/mpc/tools/fixed_key_hash.h"

namespace evenkeel {

/// What the receiver sends for so many transfers.
constexpr std::uint64_t transfer_bytes(std::size_t count) { return (count + 63) / 64 * 1024; }

/// Both messages of each transfer.
struct BlockPairs {
  Blocks first;
  Blocks second;
};

class TransferSender {
 public:
  TransferSender(Session& session, Seat receiver) : session_(session), receiver_(receiver) {}

  Task<> set_up();
  /// With what the seat got from elsewhere: the keys that the bits of delta choose.
  void set_up(const Block& delta, const BaseKeys& keys);
  /// By the first set-up its lowest bit is 1. The same for all transfers of this session.
  const Block& delta() const { return delta_; }

  /// q_j, of a count of transfers that is a multiple of 64.
  Task<Blocks> rows(std::size_t count);
  /// Of rows: what hides the first message of each, and the second.
  BlockPairs masks(const Blocks& rows);

  /// What it draws from the i-th key; the receiver's first or second draws the same.
  Prg& stream(std::size_t i) { return streams_[i]; }

  // The three kinds of transfers; the receiver has to ask for the same.
  // ---------------------------------------------------------------------
  Task<BlockPairs> random(std::size_t count);
  /// r_j, where the receiver gets r_j + c_j `differences`_j modulo 2^64.
  Task<Words> correlated(std::span<const Word> differences);
  Task<> chosen(std::span<const Block> first, std::span<const Block> second);

 private:
  Session& session_;
  Seat receiver_;
  FixedKeyHash hash_{"oblivious transfer"};
  Block delta_{};
  std::vector<Prg> streams_;
};

class TransferReceiver {
 public:
  TransferReceiver(Session& session, Seat sender) : session_(session), sender_(sender) {}

  Task<> set_up();
  void set_up(const std::array<BaseKeys, 2>& keys);
  Prg& first_stream(std::size_t i) { return first_[i]; }
  Prg& second_stream(std::size_t i) { return second_[i]; }

  /// t_j. It waits for nothing.
  Blocks rows(std::span<const Word> choices);
  /// Of rows: what hides the messages that were chosen.
  Blocks masks(Blocks rows);

  Blocks random(std::span<const Word> choices) { return masks(rows(choices)); }
  /// In words of 64 choices, of which the last may count in part.
  Task<Words> correlated(std::span<const Word> choices, std::size_t count);
  Task<Blocks> chosen(std::span<const Word> choices, std::size_t count);

 private:
  Session& session_;
  Seat sender_;
  FixedKeyHash hash_{"oblivious transfer"};
  std::vector<Prg> first_;
  std::vector<Prg> second_;
};

}  // namespace evenkeel
