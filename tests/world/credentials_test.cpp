// Throw-away certificates, judged by OpenSSL's own verification.
#include "sim/world/credentials.h"

#include <gmock/gmock.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <filesystem>
#include <set>

#include "models/runtime/user_error.h"
#include "tests/folder.h"

namespace evenkeel::test {
namespace {

using Certificate = std::unique_ptr<X509, FreeCertificate>;

Certificate parse(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Certificate read{PEM_read_bio_X509(bio, nullptr, nullptr, nullptr)};
  BIO_free(bio);
  return read;
}

// What OpenSSL says of the certificate when only this authority is trusted, so many days from now.
int verdict(const std::string& certificate, const std::string& authority, int purpose,
            int days_from_now = 0) {
  const Certificate leaf = parse(certificate);
  const Certificate root = parse(authority);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, root.get());
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf.get(), nullptr);
  X509_STORE_CTX_set_purpose(context, purpose);
  X509_STORE_CTX_set_time(context, 0, time(nullptr) + days_from_now * 24 * 60 * 60);
  X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_X509_STRICT);
  const bool good = X509_verify_cert(context) == 1;
  const int error = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return good ? X509_V_OK : error;
}

const Authority& authority() {
  static const Authority made;
  return made;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

std::string complaint(const std::string& directory) {
  try {
    load(directory);
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

TEST(Authority, ItsCertificatesVerifyForServersAndClients) {
  const Credentials node = authority().issue("edge");
  EXPECT_EQ(verdict(node.certificate, node.authority, X509_PURPOSE_SSL_SERVER), X509_V_OK);
  EXPECT_EQ(verdict(node.certificate, node.authority, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
}

TEST(Authority, ItsCertificatesDoNotVerifyUnderAnother) {
  const Credentials node = authority().issue("edge");
  const Credentials other = Authority{}.issue("edge");
  EXPECT_NE(verdict(node.certificate, other.authority, X509_PURPOSE_SSL_SERVER), X509_V_OK);
}

TEST(Authority, ANodeIsNoAuthority) {
  const Credentials node = authority().issue("edge");
  EXPECT_EQ(X509_check_ca(parse(node.certificate).get()), 0);
  EXPECT_EQ(X509_check_ca(parse(node.authority).get()), 1);
}

TEST(Authority, CertificatesAreValidFromADayAgoForThirtyDays) {
  const Credentials node = authority().issue("edge");
  const auto at = [&](int day) {
    return verdict(node.certificate, node.authority, X509_PURPOSE_SSL_SERVER, day);
  };
  EXPECT_EQ(at(-2), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(at(28), X509_V_OK);
  EXPECT_EQ(at(30), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST(Authority, SerialsAndKeysDiffer) {
  std::set<std::string> serials, keys;
  for (int i = 0; i < 10; ++i) {
    const Credentials node = authority().issue("edge");
    const Certificate read = parse(node.certificate);
    const ASN1_INTEGER* serial = X509_get0_serialNumber(read.get());
    serials.emplace(reinterpret_cast<const char*>(serial->data), serial->length);
    keys.insert(node.key);
  }
  EXPECT_EQ(serials.size(), 10u);
  EXPECT_EQ(keys.size(), 10u);
}

TEST(Authority, TheNameComesBackToTheByte) {
  std::string every;
  for (int code = 0; code < 200; ++code) every += static_cast<char>(code + 56);
  for (const std::string& name :
       {std::string{"a"}, std::string{"site 3/rack, URI:x=1/server 14"}, std::string{"@.."},
        std::string("\0\n", 2), std::string{"K\xC3\xBC\x63he"}, std::string(200, '/'), every}) {
    const Credentials node = authority().issue(name);
    EXPECT_EQ(name_in(parse(node.certificate).get()), name);
    EXPECT_EQ(verdict(node.certificate, node.authority, X509_PURPOSE_SSL_SERVER), X509_V_OK);
  }
}

TEST(Authority, RefusesNamesThatAreEmptyOrTooLong) {
  EXPECT_THROW(authority().issue(""), UserError);
  EXPECT_THROW(authority().issue(std::string(201, 'a')), UserError);
}

TEST(NameIn, FindsNoneWhereIssuePutNone) {
  const Credentials node = authority().issue("edge");
  EXPECT_EQ(name_in(parse(node.authority).get()), "");
  for (const char* names : {"DNS:evenkeel", "URI:https://edge", "URI:evenkeel:a,URI:evenkeel:b",
                            "URI:evenkeel:%zz", "URI:evenkeel:"}) {
    const Certificate forged{X509_new()};
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    ASSERT_NE(extension, nullptr) << names;
    X509_add_ext(forged.get(), extension, -1);
    X509_EXTENSION_free(extension);
    EXPECT_EQ(name_in(forged.get()), "") << names;
  }
}

TEST(Credentials, AreLoadedAsTheyWereSaved) {
  const Folder folder;
  const std::string directory = folder.file("run/edge");
  for (const char* name : {"first", "second"}) {
    const Credentials saved = authority().issue(name);
    save(saved, directory);
    const Credentials loaded = load(directory);
    EXPECT_EQ(loaded.authority, saved.authority);
    EXPECT_EQ(loaded.certificate, saved.certificate);
    EXPECT_EQ(loaded.key, saved.key);
  }
}

TEST(Credentials, OnlyTheOwnerMayReadTheKey) {
  const Folder folder;
  const std::string directory = folder.file("run/edge");
  save(authority().issue("edge"), directory + "/");
  EXPECT_EQ(mode_of(directory), 0700u);
  EXPECT_EQ(mode_of(directory + "/key.pem"), 0600u);
  chmod((directory + "/key.pem").c_str(), 0666);
  save(authority().issue("edge"), directory);
  EXPECT_EQ(mode_of(directory + "/key.pem"), 0600u);
}

TEST(Credentials, BrokenFilesAreRefusedByName) {
  const Credentials good = authority().issue("edge");
  const std::string huge(std::size_t{1} << 21, 'A');
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIH=\n-----END ENCRYPTED PRIVATE KEY-----\n";
  for (const std::string name : {"authority.pem", "certificate.pem", "key.pem"}) {
    for (const std::string& text : {std::string{}, std::string{"-----BEGIN"}, huge, encrypted,
                                    name == "key.pem" ? good.certificate : good.key}) {
      const Folder folder;
      save(good, folder.path());
      folder.write(name, text);
      EXPECT_THAT(complaint(folder.path()), testing::StartsWith(folder.file(name)));
    }
    const Folder folder;
    save(good, folder.path());
    std::filesystem::remove(folder.file(name));
    EXPECT_THAT(complaint(folder.path()), testing::StartsWith(folder.file(name)));
    ASSERT_EQ(mkfifo(folder.file(name).c_str(), 0600), 0);
    EXPECT_THAT(complaint(folder.path()), testing::StartsWith(folder.file(name)));
  }
}

TEST(Credentials, AKeyOfAnotherCertificateIsRefused) {
  const Folder folder;
  save(authority().issue("edge"), folder.path());
  folder.write("key.pem", authority().issue("edge").key);
  EXPECT_THAT(complaint(folder.path()), testing::HasSubstr("is not the key of"));
}

TEST(Credentials, ADirectoryThatCannotBeMadeIsTheUsersError) {
  const Folder folder;
  folder.write("file", "");
  EXPECT_THROW(save(authority().issue("edge"), folder.file("file/edge")), UserError);
  EXPECT_THROW(save(authority().issue("edge"), folder.file("file")), UserError);
  EXPECT_THROW(load(folder.file("none")), UserError);
}

}  // namespace
}  // namespace evenkeel::test
