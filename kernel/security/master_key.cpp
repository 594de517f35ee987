// Where the master key comes from, and the keys that are derived from it.

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "security/durable_file.hpp"
#include "security/openssl.hpp"
#include "security/secrets.hpp"

#include <openssl/crypto.h>
#include <openssl/kdf.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace hub::security {

namespace {

constexpr const char* kEnvironment = "EXPOHUB_MASTER_KEY";
constexpr const char* kCredential = "expohub-master-key";
constexpr std::size_t kKeyBytes = 32;

SecretBytes decodeKey(std::string text, const std::string& source)
{
    const SecretBytes wiped(std::move(text));
    std::string_view digits = wiped.view();
    while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r')) {
        digits.remove_suffix(1);
    }
    Result<std::string> key = base::fromHex(digits);
    if (digits.size() != 2 * kKeyBytes || !key) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "{}: a master key is 64 hex digits, and this is not; make one with "
                            "`openssl rand -hex 32`",
                            source);
    }
    return SecretBytes(std::move(key).value());
}

void requirePrivate(const std::filesystem::path& file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        throw base::Failure(HUB_BAD_REQUEST, "{}: the master key must be a file", file.string());
    }
    if ((status.st_mode & 077U) != 0 || (status.st_uid != ::geteuid() && status.st_uid != 0)) {
        throw base::Failure(HUB_UNAUTHENTICATED,
                            "{}: the master key has mode {:04o} of user {}, must be 0600 of the "
                            "hub's own user; run `chmod 600` and `chown` on it and consider the "
                            "key as known to others",
                            file.string(),
                            static_cast<unsigned int>(status.st_mode & 07777U),
                            status.st_uid);
    }
}

} // namespace

std::optional<SecretBytes> findMasterKey(const std::filesystem::path& file)
{
    if (const char* text = std::getenv(kEnvironment); text != nullptr) {
        return decodeKey(text, fmt::format("${}", kEnvironment));
    }
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder != nullptr) {
        const auto credential = std::filesystem::path(folder) / kCredential;
        if (std::filesystem::exists(credential)) {
            return decodeKey(readFile(credential), credential.string());
        }
    }
    if (!file.empty() && std::filesystem::exists(file)) {
        requirePrivate(file);
        return decodeKey(readFile(file), file.string());
    }
    return std::nullopt;
}

SecretBytes loadMasterKey(const std::filesystem::path& file)
{
    if (auto key = findMasterKey(file)) {
        return std::move(*key);
    }
    throw base::Failure(
        HUB_NOT_FOUND,
        "no master key: ${} is not set, $CREDENTIALS_DIRECTORY/{} is not there, and "
        "the file \"{}\" does not exist; provide one of the three",
        kEnvironment,
        kCredential,
        file.string());
}

void createMasterKey(const std::filesystem::path& file)
{
    const auto whole = std::filesystem::absolute(file);
    const SecretBytes key(base::toHex(base::randomBytes(kKeyBytes)) + "\n");
    if (!LockedFolder(whole.parent_path()).create(whole.filename().string(), key.view())) {
        throw base::Failure(
            HUB_ALREADY_DONE,
            "{}: a master key is there already; another one would make every secret "
            "unreadable, so this one is not replaced",
            file.string());
    }
}

SecretBytes deriveKey(const SecretBytes& master_key, std::string_view purpose)
{
    const PkeyContextPtr context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    std::string key(kKeyBytes, '\0');
    std::size_t size = key.size();
    const bool good = context && EVP_PKEY_derive_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
                      EVP_PKEY_CTX_set1_hkdf_key(context.get(),
                                                 bytesOf(master_key.view()),
                                                 static_cast<int>(master_key.view().size())) == 1 &&
                      EVP_PKEY_CTX_add1_hkdf_info(
                          context.get(), bytesOf(purpose), static_cast<int>(purpose.size())) == 1 &&
                      EVP_PKEY_derive(context.get(), bytesOf(key), &size) == 1;
    if (!good) {
        throw base::Failure(HUB_INTERNAL, "the key for \"{}\" can't be derived", purpose);
    }
    return SecretBytes(std::move(key));
}

} // namespace hub::security
