#include "flow/person_consents.hpp"

#include "store/catalog_rows.hpp"
#include "store/consent_rows.hpp"

namespace registration {

using requests::Refusal;

namespace {

constexpr const char* kRule = "D-09";
constexpr const char* kMissing = "consent_missing";

bool isRequired(std::string_view kind, const Edition& edition)
{
    return kind == kSensitive && edition.holds(kRule);
}

requests::Words askFirst()
{
    return {"Ask the person to agree separately to the use of the identity document and the photo, "
            "then send along which version was agreed to (consents, sensitive).",
            "请先取得本人对使用证件信息和照片（敏感个人信息）的单独同意，再填写所同意的版本"
            "（consents.sensitive）。"};
}

Refusal consentMissing(const hub::Snapshot& snapshot, const Edition& edition)
{
    Refusal refusal = refusedBy(409, kRule, kMissing, askFirst());
    refusal.parameters["kind"] = kSensitive;
    if (const auto policy = findPolicy(snapshot, edition.id, kSensitive)) {
        refusal.parameters["version"] = policy->version;
        refusal.parameters["address"] = policy->address;
    }
    return refusal;
}

} // namespace

Json askedConsents(const hub::Snapshot& snapshot, const Edition& edition)
{
    Json asked = Json::array();
    for (const std::string_view kind : kPersonConsents) {
        const auto policy = findPolicy(snapshot, edition.id, kind);
        const bool is_required = isRequired(kind, edition);
        if (policy || is_required) {
            asked.push_back({{"kind", kind},
                             {"required", is_required},
                             {"version", policy ? policy->version : ""},
                             {"address", policy ? policy->address : ""}});
        }
    }
    return asked;
}

std::optional<Refusal>
refuseWithoutConsent(const hub::Snapshot& snapshot, const Edition& edition, const Json& consents)
{
    if (isRequired(kSensitive, edition) && !consents.contains(kSensitive)) {
        return consentMissing(snapshot, edition);
    }
    for (const auto& [kind, version] : consents.items()) {
        if (auto refusal =
                refuseVersion(snapshot, edition, kind, version.get_ref<const std::string&>())) {
            return refusal;
        }
    }
    return std::nullopt;
}

void keepConsents(const Work& work,
                  const Edition& edition,
                  std::string_view person_id,
                  const Json& consents)
{
    for (const auto& [kind, version] : consents.items()) {
        const auto& sent = version.get_ref<const std::string&>();
        giveConsent(
            work.unit(),
            person_id,
            {kind, keptVersion(work.unit(), edition, kind, sent), work.actor(), work.nowMs(), 0});
    }
}

std::optional<PersonRemark>
missingConsent(const hub::Snapshot& snapshot, std::string_view person_id, const Edition& edition)
{
    if (!isRequired(kSensitive, edition) || hasConsent(snapshot, person_id, kSensitive, edition)) {
        return std::nullopt;
    }
    return PersonRemark{kRule, kMissing, "/consents/sensitive", askFirst()};
}

std::optional<Refusal>
refuseUnconsented(const hub::Snapshot& snapshot, std::string_view person_id, const Edition& edition)
{
    return missingConsent(snapshot, person_id, edition)
               ? std::optional(consentMissing(snapshot, edition))
               : std::nullopt;
}

} // namespace registration
