#include "registration.hpp"

#include "api/addresses.hpp"
#include "api/catalogs.hpp"
#include "api/consents.hpp"
#include "api/editions.hpp"
#include "api/licences.hpp"
#include "api/organizations.hpp"
#include "api/pages.hpp"
#include "api/reviews.hpp"
#include "api/submissions.hpp"
#include "flow/accounts.hpp"
#include "flow/licence_files.hpp"

#include <array>

#include <requests/dispatch.hpp>

namespace registration {

namespace {

using Write = requests::Entry<hub::Answer (*)(const Work&)>;
using Read = requests::Entry<hub::Answer (*)(const hub::Snapshot&, const hub::Event&)>;

constexpr std::array kWrites = {
    Write{HUB_SOURCE_EVENT, "organization.registered", &beginApplication},
    Write{HUB_SOURCE_REQUEST, "edition.put", &putEdition},
    Write{HUB_SOURCE_REQUEST, "delegations.put", &putDelegations},

    Write{HUB_SOURCE_EVENT, "organization.code_released", &endApplication},
    Write{HUB_SOURCE_OUTCOME, "read", &takeReading},
    Write{HUB_SOURCE_REQUEST, "page.put", &putPage},
    Write{HUB_SOURCE_REQUEST, "licence.put", &putLicencePicture},
    Write{HUB_SOURCE_REQUEST, "licence.view", &viewLicence},
    Write{HUB_SOURCE_REQUEST, "application.view_licence", &viewLicence},
    Write{HUB_SOURCE_REQUEST, "address.add", &addAddress},
    Write{HUB_SOURCE_REQUEST, "address.put", &putAddress},
    Write{HUB_SOURCE_REQUEST, "address.delete", &deleteAddress},
    Write{HUB_SOURCE_REQUEST, "consent.put", &putConsent},
    Write{HUB_SOURCE_REQUEST, "consent.delete", &deleteConsent},
    Write{HUB_SOURCE_REQUEST, "organization.submit", &submitApplication},
    Write{HUB_SOURCE_REQUEST, "organization.review", &reviewOrganization},
    Write{HUB_SOURCE_REQUEST, "organization.disable", &disableOrganization},
    Write{HUB_SOURCE_REQUEST, "organization.reassign", &reassignOrganization},
    Write{HUB_SOURCE_REQUEST, "organization.move", &moveOrganization},
    Write{HUB_SOURCE_REQUEST, "organization.accept_move", &acceptMove},
    Write{HUB_SOURCE_REQUEST, "organization.end_move", &endMove},
    Write{HUB_SOURCE_REQUEST, "organization.grant_exception", &grantException},
    Write{HUB_SOURCE_REQUEST, "industries.put", &putIndustries},
    Write{HUB_SOURCE_REQUEST, "referral_codes.put", &putReferralCodes},
    Write{HUB_SOURCE_REQUEST, "policy.put", &putPolicyVersion},
};

constexpr std::array kReads = {
    Read{HUB_SOURCE_REQUEST, "edition.show", &showEdition},
    Read{HUB_SOURCE_REQUEST, "delegations.list", &listDelegations},
    Read{HUB_SOURCE_ASK, "edition", &answerEdition},

    Read{HUB_SOURCE_REQUEST, "page.show", &showPage},
    Read{HUB_SOURCE_REQUEST, "addresses.list", &listAddresses},
    Read{HUB_SOURCE_REQUEST, "consents.list", &listConsents},
    Read{HUB_SOURCE_REQUEST, "organization.preview", &previewApplication},
    Read{HUB_SOURCE_REQUEST, "organization.show", &showOrganization},
    Read{HUB_SOURCE_REQUEST, "organization.history", &showHistory},
    Read{HUB_SOURCE_REQUEST, "organization.progress", &showProgress},
    Read{HUB_SOURCE_REQUEST, "organization.past", &listPast},
    // The same for those who review, whose scopes are others.
    Read{HUB_SOURCE_REQUEST, "application.show", &showOrganization},
    Read{HUB_SOURCE_REQUEST, "application.page", &showPage},
    Read{HUB_SOURCE_REQUEST, "application.history", &showHistory},
    Read{HUB_SOURCE_REQUEST, "organizations.list", &listOrganizationsOf},
    Read{HUB_SOURCE_REQUEST, "moves.list", &listMoves},
    Read{HUB_SOURCE_REQUEST, "industries.list", &listIndustries},
    Read{HUB_SOURCE_REQUEST, "industries.match", &findIndustries},
    Read{HUB_SOURCE_REQUEST, "referral_codes.list", &listReferralCodes},
    Read{HUB_SOURCE_REQUEST, "policies.list", &listPolicies},
};

} // namespace

Registration::Registration(hub::Host host, std::string_view /*create_json*/)
    : Plugin(host)
{}

hub::Answer Registration::unit(hub::Unit& unit, const hub::Event& event)
{
    const auto handler = requests::findHandler(kWrites, event);
    return handler == nullptr ? requests::unsupported("registration", event)
                              : handler(Work{unit, event});
}

hub::Answer Registration::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto handler = requests::findHandler(kReads, event);
    return handler == nullptr ? requests::unsupported("registration", event)
                              : handler(snapshot, event);
}

void Registration::task(const hub::Event& event, hub::Reply reply)
{
    const Json work = Json::parse(event.payload());
    const std::string kind = requests::textOf(work, "work");
    if (kind == "licence.keep") {
        reply.send(keepLicence(host(), event.callId(), work));
    } else if (kind == "licence.read") {
        reply.send(readLicence(host(), work));
    } else {
        reply.send(HUB_UNSUPPORTED, "registration does not know the work \"" + kind + "\"");
    }
}

} // namespace registration
