// WeChat Pay's notices by hand: JSON whose content is sealed, with a signature over the bytes in
// the headers; and their mutants.
#pragma once

#include "callbacks_mutator.hpp"

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace chaos {

/// With what a platform signs, and under which name.
struct PlatformSigner {
    std::string serial; ///< of the certificate, or PUB_KEY_ID_…
    Key key;
};

/// base64 of AES-256-GCM's ciphertext with its tag. Throws std::runtime_error for a key or nonce
/// of another size than 32 and 12 bytes.
std::string sealContent(const std::string& key,
                        const std::string& nonce,
                        const std::string& associated_data,
                        const std::string& content);

/// The body as the platform sends it; `kind` is "transaction" or "refund".
nlohmann::json sealedBody(const std::string& key,
                          const std::string& event_type,
                          const std::string& kind,
                          const nlohmann::json& content);

/// Headers and signature for these bytes, signed `from_now_s` seconds from now.
Notice
signedNotice(const PlatformSigner& signer, const std::string& body, std::int64_t from_now_s = 0);

/// Mutants of bytes and headers, and of the sealed part, which then is signed validly.
class SealedMutator : public Mutator {
public:
    SealedMutator(PlatformSigner signer,
                  Key public_key,
                  nlohmann::json body,
                  std::string other_signature,
                  std::uint64_t seed);

    Mutant draw() override;

private:
    struct Kind {
        const char* name;
        Notice (SealedMutator::*make)();
    };
    static const std::vector<Kind>& kinds();

    bool saysTheSame(const Notice& notice) const;
    std::string& header(Notice& notice, const char* name);
    Notice withBody(std::string (SealedMutator::*change)(const std::string&));
    Notice sealedAgain(const nlohmann::json& body);

    Notice flip() { return withBody(&SealedMutator::flipBit); }
    Notice replace() { return withBody(&SealedMutator::replaceByte); }
    Notice remove() { return withBody(&SealedMutator::removeByte); }
    Notice insert() { return withBody(&SealedMutator::insertByte); }
    Notice cut() { return withBody(&SealedMutator::truncate); }
    Notice flipSignature();
    Notice replaceSignature();
    Notice changeSerial();
    Notice changeTime();
    Notice changeNonce();
    Notice swapScheme();
    Notice dropHeader();
    Notice doubleHeader();
    Notice renameHeader();
    Notice flipSealed();
    Notice changeSealNonce();
    Notice changeAssociatedData();
    Notice sealByOther();
    Notice changeAlgorithm();
    Notice changeEvent();
    Notice openContent();

    PlatformSigner signer_;
    Key public_key_;
    nlohmann::json body_;
    Notice genuine_;
    std::string other_signature_;
};

} // namespace chaos
