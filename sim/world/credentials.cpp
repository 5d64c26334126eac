#include "sim/world/credentials.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "models/runtime/user_error.h"
#include "sim/world/file_descriptor.h"
#include "sim/world/percent.h"

namespace evenkeel {

void FreeCertificate::operator()(X509* certificate) const { X509_free(certificate); }
void FreeKey::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

namespace {

struct FreeOther {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

template <class T>
using Owned = std::unique_ptr<T, FreeOther>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

constexpr std::string_view scheme = "evenkeel:";
constexpr const char* authority_file = "authority.pem";
constexpr const char* certificate_file = "certificate.pem";
constexpr const char* key_file = "key.pem";
constexpr off_t largest_file = 1 << 20;  // bytes

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "no reason given" : reason;
}

// Passes on what a call of OpenSSL gave, if it worked.
template <class T>
T worked(T value) {
  if (!value) throw std::runtime_error("cannot make a certificate: OpenSSL: " + openssl_reason());
  return value;
}

Key make_key() { return Key{worked(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"))}; }

void add_extension(X509& certificate, const X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, const_cast<X509*>(&issuer), &certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension{
      worked(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()))};
  worked(X509_add_ext(&certificate, extension.get(), -1));
}

// With everything but what tells an authority from a node, and unsigned.
Certificate make_certificate(EVP_PKEY& key, const std::string& common_name) {
  Certificate made{worked(X509_new())};
  worked(X509_set_version(made.get(), X509_VERSION_3));
  const Owned<BIGNUM> serial{worked(BN_new())};
  worked(BN_rand(serial.get(), 128, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY));
  worked(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get())));
  constexpr long day = 24 * 60 * 60;
  worked(X509_gmtime_adj(X509_getm_notBefore(made.get()), -day));
  worked(X509_gmtime_adj(X509_getm_notAfter(made.get()), (Authority::days - 1) * day));
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  worked(X509_NAME_add_entry_by_NID(X509_get_subject_name(made.get()), NID_commonName,
                                    MBSTRING_UTF8, text, static_cast<int>(common_name.size()), -1,
                                    0));
  worked(X509_set_pubkey(made.get(), &key));
  return made;
}

void sign(X509& certificate, const X509& issuer, EVP_PKEY& issuer_key) {
  worked(X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)));
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
  worked(X509_sign(&certificate, &issuer_key, EVP_sha256()));
}

std::string text_of(BIO& bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(&bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem(X509& certificate) {
  const Owned<BIO> out{worked(BIO_new(BIO_s_mem()))};
  worked(PEM_write_bio_X509(out.get(), &certificate));
  return text_of(*out);
}

std::string pem(EVP_PKEY& key) {
  const Owned<BIO> out{worked(BIO_new(BIO_s_mem()))};
  worked(PEM_write_bio_PrivateKey(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr));
  return text_of(*out);
}

}  // namespace

Authority::Authority() : key_(make_key()) {
  certificate_ = make_certificate(*key_, "Evenkeel throw-away authority");
  add_extension(*certificate_, *certificate_, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*certificate_, *certificate_, NID_key_usage, "critical,keyCertSign,cRLSign");
  sign(*certificate_, *certificate_, *key_);
}

Credentials Authority::issue(const std::string& name) const {
  if (name.empty() || name.size() > longest_name)
    throw UserError("a certificate is for a name of 1 to " + std::to_string(longest_name) +
                    " bytes; this one has " + std::to_string(name.size()));
  const Key key = make_key();
  const Certificate made = make_certificate(*key, "Evenkeel node");
  add_extension(*made, *certificate_, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*made, *certificate_, NID_key_usage, "critical,digitalSignature");
  add_extension(*made, *certificate_, NID_ext_key_usage, "serverAuth,clientAuth");
  add_extension(*made, *certificate_, NID_subject_alt_name,
                "URI:" + std::string{scheme} + percent_encode(name));
  sign(*made, *certificate_, *key_);
  return {.authority = pem(*certificate_), .certificate = pem(*made), .key = pem(*key)};
}

std::string name_in(const X509* certificate) {
  ERR_set_mark();  // what malformed names leave behind would be taken for another call's error
  const Owned<GENERAL_NAMES> names{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  ERR_pop_to_mark();
  if (sk_GENERAL_NAME_num(names.get()) != 1) return {};
  const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), 0);
  if (name.type != GEN_URI) return {};
  const ASN1_STRING* uri = name.d.uniformResourceIdentifier;
  const std::string_view text{reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                              static_cast<std::size_t>(ASN1_STRING_length(uri))};
  if (!text.starts_with(scheme)) return {};
  return percent_decode(text.substr(scheme.size())).value_or("");
}

