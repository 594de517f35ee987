#include "signing.hpp"

#include "text.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace unionpay {

namespace {

/// Throws std::runtime_error when OpenSSL was built without the digest.
std::string hexDigest(const EVP_MD* kind, std::string_view bytes)
{
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(),
                   bytes.size(),
                   reinterpret_cast<unsigned char*>(out.data()),
                   &size,
                   kind,
                   nullptr) != 1) {
        throw std::runtime_error("OpenSSL lacks a digest that ACP needs");
    }
    out.resize(size);
    return toHex(out);
}

} // namespace

std::string rsaSignText(const Fields& fields, Version version)
{
    return hexDigest(version == Version::V5_0_0 ? EVP_sha1() : EVP_sha256(), signText(fields));
}

std::string keyedSignature(const Fields& fields, KeyedMethod method, std::string_view secure_key)
{
    const EVP_MD* kind = method == KeyedMethod::Sm3 ? EVP_sm3() : EVP_sha256();
    return hexDigest(kind, signText(fields) + "&" + hexDigest(kind, secure_key));
}

} // namespace unionpay
