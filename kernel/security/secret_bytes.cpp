#include "security/secrets.hpp"

#include <openssl/crypto.h>

#include <utility>

namespace hub::security {

namespace {

void wipe(std::string& bytes) noexcept
{
    // The capacity, too: a short string that was moved from keeps its bytes inside the object.
    bytes.resize(bytes.capacity());
    OPENSSL_cleanse(bytes.data(), bytes.size());
    bytes.clear();
}

} // namespace

SecretBytes::SecretBytes(std::string bytes)
    : bytes_(std::move(bytes))
{
    wipe(bytes);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_))
{
    wipe(other.bytes_);
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other) {
        wipe(bytes_);
        bytes_ = std::move(other.bytes_);
        wipe(other.bytes_);
    }
    return *this;
}

SecretBytes::~SecretBytes()
{
    wipe(bytes_);
}

} // namespace hub::security