namespace {

std::string system_reason(int error) { return std::generic_category().message(error); }

void write_file(const std::string& path, const std::string& text, mode_t mode) {
  unlink(path.c_str());  // whoever may read the old file shall not read the new one
  const FileDescriptor file{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
  if (!file) throw UserError({.file = path}, "cannot be made: " + system_reason(errno));
  if (const int error = write_all(file, text.data(), text.size(), 0))
    throw UserError({.file = path}, "cannot be written: " + system_reason(error));
}

std::string read_file(const std::string& path) {
  // O_NONBLOCK: a pipe of that name must not hang us.
  const FileDescriptor file{open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  struct stat status {};
  if (!file || fstat(file.get(), &status) != 0)
    throw UserError({.file = path}, "cannot be opened: " + system_reason(errno));
  if (!S_ISREG(status.st_mode)) throw UserError({.file = path}, "is not a file");
  if (status.st_size > largest_file)
    throw UserError({.file = path}, "is larger than 1 MiB, which no PEM file of ours is");
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  if (const int error = read_all(file, text.data(), text.size(), 0))
    throw UserError({.file = path}, "cannot be read: " + system_reason(error));
  return text;
}

// Without it, OpenSSL would ask at the terminal for the password of an encrypted key.
int no_password(char*, int, int, void*) { return -1; }

Owned<BIO> reader(const std::string& text) {
  return Owned<BIO>{worked(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())))};
}

Certificate parse_certificate(const std::string& path, const std::string& text) {
  Certificate read{PEM_read_bio_X509(reader(text).get(), nullptr, no_password, nullptr)};
  if (read == nullptr)
    throw UserError({.file = path}, "is not a certificate in PEM: " + openssl_reason());
  return read;
}

Key parse_key(const std::string& path, const std::string& text) {
  Key read{PEM_read_bio_PrivateKey(reader(text).get(), nullptr, no_password, nullptr)};
  if (read == nullptr)
    throw UserError({.file = path}, "is not an unencrypted key in PEM: " + openssl_reason());
  return read;
}

}  // namespace

void save(const Credentials& credentials, const std::string& directory) {
  std::error_code error;
  std::filesystem::path made = directory;
  if (!made.has_filename()) made = made.parent_path();  // "edge/"
  if (made.has_parent_path()) std::filesystem::create_directories(made.parent_path(), error);
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    throw UserError({.file = directory}, "cannot be made: " + system_reason(errno));
  const std::string path = directory + "/";
  write_file(path + authority_file, credentials.authority, 0644);
  write_file(path + certificate_file, credentials.certificate, 0644);
  write_file(path + key_file, credentials.key, 0600);
}

Credentials load(const std::string& directory) {
  const std::string path = directory + "/";
  Credentials read{.authority = read_file(path + authority_file),
                   .certificate = read_file(path + certificate_file),
                   .key = read_file(path + key_file)};
  parse_certificate(path + authority_file, read.authority);
  const Certificate certificate = parse_certificate(path + certificate_file, read.certificate);
  const Key key = parse_key(path + key_file, read.key);
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    throw UserError({.file = path + key_file},
                    "is not the key of " + path + certificate_file + ": " + openssl_reason());
  return read;
}

}  // namespace evenkeel
