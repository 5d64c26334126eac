// A stream of bytes between two nodes over TCP: plain, or under TLS 1.3 with certificates on both
// ends. All calls back come from the event loop.
#pragma once

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "sim/world/credentials.h"

namespace evenkeel {

/// Pieces of memory one after the other, in the form that asio wants: a view of somebody's list.
class ConstBuffers {
 public:
  using value_type = asio::const_buffer;
  using const_iterator = const asio::const_buffer*;

  ConstBuffers(std::span<const asio::const_buffer> buffers) : buffers_(buffers) {}
  const_iterator begin() const { return buffers_.data(); }
  const_iterator end() const { return buffers_.data() + buffers_.size(); }

 private:
  std::span<const asio::const_buffer> buffers_;
};

class Channel {
 public:
  enum class Side { caller, answerer };
  using Done = std::function<void(const std::error_code&, std::size_t)>;

  virtual ~Channel() = default;
  virtual asio::ip::tcp::socket& socket() = 0;
  virtual void shake_hands(Side side, std::function<void(const std::error_code&)> done) = 0;
  /// At least one byte, unless there is an error.
  virtual void read_some(std::span<std::byte> into, Done done) = 0;
  /// All of them, unless there is an error. They, and the list of them, stay as they are until
  /// `done`.
  virtual void write(ConstBuffers buffers, Done done) = 0;
  /// The name in the other end's certificate; empty if it has none. After the handshake.
  virtual std::string peer_name() const = 0;

  /// Ends what is going on with an error.
  void close();
};

/// TLS 1.3, with certificates on both ends. UserError if the credentials do not fit together.
asio::ssl::context tls_context(const Credentials& credentials);

/// Makes channels of one kind.
class Channels {
 public:
  /// With credentials: TLS. UserError if they do not fit together.
  explicit Channels(const std::optional<Credentials>& credentials);

  std::unique_ptr<Channel> make(asio::ip::tcp::socket socket);
  bool are_named() const { return tls_.has_value(); }

 private:
  std::optional<asio::ssl::context> tls_;
};

}  // namespace evenkeel
