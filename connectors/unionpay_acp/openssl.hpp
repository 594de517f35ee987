// Owners of OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>

namespace unionpay {

struct OpensslFree {
    void operator()(BIO* object) const noexcept { BIO_free_all(object); }
    void operator()(BIGNUM* object) const noexcept { BN_free(object); }
    void operator()(EVP_MD_CTX* object) const noexcept { EVP_MD_CTX_free(object); }
    void operator()(EVP_PKEY* object) const noexcept { EVP_PKEY_free(object); }
    void operator()(EVP_PKEY_CTX* object) const noexcept { EVP_PKEY_CTX_free(object); }
    void operator()(X509* object) const noexcept { X509_free(object); }
    void operator()(X509_STORE* object) const noexcept { X509_STORE_free(object); }
    void operator()(X509_STORE_CTX* object) const noexcept { X509_STORE_CTX_free(object); }
    void operator()(STACK_OF(X509) * object) const noexcept { sk_X509_pop_free(object, X509_free); }
    void operator()(char* text) const noexcept { OPENSSL_free(text); }
};

template <typename T>
using OpensslPtr = std::unique_ptr<T, OpensslFree>;

} // namespace unionpay
