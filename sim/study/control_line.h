// The line between whoever runs a scenario on sockets and one process of it: messages of a kind and
// bytes, one after another, over a pair of sockets or over TCP. Blocking; bounded.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "sim/world/credentials.h"
#include "sim/world/file_descriptor.h"
#include "sim/world/peer.h"

namespace evenkeel {

struct ControlMessage {
  enum class Kind : std::uint8_t { setup, ready, ping, pong, start, outcome, failed };
  Kind kind{};
  std::string bytes = {};
};

class ControlLine {
 public:
  static constexpr std::uint32_t longest_message = std::uint32_t{1} << 31;

  /// Over an open socket.
  explicit ControlLine(FileDescriptor socket);
  ~ControlLine();
  ControlLine(ControlLine&&) noexcept;
  ControlLine& operator=(ControlLine&&) noexcept;

  /// As the one that calls, or is called, under TLS. UserError if the other end shows no
  /// certificate of the same authority.
  void secure(const Credentials& credentials, bool calls);

  /// From now on the other end is taken for gone when it is silent for so long.
  void limit_silence(std::chrono::seconds longest);

  /// False once the other end is gone.
  bool send(ControlMessage::Kind kind, const std::string& bytes);
  /// The next message; nothing once the other end is gone, or sends what is none.
  std::optional<ControlMessage> receive();
  /// Becomes readable when there is a message, or the other end is gone.
  int descriptor() const { return socket_.get(); }

 private:
  struct Tls;

  // As send() and recv(): how many, or 0 once the other end is gone.
  ssize_t write_some(const char* bytes, std::size_t size);
  ssize_t read_some(char* bytes, std::size_t size);
  bool write_all(const char* bytes, std::size_t size);
  bool read_all(char* bytes, std::size_t size);

  FileDescriptor socket_;
  std::unique_ptr<Tls> tls_;
};

/// "10.0.0.2:7000", "[::1]:7000". UserError if it is no numeric address with a port.
Address parse_address(const std::string& text);
/// A line to an address that listens. UserError if nobody does.
ControlLine call(const Address& address);
/// Listens; which port it got.
std::pair<FileDescriptor, std::uint16_t> listen_at(const Address& address);

}  // namespace evenkeel
