// Throw-away certificates for the nodes of one run: an authority that lives as long as the launcher
// and whose key is never written down. Each node shows the others that it is the node it says.
#pragma once

#include <openssl/types.h>
#include <memory>
#include <string>

namespace evenkeel {

/// What a node needs to speak TLS, as PEM texts: whom it trusts, who it is, and its secret key.
struct Credentials {
  std::string authority;
  std::string certificate;
  std::string key;
};

struct FreeCertificate {
  void operator()(X509* certificate) const;
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const;
};

/// Keys are on the curve P-256; certificates are X.509 version 3 with a random serial of 128 bits,
/// valid from one day ago (clocks differ) for `days`. Throws std::runtime_error with OpenSSL's
/// reason if it can make none.
class Authority {
 public:
  static constexpr int days = 30;
  static constexpr std::size_t longest_name = 200;  // bytes

  /// A fresh key and a certificate that it signs itself.
  Authority();

  /// A fresh key and a certificate for a server and client of this name. It stands in the subject's
  /// alternative names, as the URI "evenkeel:<name, percent-encoded>", since a common name holds no
  /// more than 64 letters. UserError if the name is empty or longer than `longest_name`.
  Credentials issue(const std::string& name) const;

 private:
  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  std::unique_ptr<X509, FreeCertificate> certificate_;
};

/// The name that issue() put there, to the byte; empty if there is none or more than one. Says
/// nothing about who signed the certificate.
std::string name_in(const X509* certificate);

/// Writes authority.pem, certificate.pem and key.pem, in place of those that were there; only the
/// owner may read the key, or enter the directory if it is made here. UserError if that fails.
void save(const Credentials& credentials, const std::string& directory);

/// UserError with the file's name if one is missing, larger than 1 MiB, not PEM, or if the key is
/// not the certificate's. Whether the authority signed the certificate, its peers will say.
Credentials load(const std::string& directory);

}  // namespace evenkeel
