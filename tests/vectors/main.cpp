// expohub-vectors DIR: runs every test vector of the JSON files in DIR through the code that ships.
// One line each, `ok`, `FAIL` or `skip`; ends "N passed, N failed, N skipped"; exit code 1 when one
// failed or none passed.

#include "alipay_vectors.hpp"
#include "aliyun_vectors.hpp"
#include "unionpay_vectors.hpp"
#include "uscc_vectors.hpp"
#include "wechat_vectors.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace vectors;

using Check = void (*)(const VectorSet&, const Vector&);

constexpr std::pair<std::string_view, Check> kChecks[] = {
    {"alipay.request_sign_rsa2", checkRequestSign},
    {"alipay.notify_verify", checkNotifyVerify},
    {"alipay.response_node_extraction", checkNodeExtraction},
    {"alipay.sync_response_verify", checkResponseVerify},
    {"alipay.cert_sn", checkCertificateNumber},
    {"alipay.root_cert_sn", checkRootNumber},
    {"alipay.spki_from_cert", checkCertificateKey},
    {"alipay.aes_cbc_pkcs7_zero_iv", checkContentEncryption},
    {"alipay.v3_request_sign", checkRestRequest},
    {"alipay.bill_csv", checkBill},
    {"aliyun.acs3", checkAliyunAcs3},
    {"aliyun.rpc", checkAliyunRpc},
    {"wechat.sha256_rsa_sign", checkWechatSign},
    {"wechat.rsa_oaep_sha1_decrypt", checkWechatOaep},
    {"wechat.rsa_pkcs1v15_decrypt", checkWechatPkcs1},
    {"wechat.notify_verify_and_decrypt", checkWechatNotice},
    {"wechat.notify_verify", checkWechatForgedNotice},
    {"wechat.aes_gcm_decrypt", checkWechatSealed},
    {"wechat.cert_download_decrypt", checkWechatCertificates},
    {"wechat.cert_serial", checkWechatSerial},
    {"wechat.request_string_to_sign", checkWechatRequest},
    {"wechat.request_sign", checkWechatRequest},
    {"wechat.jsapi_paysign", checkWechatInvocation},
    {"wechat.bill_csv", checkWechatBill},
    {"unionpay.acp510_sign", unionpay_acp::checkSign},
    {"unionpay.acp500_sign", unionpay_acp::checkSign500},
    {"unionpay.acp_sha256_key_sign", unionpay_acp::checkSha256KeySign},
    {"unionpay.acp_sm3_key_sign", unionpay_acp::checkSm3KeySign},
    {"unionpay.string_to_sign", unionpay_acp::checkSignText},
    {"unionpay.acp510_verify", unionpay_acp::checkVerify},
    {"unionpay.cert_id", unionpay_acp::checkCertId},
    {"unionpay.trust_anchor", unionpay_acp::checkTrustAnchor},
    {"unionpay.rsa_pkcs1v15_decrypt", unionpay_acp::checkDecrypt},
    {"unionpay.response_parse", unionpay_acp::checkResponseParse},
    {"unionpay.file_content", unionpay_acp::checkFileContent},
    {"unionpay.reconciliation_file_parse", unionpay_acp::checkBillLine},
    {"uscc.check_character", checkSocialCreditCharacter},
};

// What no shipped code does yet: by name, or by everything that begins as before the star.
constexpr std::string_view kSkipped[] = {
    // Other payments.
    "bank.*",
    "cmb.*",
    "sm4.*",
    // Invoices, messages, couriers.
    "baiwang.*",
    "cainiao.*",
    "cmpp.*",
    "cmpp2.*",
    "cmpp3.*",
    "dkim.*",
    "ems.*",
    "invoice.*",
    "kdniao.*",
    "kuaidi100.*",
    "mail.*",
    "nuonuo.*",
    "sf.*",
    "smpp34.*",
    "sms.*",
    "smtp.*",
    "tencent.*",
    "wechat.push_signature",
};

struct Tally {
    int passed = 0;
    int failed = 0;
    int skipped = 0;
};

bool isListed(std::string_view kind)
{
    return std::any_of(std::begin(kSkipped), std::end(kSkipped), [kind](std::string_view pattern) {
        return pattern.ends_with('*') ? kind.starts_with(pattern.substr(0, pattern.size() - 1))
                                      : kind == pattern;
    });
}

/// Of these protocols and standards every published part is implemented.
bool isShipped(std::string_view kind)
{
    constexpr std::string_view kFamilies[] = {
        "alipay.", "aliyun.", "unionpay.", "uscc.", "wechat."};
    return std::any_of(std::begin(kFamilies), std::end(kFamilies), [kind](std::string_view begin) {
        return kind.starts_with(begin);
    });
}

/// NULL when no code checks this kind.
Check findCheck(std::string_view kind)
{
    const auto found = std::find_if(std::begin(kChecks),
                                    std::end(kChecks),
                                    [kind](const auto& entry) { return entry.first == kind; });
    return found == std::end(kChecks) ? nullptr : found->second;
}

/// Throws Mismatch.
void check(const VectorSet& set, const Vector& vector)
{
    const Check check_kind = findCheck(vector.kind);
    if (check_kind == nullptr) {
        throw Mismatch("no code checks this kind, and the list of skipped kinds does not name it");
    }
    check_kind(set, vector);
}

void run(const VectorSet& set, const Vector& vector, Tally& tally)
{
    const std::string label = vector.name + " " + vector.kind;
    // Of a shipped protocol a new kind must be listed, or it would go unchecked.
    const bool is_listed = isListed(vector.kind);
    if (is_listed || (findCheck(vector.kind) == nullptr && !isShipped(vector.kind))) {
        ++tally.skipped;
        std::cout << "skip " << label << (is_listed ? "\n" : " (a kind that is not known)\n");
        return;
    }
    try {
        check(set, vector);
        ++tally.passed;
        std::cout << "ok   " << label << "\n";
    } catch (const std::exception& problem) {
        ++tally.failed;
        std::cout << "FAIL " << label << " " << problem.what() << "\n";
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: expohub-vectors DIR\n";
        return 2;
    }
    try {
        const VectorSet set(argv[1]);
        Tally tally;
        for (const Vector& vector : set.all()) {
            run(set, vector, tally);
        }
        std::cout << tally.passed << " passed, " << tally.failed << " failed, " << tally.skipped
                  << " skipped" << std::endl;
        return tally.failed == 0 && tally.passed > 0 ? 0 : 1;
    } catch (const std::exception& problem) {
        std::cerr << "expohub-vectors: " << problem.what() << "\n";
        return 2;
    }
}
