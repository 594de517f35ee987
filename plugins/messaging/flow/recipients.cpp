#include "flow/recipients.hpp"

#include <string>

#include <requests/answers.hpp>

namespace messaging {

namespace {

/// How to ask for an audience, and what it means when there is nobody.
struct Question {
    const char* operation;
    const char* member; // of the event and of the question alike
    std::string_view event_without;
    std::string_view nobody;
};

Question questionFor(Audience audience)
{
    switch (audience) {
    case Audience::Claimant:
        return {"claim_contact", "claim_id", "no_contact", "no_contact"};
    case Audience::Invited:
        return {"staff_invitation", "invitation_id", "no_contact", "invitation_over"};
    default:
        return {"contacts", "organization_id", "no_organization", "no_contact"};
    }
}

std::vector<Json> peopleIn(Audience audience, const Json& said)
{
    if (audience == Audience::Contacts) {
        return said.value("contacts", std::vector<Json>{});
    }
    const bool is_there = said.value(audience == Audience::Claimant ? "known" : "open", false);
    return is_there ? std::vector<Json>{said} : std::vector<Json>{};
}

} // namespace

std::variant<Recipients, hub::Answer>
recipientsOf(const Work& work, Audience audience, const Json& event)
{
    const Question question = questionFor(audience);
    const std::string id = requests::textOf(event, question.member);
    if (id.empty()) {
        return Recipients{{}, question.event_without};
    }
    const hub::Answer answer =
        work.unit().ask("identity", question.operation, id, Json{{question.member, id}}.dump());
    if (answer.status == HUB_UNAVAILABLE || answer.status == HUB_INTERNAL) {
        return answer;
    }
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status != HUB_OK || !said.is_object()) {
        return Recipients{{}, question.nobody};
    }
    return Recipients{peopleIn(audience, said), question.nobody};
}

} // namespace messaging
