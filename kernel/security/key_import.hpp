// KeyImport: what a provider's console or a bank hands out, made into what the secret store keeps:
// PEM without a password. A file that is not whole and sound is refused with the reason, so that
// nothing is stored that fails at the first payment.
#pragma once

#include "security/secrets.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

struct ImportedKey {
    /// The private key, then its certificate, then the rest of the chain, as far as they are there.
    SecretBytes pem;
    bool is_private = false;
    std::string certificate; // "CN=…, serial 1A2B, until 2028-01-31"; empty: there is none
};

/// Takes PEM, one line of base64 of DER, DER of a certificate, and PFX (PKCS#12) also with the
/// algorithms of old; `password` opens PFX and encrypted PEM. HUB_BAD_REQUEST names what is wrong:
/// the password, a certificate that is expired or not valid yet (at `now_ms`, since 1970), a key
/// that does not belong to its certificate, or a format that is none of these. A key of less than
/// 2048 bits of RSA is refused, too.
Result<ImportedKey>
importKey(std::string_view bytes, std::string_view password, std::int64_t now_ms);

/// A symmetric key as it is: of the size that one of the ciphers among `algorithms` needs, or of
/// any size when none is among them. A line end behind a key of the right size is no part of it.
/// HUB_BAD_REQUEST: another size.
Result<std::string> importSymmetricKey(std::string_view bytes,
                                       const std::vector<std::string>& algorithms);

} // namespace hub::security
