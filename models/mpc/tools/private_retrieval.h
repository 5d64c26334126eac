// Reads records of a database that two servers hold so that neither learns which (Chor, Goldreich,
// Kushilevitz and Sudan, JACM 1998; with shared point functions by Boyle, Gilboa and Ishai, CCS
// 2016): each server adds up the records that its share of the point selects, and the two sums
// differ by the record.
//
//   1  client -> each server: a key for 2^bits blocks of 128 records: 32 + 16 bits + bits / 4 B
//   2  each server -> client: a sum of records: as many bytes as a record has
//
// The servers are the seats 0 and 1, the client is seat 2. Guarantees that a server, whatever it
// does, does not learn what is asked unless it colludes with the other; the client learns nothing
// but one record, or for its own deviation the sum of some. Not that the answer is right: a server
// that deviates spoils it, and the client does not notice. Each question costs a server a pass over
// everything.
#pragma once

#include "models/mpc/session.h"

namespace evenkeel {

class PrivateRetrieval {
 public:
  struct Shape {
    std::size_t records = 1;  // at least one
    std::size_t record_bytes = 8;
  };

  PrivateRetrieval(Session& session, const Shape& shape);

  /// At the client: the records at these places, one after another. Two rounds.
  Task<SecretBytes> ask(std::span<const std::size_t> places);
  /// At a server: answers so many questions from `database`, all its records one after another.
  Task<> answer(std::span<const std::byte> database, std::size_t questions);

  // Of one question, by each that sends it.
  static std::size_t query_bytes(const Shape& shape);
  std::size_t query_bytes() const { return query_bytes(shape_); }
  std::size_t answer_bytes() const { return shape_.record_bytes; }

 private:
  static std::size_t blocks_of(const Shape& shape) { return (shape.records + 127) / 128; }
  std::size_t blocks() const { return blocks_of(shape_); }
  SecretBytes answer_to(std::span<const std::byte> query, std::span<const std::byte> database);

  Session& session_;
  Shape shape_;
  std::size_t bits_;  // of the number of a block
};

}  // namespace evenkeel
