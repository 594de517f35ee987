#include "registration.hpp"

#include "api/addresses.hpp"
#include "api/catalogs.hpp"
#include "api/consents.hpp"
#include "api/editions.hpp"
#include "api/import_commands.hpp"
#include "api/import_persons.hpp"
#include "api/licences.hpp"
#include "api/organizations.hpp"
#include "api/own_persons.hpp"
#include "api/pages.hpp"
#include "api/past_persons.hpp"
#include "api/payables.hpp"
#include "api/person_actions.hpp"
#include "api/person_consents.hpp"
#include "api/person_data.hpp"
#include "api/person_lists.hpp"
#include "api/person_photos.hpp"
#include "api/person_submissions.hpp"
#include "api/persons.hpp"
#include "api/quotas.hpp"
#include "api/reviews.hpp"
#include "api/submissions.hpp"
#include "flow/accounts.hpp"
#include "flow/badge_photo.hpp"
#include "flow/import_check.hpp"
#include "flow/import_steps.hpp"
#include "flow/licence_files.hpp"
#include "flow/orders.hpp"

#include <array>

#include <requests/dispatch.hpp>

namespace registration {

namespace {

using Write = requests::Entry<hub::Answer (*)(const Work&)>;
using Read = requests::Entry<hub::Answer (*)(const hub::Snapshot&, const hub::Event&)>;
using Task = requests::Entry<hub::Answer (*)(const hub::Host&, const hub::Event&)>;

constexpr std::array kWrites = {
    Write{HUB_SOURCE_EVENT, "organization.registered", &beginApplication},
    Write{HUB_SOURCE_REQUEST, "edition.put", &putEdition},
    Write{HUB_SOURCE_REQUEST, "delegations.put", &putDelegations},

    Write{HUB_SOURCE_REQUEST, "person.add", &addPerson},
    Write{HUB_SOURCE_REQUEST, "person.save", &savePerson},
    Write{HUB_SOURCE_REQUEST, "person.delete", &deletePerson},
    Write{HUB_SOURCE_REQUEST, "persons.delete", &deletePersons},
    Write{HUB_SOURCE_REQUEST, "person.submit", &submitOnePerson},
    Write{HUB_SOURCE_REQUEST, "persons.submit", &submitPersons},
    Write{HUB_SOURCE_REQUEST, "person.change_period", &changePeriod},
    Write{HUB_SOURCE_REQUEST, "person.change_delivery", &changeDelivery},
    Write{HUB_SOURCE_REQUEST, "person.put_photo", &putPhoto},
    Write{HUB_SOURCE_REQUEST, "person.view_photo", &viewPhoto},
    Write{HUB_SOURCE_REQUEST, "past_person.view_photo", &viewPastPhoto},
    Write{HUB_SOURCE_REQUEST, "past_persons.apply", &applyPastPersons},
    Write{HUB_SOURCE_COMMAND, "person.export", &exportPerson},
    Write{HUB_SOURCE_COMMAND, "person.erase", &erasePerson},
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
    Write{HUB_SOURCE_REQUEST, "person_consent.put", &putPersonConsent},
    Write{HUB_SOURCE_REQUEST, "person_consent.delete", &deletePersonConsent},
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
    Write{HUB_SOURCE_EVENT, "order.created", &holdPersons},
    Write{HUB_SOURCE_EVENT, "order.canceled", &freePersons},
    Write{HUB_SOURCE_EVENT, "order.expired", &freePersons},
    Write{HUB_SOURCE_EVENT, "order.paid", &payPersons},
    Write{HUB_SOURCE_REQUEST, "quotas.put", &putQuotas},
    Write{HUB_SOURCE_REQUEST, "persons.categorize", &categorizePersons},
    Write{HUB_SOURCE_REQUEST, "person.categorize", &categorizePersons},
    Write{HUB_SOURCE_REQUEST, "persons.uncategorize", &uncategorizePersons},
    Write{HUB_SOURCE_REQUEST, "person.uncategorize", &uncategorizePersons},
    Write{HUB_SOURCE_REQUEST, "persons.lock", &lockPersons},
    Write{HUB_SOURCE_REQUEST, "person.lock", &lockPersons},
    Write{HUB_SOURCE_REQUEST, "persons.cancel", &cancelPersons},
    Write{HUB_SOURCE_REQUEST, "person.cancel", &cancelPersons},
    Write{HUB_SOURCE_REQUEST, "person.refuse_cancellation", &refuseCancellation},
    Write{HUB_SOURCE_REQUEST, "own_person.cancel", &cancelOwnPerson},

    Write{HUB_SOURCE_COMMAND, "import.delegations", &importFile},
    Write{HUB_SOURCE_COMMAND, "import.industries", &importFile},
    Write{HUB_SOURCE_COMMAND, "import.quotas", &importFile},
    Write{HUB_SOURCE_COMMAND, "import.organizations", &importFile},
    Write{HUB_SOURCE_COMMAND, "import.persons", &importFile},
    Write{HUB_SOURCE_COMMAND, "import.photos", &importFile},
    Write{HUB_SOURCE_REQUEST, "person_import.begin", &importOwnFile},
    Write{HUB_SOURCE_REQUEST, "photo_import.begin", &importOwnFile},
    Write{HUB_SOURCE_JOB, "stage", &stageImport},
    Write{HUB_SOURCE_JOB, "activate", &activateImport},
    Write{HUB_SOURCE_JOB, "discard", &discardImport},
};

constexpr std::array kReads = {
    Read{HUB_SOURCE_REQUEST, "edition.show", &showEdition},
    Read{HUB_SOURCE_REQUEST, "delegations.list", &listDelegations},
    Read{HUB_SOURCE_ASK, "edition", &answerEdition},

    Read{HUB_SOURCE_REQUEST, "person.form", &showPersonForm},
    Read{HUB_SOURCE_REQUEST, "person.show", &showPerson},
    Read{HUB_SOURCE_REQUEST, "persons.search", &searchPersons},
    Read{HUB_SOURCE_REQUEST, "past_persons.list", &listPastPersons},
    Read{HUB_SOURCE_REQUEST, "past_person.show", &showPastPerson},
    Read{HUB_SOURCE_ASK, "person_data", &answerPersonData},
    Read{HUB_SOURCE_REQUEST, "page.show", &showPage},
    Read{HUB_SOURCE_REQUEST, "addresses.list", &listAddresses},
    Read{HUB_SOURCE_REQUEST, "consents.list", &listConsents},
    Read{HUB_SOURCE_REQUEST, "person_consents.list", &listPersonConsents},
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
    Read{HUB_SOURCE_ASK, "payables", &answerPayables},
    Read{HUB_SOURCE_REQUEST, "quotas.show", &showQuotas},
    Read{HUB_SOURCE_REQUEST, "persons.list", &listPersonsOfGroup},
    Read{HUB_SOURCE_REQUEST, "persons.counts", &showPersonCounts},

    Read{HUB_SOURCE_COMMAND, "import.show", &showImportCommand},
    Read{HUB_SOURCE_REQUEST, "import.show", &showImport},
    Read{HUB_SOURCE_REQUEST, "imports.list", &listImports},
    Read{HUB_SOURCE_REQUEST, "person_import.template", &offerTemplate},
};

constexpr std::array kTasks = {
    Task{HUB_SOURCE_REQUEST, "person.put_photo", &workOutPhoto},
    Task{HUB_SOURCE_REQUEST, "person.view_photo", &readPhoto},
    Task{HUB_SOURCE_REQUEST, "past_person.view_photo", &readPhoto},
    Task{HUB_SOURCE_COMMAND, "person.export", &readPhoto},
    Task{HUB_SOURCE_REQUEST,
         "licence.put",
         [](const hub::Host& host, const hub::Event& event) {
             return keepLicence(host, event.callId(), Json::parse(event.payload()));
         }},
    Task{HUB_SOURCE_REQUEST,
         "licence.view",
         [](const hub::Host& host, const hub::Event& event) {
             return readLicence(host, Json::parse(event.payload()));
         }},

    Task{HUB_SOURCE_COMMAND, "import.delegations", &checkImport},
    Task{HUB_SOURCE_COMMAND, "import.industries", &checkImport},
    Task{HUB_SOURCE_COMMAND, "import.quotas", &checkImport},
    Task{HUB_SOURCE_COMMAND, "import.organizations", &checkImport},
    Task{HUB_SOURCE_COMMAND, "import.persons", &checkImport},
    Task{HUB_SOURCE_COMMAND, "import.photos", &checkImport},
    Task{HUB_SOURCE_REQUEST, "person_import.begin", &checkImport},
    Task{HUB_SOURCE_REQUEST, "photo_import.begin", &checkImport},
    Task{HUB_SOURCE_REQUEST, "person_import.template", &writeTemplate},
    Task{HUB_SOURCE_JOB, "parse", &parseImport},
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
    const auto handler = requests::findHandler(kTasks, event);
    reply.send(handler == nullptr ? requests::unsupported("registration", event)
                                  : handler(host(), event));
}

} // namespace registration
