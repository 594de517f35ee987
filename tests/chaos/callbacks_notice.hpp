// Notices as the provider sends them: fields, form, RSA2 signature, and its own verification.
#pragma once

#include <openssl/evp.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace chaos {

using Fields = std::map<std::string, std::string>;

/// Sorted "name=value" joined by "&", without sign, sign_type and what is empty.
std::string signedText(const Fields& fields);
std::string toForm(const Fields& fields);
std::string escapeForm(const std::string& text);
/// Names and values in their order. Lenient: what is no escape stays as it is.
std::vector<std::pair<std::string, std::string>> readForm(const std::string& form);
std::string toBase64(const std::string& bytes);
/// Lenient: the url-safe letters and missing padding are taken; empty when it is none at all.
std::string fromBase64(const std::string& text);

/// A key from a PEM file, private or public. Throws std::runtime_error when it is none.
class Key {
public:
    static Key readPrivate(const std::filesystem::path& file);
    static Key readPublic(const std::filesystem::path& file);
    /// The public key of the first certificate in the file.
    static Key readCertificate(const std::filesystem::path& file);

    /// RSA2, in base64.
    std::string sign(const std::string& text) const;
    bool verify(const std::string& text, const std::string& signature) const;

private:
    explicit Key(EVP_PKEY* key)
        : key_(key, EVP_PKEY_free)
    {}
    std::shared_ptr<EVP_PKEY> key_;
};

/// Lower-case hex of SHA-256.
std::string sha256Of(const std::string& text);

/// The form of the fields with sign and sign_type.
std::string signedForm(Fields fields, const Key& key);

} // namespace chaos
