#include "flow/drafts.hpp"

#include "domain/rules.hpp"
#include "flow/deadlines.hpp"

#include <hub/money.hpp>

#include <optional>
#include <set>
#include <utility>

namespace orders {

namespace {

constexpr const char* kToBePaid = "to_be_paid";
constexpr const char* kToBeReviewed = "to_be_reviewed";
constexpr const char* kPersonIds = "/person_ids";

Refusal aboutList(const char* code, Words words)
{
    return {422, code, words, {{kPersonIds, words}}};
}

/// The ids as they were sent: at least one, none twice.
std::variant<std::vector<std::string>, Refusal> readPersonIds(const Json& body)
{
    std::vector<std::string> ids;
    for (const Json& item : itemsOf(body, "person_ids")) {
        ids.push_back(item.is_string() ? item.get<std::string>() : "");
    }
    if (ids.empty()) {
        return aboutList("persons_missing",
                         {"Choose at least one person to order for.", "请至少选择一名人员。"});
    }
    if (ids.size() > kPersonsMax) {
        return aboutList("persons_too_many",
                         {"An order holds at most 500 persons; make several orders.",
                          "每个订单最多 500 人，请分多个订单提交。"});
    }
    if (std::set<std::string>(ids.begin(), ids.end()).size() != ids.size()) {
        return aboutList("person_twice",
                         {"A person is named twice; name each once.", "人员重复，请勿重复选择。"});
    }
    return ids;
}

/// The same for a person that does not exist and for one of somebody else's.
Objection unknownPerson()
{
    return {
        "person_not_found",
        {"The organization has no such person; choose again.", "本单位没有该人员，请重新选择。"}};
}

Objection notToBePaid()
{
    return {"person_not_to_be_paid",
            {"Only persons whose state is \"to be paid\" can be ordered for; choose again, or wait "
             "for the review.",
             "人员状态为“待支付”时方可提交办证，请重新选择或等待审核。"}};
}

Objection waitsForReview()
{
    return {"person_waits_for_review",
            {"Nothing is to be paid for this person, who waits for the review; leave the person "
             "out.",
             "该人员待审核，无需付款，请勿选择。"}};
}

Objection isHeld(const std::string& number)
{
    return {"person_in_another_order",
            {"The person is in order " + number +
                 "; cancel that one first, or leave the person "
                 "out.",
             "该人员已在订单 " + number + " 中，请先取消该订单或不选择该人员。"}};
}

/// Nothing of the order that holds a person is told to another organization.
Objection isHeldElsewhere()
{
    return {"person_in_another_order",
            {"The person is in another order; leave the person out.",
             "该人员已在其他订单中，请勿选择。"}};
}

std::variant<std::int64_t, Objection>
judge(const Work& work, const Json& pack, const Payable* person, const std::string& organization)
{
    if (person == nullptr) {
        return unknownPerson();
    }
    const std::string holder = work.rows().holder(person->person_id);
    if (!holder.empty()) {
        const auto order = work.rows().order(holder);
        return order && order->organization_id == organization ? isHeld(holder) : isHeldElsewhere();
    }
    if (person->state == kToBeReviewed && holds(pack, "R-196")) {
        return waitsForReview();
    }
    if (person->state != kToBePaid && holds(pack, "R-194")) {
        return notToBePaid();
    }
    return feeOf(pack, *person);
}

Refusal refuseAll(const std::vector<std::pair<std::size_t, Objection>>& objections,
                  const std::vector<std::string>& ids)
{
    Refusal refusal{422,
                    "persons_not_orderable",
                    {"Some persons can't be ordered for; each is listed with its reason.",
                     "部分人员不能提交办证，原因见各人员说明。"}};
    Json persons = Json::array();
    for (const auto& [index, objection] : objections) {
        refusal.violations.push_back(
            {std::string{kPersonIds} + "/" + std::to_string(index), objection.words});
        persons.push_back({{"person_id", ids[index]}, {"reason", objection.reason}});
    }
    refusal.parameters = {{"persons", std::move(persons)}};
    return refusal;
}

Line lineOf(const Payable& person, std::size_t index, std::int64_t amount_minor)
{
    Line line;
    line.line = static_cast<std::int64_t>(index) + 1;
    line.person_id = person.person_id;
    line.category = person.category;
    line.admission_period = person.admission_period;
    line.reuse = person.reuse;
    line.upgraded = person.upgraded;
    line.amount_minor = amount_minor;
    return line;
}

Order unpriced(const Work& work, const std::string& organization_id, std::int64_t deadline_ms)
{
    Order order;
    order.edition = work.edition();
    order.organization_id = organization_id;
    order.created_by = work.principal();
    order.created_ms = work.nowMs();
    order.deadline_ms = deadline_ms;
    order.expires_ms = expiryOf(order, work.settings());
    return order;
}

/// The lines and their sum, or all objections at once.
std::optional<Refusal>
priceAll(const Work& work, const Rules& rules, const std::vector<std::string>& ids, Draft& draft)
{
    std::vector<std::pair<std::size_t, Objection>> objections;
    hub::Money sum{0, kCurrency};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto found = draft.persons.find(ids[i]);
        const Payable* person = found == draft.persons.end() ? nullptr : &found->second;
        const auto judged = judge(work, rules.pack, person, draft.order.organization_id);
        if (const auto* objection = std::get_if<Objection>(&judged)) {
            objections.emplace_back(i, *objection);
            continue;
        }
        const std::int64_t amount = std::get<std::int64_t>(judged);
        draft.lines.push_back(lineOf(*person, i, amount));
        sum = add(sum, {amount, kCurrency}).value(); // 500 fees are far from the range's end
    }
    draft.order.amount_minor = sum.amountMinor();
    return objections.empty() ? std::nullopt : std::optional{refuseAll(objections, ids)};
}

} // namespace

std::variant<Draft, Refusal> draftOrder(const Work& work, const Request& request)
{
    const auto organization = organizationOf(request);
    if (!organization) {
        return noOrganization();
    }
    auto ids = readPersonIds(request.body);
    if (auto* refusal = std::get_if<Refusal>(&ids)) {
        return std::move(*refusal);
    }
    auto rules = askRules(work.unit(), work.edition());
    if (auto* refusal = std::get_if<Refusal>(&rules)) {
        return std::move(*refusal);
    }
    auto deadline = openDeadlineOf(work, std::get<Rules>(rules).pack, *organization);
    if (auto* refusal = std::get_if<Refusal>(&deadline)) {
        return std::move(*refusal);
    }
    const auto& person_ids = std::get<std::vector<std::string>>(ids);
    auto persons = askPayables(work.unit(), *organization, person_ids);
    if (auto* refusal = std::get_if<Refusal>(&persons)) {
        return std::move(*refusal);
    }
    Draft draft;
    draft.persons = std::move(std::get<Payables>(persons));
    // Another edition's persons have other rules: here they are as good as unknown.
    std::erase_if(draft.persons,
                  [&work](const auto& person) { return person.second.edition != work.edition(); });
    draft.order = unpriced(work, *organization, std::get<std::int64_t>(deadline));
    draft.order.persons = static_cast<std::int64_t>(person_ids.size());
    draft.order.pack_revision = std::get<Rules>(rules).revision;
    if (auto refusal = priceAll(work, std::get<Rules>(rules), person_ids, draft)) {
        return std::move(*refusal);
    }
    return draft;
}

} // namespace orders
