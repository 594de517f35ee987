#include "flow/registration.hpp"

#include <algorithm>
#include <optional>

namespace orders {

namespace {

constexpr const char* kContract = "registration";
constexpr std::int64_t kRetryS = 30;

Refusal notAnswered()
{
    return {503,
            "registration_unavailable",
            {"The applications can't be read now. Nothing was changed; try again later.",
             "暂时无法读取报名信息，未作任何更改，请稍后重试。"},
            {},
            kRetryS};
}

Refusal isArchived()
{
    return {409,
            "edition_archived",
            {"This edition is archived: its orders can be read, new ones can't be made.",
             "本届已归档，仅可查询历史订单，不能新建订单。"}};
}

std::optional<Json> ask(const hub::Snapshot& snapshot,
                        const char* operation,
                        const std::string& key,
                        const Json& question)
{
    const hub::Answer answer = snapshot.ask(kContract, operation, key, question.dump());
    Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status != HUB_OK || !said.is_object()) {
        return std::nullopt;
    }
    return said;
}

Payable toPayable(const Json& person)
{
    Payable payable;
    payable.person_id = textOf(person, "person_id");
    payable.edition = textOf(person, "edition");
    payable.state = textOf(person, "state");
    payable.category = textOf(person, "category");
    payable.admission_period = textOf(person, "admission_period");
    payable.delivery_method = textOf(person, "delivery_method");
    payable.reuse = isTrue(person, "reuse");
    payable.upgraded = isTrue(person, "upgraded");
    payable.name = textOf(person, "name");
    payable.document_masked = textOf(person, "document_masked");
    return payable;
}

} // namespace

std::variant<Rules, Refusal> askRules(const hub::Snapshot& snapshot, const std::string& edition)
{
    const auto said = ask(snapshot, "edition", edition, {{"edition", edition}});
    if (!said) {
        return notAnswered();
    }
    const auto revision = integerOf(*said, "revision");
    const Json pack = said->value("pack", Json());
    if (!revision || !(pack.is_object() || pack.is_null())) {
        return notAnswered();
    }
    if (pack.is_null()) {
        return isArchived();
    }
    return Rules{pack, *revision};
}

std::variant<Payables, Refusal> askPayables(const hub::Snapshot& snapshot,
                                            const std::string& organization_id,
                                            const std::vector<std::string>& person_ids)
{
    const Json question = {{"organization_id", organization_id}, {"person_ids", person_ids}};
    const auto said = ask(snapshot, "payables", organization_id, question);
    if (!said || !said->value("persons", Json()).is_array()) {
        return notAnswered();
    }
    Payables payables;
    for (const Json& person : itemsOf(*said, "persons")) {
        Payable payable = toPayable(person);
        if (std::find(person_ids.begin(), person_ids.end(), payable.person_id) !=
            person_ids.end()) {
            payables[payable.person_id] = std::move(payable);
        }
    }
    return payables;
}

} // namespace orders
