// expohub-vectors DIR: runs every test vector of the JSON files in DIR through the code that ships.
// One line each, `ok`, `FAIL` or `skip`; ends "N passed, N failed, N skipped"; exit code 1 when one
// failed or none passed.

#include "alipay_vectors.hpp"

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
};

// What no shipped code does yet: by name, or by everything that begins as before the star.
constexpr std::string_view kSkipped[] = {
    // Other payments.
    "bank.*",
    "cmb.*",
    "sm4.*",
    "unionpay.*",
    "wechat.*",
    // Invoices, messages, couriers.
    "aliyun.*",
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
    "uscc.*",
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
    // Alipay's kinds must be listed, or a new part of a protocol that ships would go unchecked.
    const bool is_listed = isListed(vector.kind);
    if (is_listed || (findCheck(vector.kind) == nullptr && !vector.kind.starts_with("alipay."))) {
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
