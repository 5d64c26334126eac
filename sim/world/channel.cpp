#include "sim/world/channel.h"

#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>

#include <limits>

#include "models/runtime/user_error.h"

namespace evenkeel {

using asio::ip::tcp;

void Channel::close() {
  std::error_code ignored;
  socket().close(ignored);
}

namespace {

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(tcp::socket socket) : socket_(std::move(socket)) {}

  tcp::socket& socket() override { return socket_; }
  void shake_hands(Side, std::function<void(const std::error_code&)> done) override { done({}); }
  void read_some(std::span<std::byte> into, Done done) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }
  void write(ConstBuffers buffers, Done done) override {
    const auto as_much_as_goes = [](const std::error_code& error, std::size_t) {
      return error ? 0 : std::numeric_limits<std::size_t>::max();
    };
    asio::async_write(socket_, buffers, as_much_as_goes, std::move(done));
  }
  std::string peer_name() const override { return {}; }

 private:
  tcp::socket socket_;
};

class TlsChannel final : public Channel {
 public:
  TlsChannel(tcp::socket socket, asio::ssl::context& context)
      : stream_(std::move(socket), context) {}

  tcp::socket& socket() override { return stream_.next_layer(); }
  void shake_hands(Side side, std::function<void(const std::error_code&)> done) override {
    const auto type =
        side == Side::caller ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
    stream_.async_handshake(type, std::move(done));
  }
  void read_some(std::span<std::byte> into, Done done) override {
    stream_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }
  void write(ConstBuffers buffers, Done done) override {
    asio::async_write(stream_, buffers, std::move(done));
  }
  std::string peer_name() const override {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{
        SSL_get1_peer_certificate(
            const_cast<asio::ssl::stream<tcp::socket>&>(stream_).native_handle()),
        &X509_free};
    return certificate ? name_in(certificate.get()) : std::string{};
  }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

asio::ssl::context tls_context(const Credentials& credentials) {
  try {
    asio::ssl::context tls{asio::ssl::context::tls};
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(tls.native_handle(), 0);  // no session is resumed
    tls.add_certificate_authority(asio::buffer(credentials.authority));
    tls.use_certificate(asio::buffer(credentials.certificate), asio::ssl::context::pem);
    tls.use_private_key(asio::buffer(credentials.key), asio::ssl::context::pem);
    tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    return tls;
  } catch (const std::system_error& error) {
    throw UserError(std::string{"the credentials cannot be used: "} + error.what());
  }
}

Channels::Channels(const std::optional<Credentials>& credentials) {
  if (credentials) tls_.emplace(tls_context(*credentials));
}

std::unique_ptr<Channel> Channels::make(tcp::socket socket) {
  if (tls_) return std::make_unique<TlsChannel>(std::move(socket), *tls_);
  return std::make_unique<PlainChannel>(std::move(socket));
}

}  // namespace evenkeel
