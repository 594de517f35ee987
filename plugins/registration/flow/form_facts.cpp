#include "flow/form_facts.hpp"

#include "store/catalog_rows.hpp"
#include "store/edition_rows.hpp"

#include <identifiers/referral_code.hpp>

namespace registration {

FormFacts factsOf(const hub::Snapshot& snapshot,
                  std::string_view page,
                  const Json& document,
                  const Edition& edition,
                  const Organization& organization)
{
    FormFacts facts{edition, organization, {}, {}, {}};
    if (page == kOrganizationPage) {
        facts.delegations = allDelegations(snapshot, edition.id);
        const auto code =
            identifiers::checkReferralCode(requests::textOf(document, "referral_code"));
        facts.referral = findReferralCode(snapshot, edition.id, code.value);
    } else if (page == kIntentionPage) {
        facts.industries = allIndustries(snapshot, edition.id);
    }
    return facts;
}

Json toJson(const std::vector<Remark>& remarks, std::string_view page)
{
    Json list = Json::array();
    for (const Remark& remark : remarks) {
        list.push_back({{"rule", remark.rule},
                        {"page", page},
                        {"pointer", remark.pointer},
                        {"message", requests::toJson(remark.message)}});
    }
    return list;
}

} // namespace registration
