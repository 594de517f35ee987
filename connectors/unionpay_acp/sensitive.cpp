#include "sensitive.hpp"

#include "openssl.hpp"
#include "text.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

using Step =
    int (*)(EVP_PKEY_CTX*, unsigned char*, std::size_t*, const unsigned char*, std::size_t);

/// Empty when OpenSSL refuses.
std::string apply(EVP_PKEY* key, int (*begin)(EVP_PKEY_CTX*), Step step, std::string_view bytes)
{
    if (key == nullptr || EVP_PKEY_is_a(key, "RSA") != 1) {
        return {};
    }
    const OpensslPtr<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(key, nullptr)};
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = out.size();
    const bool is_done = begin(context.get()) == 1 &&
                         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                         step(context.get(),
                              reinterpret_cast<unsigned char*>(out.data()),
                              &size,
                              reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size()) == 1;
    ERR_clear_error();
    out.resize(is_done ? size : 0);
    return out;
}

} // namespace

Result<std::string> encryptSensitive(const Certificate& certificate, std::string_view plain)
{
    const std::string cipher =
        apply(X509_get0_pubkey(certificate.get()), EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, plain);
    return cipher.empty() ? Result<std::string>{Error{HUB_BAD_REQUEST,
                                                      "the text does not fit one block of RSA "
                                                      "under the certificate's key"}}
                          : Result<std::string>{toBase64(cipher)};
}

Result<std::string> decryptSensitive(std::string_view private_pem, std::string_view base64)
{
    const OpensslPtr<BIO> bio{
        BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size()))};
    const OpensslPtr<EVP_PKEY> key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    const auto cipher = fromBase64(base64);
    const std::string plain =
        cipher.ok() ? apply(key.get(), EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, cipher.value())
                    : std::string{};
    ERR_clear_error();
    return plain.empty() ? Result<std::string>{Error{HUB_BAD_REQUEST, "this can't be decrypted"}}
                         : Result<std::string>{plain};
}

} // namespace unionpay
