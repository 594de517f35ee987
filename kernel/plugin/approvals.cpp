#include "plugin/approvals.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "security/durable_file.hpp"
#include "security/symmetric.hpp"

#include <hub/plugin.h>

#include <fmt/format.h>

#include <utility>

namespace hub::plugin {

namespace {

using base::Json;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t numberOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

Json memberOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() ? *found : Json();
}

/// The digest of the text that this hub has now; empty when it can't be read.
std::string contractDigest(const std::filesystem::path& folder, const std::string& contract)
{
    const std::filesystem::path file = folder / (contract + ".json");
    return std::filesystem::exists(file) ? base::sha256Hex(security::readFile(file))
                                         : std::string{};
}

bool listsContract(const Json& contracts, const Implementation& item, const std::string& digest)
{
    for (const Json& entry : contracts) {
        if (textOf(entry, "contract") == item.contract &&
            numberOf(entry, "version") == static_cast<std::int64_t>(item.version) &&
            textOf(entry, "sha256") == digest) {
            return true;
        }
    }
    return false;
}

bool isSame(std::string_view a, std::string_view b) noexcept
{
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    }
    return difference == 0;
}

} // namespace

Approvals::Approvals(std::filesystem::path folder,
                     std::filesystem::path contracts_folder,
                     security::SecretBytes key)
    : folder_(std::move(folder))
    , contracts_folder_(std::move(contracts_folder))
    , key_(std::move(key))
{}

std::filesystem::path Approvals::fileOf(const std::string& library) const
{
    return folder_ / (library + ".json");
}

/// Members are sorted when they are written, so the same approval has the same text.
std::string Approvals::seal(const Json& approval) const
{
    const auto mac = security::hmacBytes("hmac_sha256", key_.view(), approval.dump());
    if (!mac.ok()) {
        throw base::Failure(HUB_INTERNAL, "an approval can't be sealed: {}", mac.error().message);
    }
    return base::toHex(mac.value());
}

std::string Approvals::findMismatch(const Manifest& manifest, const Json& report) const
{
    if (textOf(report, "library") != manifest.id || textOf(report, "version") != manifest.version ||
        textOf(report, "sha256") != manifest.sha256) {
        return "it was judged in another build";
    }
    const Json abi = memberOf(report, "abi");
    if (numberOf(abi, "major") != HUB_ABI_MAJOR || numberOf(abi, "minor") != HUB_ABI_MINOR) {
        return "it was judged at another version of the boundary";
    }
    for (const Implementation& item : manifest.implements) {
        const std::string digest = contractDigest(contracts_folder_, item.contract);
        if (digest.empty() || !listsContract(memberOf(report, "contracts"), item, digest)) {
            return fmt::format("it was judged by another text of contract \"{}\"", item.contract);
        }
    }
    return {};
}

Result<void> Approvals::approve(const Manifest& manifest,
                                const Json& report,
                                const std::string& actor,
                                std::int64_t now_ms) const
{
    const std::string mismatch = findMismatch(manifest, report);
    if (!mismatch.empty()) {
        return Error{HUB_REJECTED,
                     fmt::format("library \"{}\": {}; install it again", manifest.id, mismatch)};
    }
    if (numberOf(report, "failed") != 0 || numberOf(report, "passed") < 1 ||
        textOf(report, "only_rule") != "") {
        return Error{HUB_REJECTED,
                     fmt::format("library \"{}\" breaks {} rules; see the report, and ask its "
                                 "maker for a better one",
                                 manifest.id,
                                 numberOf(report, "failed"))};
    }
    const Json approval{{"approved_by", actor}, {"approved_at_ms", now_ms}, {"report", report}};
    const Json file{{"approval", approval}, {"mac", seal(approval)}};
    security::LockedFolder folder(folder_);
    const std::string name = manifest.id + ".json";
    const std::string fresh = name + ".new";
    std::error_code ignored;
    std::filesystem::remove(folder_ / fresh, ignored); // of an earlier crash
    if (!folder.create(fresh, file.dump(2))) {
        return Error{HUB_UNAVAILABLE, (folder_ / fresh).string() + ": can't be written"};
    }
    folder.rename(fresh, name);
    return {};
}

std::string Approvals::findObjection(const Manifest& manifest) const
{
    const auto objection = [&](std::string_view what) {
        return fmt::format("library \"{0}\" {1}; judge it by the conformance suite: expohub plugin "
                           "approve {0}",
                           manifest.id,
                           what);
    };
    const std::filesystem::path path = fileOf(manifest.id);
    if (!std::filesystem::exists(path)) {
        return objection("is not approved, which profile production demands");
    }
    const Json file = Json::parse(security::readFile(path), nullptr, false);
    const Json approval = memberOf(file, "approval");
    if (!approval.is_object() || !isSame(textOf(file, "mac"), seal(approval))) {
        return objection("has an approval that this hub did not make");
    }
    const std::string mismatch = findMismatch(manifest, memberOf(approval, "report"));
    return mismatch.empty() ? std::string{} : objection("is not approved: " + mismatch);
}

} // namespace hub::plugin
