#include "api/person_actions.hpp"

#include "flow/access.hpp"
#include "flow/cancellation.hpp"
#include "flow/categories.hpp"
#include "flow/rule.hpp"

#include <functional>
#include <map>

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;

/// Of one person, by the rules of its edition.
using Action = std::function<Refused(Person&, const Edition&)>;

Refusal noSuchPerson()
{
    return notFound({"There is no such person; reload the list.", "该人员不存在，请刷新列表。"});
}

Json shown(const Person& person)
{
    return {{"person_id", person.person_id},
            {"state", toText(person.state)},
            {"category", person.category},
            {"revision", person.revision}};
}

/// Does the action to whomever the request may act upon.
class Doing {
public:
    Doing(const Work& work, const Request& request, Action action)
        : work_(work)
        , access_(Access::of(request, work.event()))
        , action_(std::move(action))
    {}

    /// The person as it is afterwards, or why nothing was done.
    Refused one(const std::string& person_id, Person& after)
    {
        auto person = work_.rows().person(person_id);
        if (!person || !access_.mayAct(*person)) {
            return noSuchPerson();
        }
        const auto& edition = editionOf(person->edition);
        if (!edition) {
            return editionArchived();
        }
        auto refused = action_(*person, *edition);
        after = std::move(*person);
        return refused;
    }

private:
    const std::optional<Edition>& editionOf(const std::string& id)
    {
        const auto found = editions_.find(id);
        return found != editions_.end() ? found->second
                                        : editions_.emplace(id, work_.edition(id)).first->second;
    }

    const Work& work_;
    Access access_;
    Action action_;
    std::map<std::string, std::optional<Edition>> editions_;
};

Json problemOf(const Refusal& refusal)
{
    Json problem = {{"code", refusal.code}, {"detail", toJson(refusal.detail)}};
    if (!refusal.violations.empty()) {
        problem["pointer"] = refusal.violations.front().pointer;
    }
    problem["parameters"] = refusal.parameters;
    return problem;
}

hub::Answer doMany(Doing doing, const Json& person_ids)
{
    Json results = Json::array();
    Json failed = Json::array();
    for (const Json& id : person_ids) {
        Person after;
        if (const auto refused = doing.one(id.get_ref<const std::string&>(), after)) {
            results.push_back(
                {{"person_id", id}, {"done", false}, {"problem", problemOf(*refused)}});
            failed.push_back(id);
        } else {
            results.push_back({{"person_id", id}, {"done", true}, {"person", shown(after)}});
        }
    }
    return requests::answered(200,
                              {{"done", results.size() - failed.size()},
                               {"failed", std::move(failed)},
                               {"results", std::move(results)}});
}

/// `batch_rule` offers the action for many at once.
hub::Answer
carryOut(const Work& work, const Request& request, std::string_view batch_rule, Action action)
{
    Doing doing(work, request, std::move(action));
    if (const auto id = request.path.find("person_id"); id != request.path.end()) {
        Person after;
        const auto refused = doing.one(id->get_ref<const std::string&>(), after);
        return refused ? requests::refuse(*refused) : requests::answered(200, shown(after));
    }
    const auto edition = work.edition(work.event().edition());
    if (!edition) {
        return requests::refuse(editionArchived());
    }
    const Json& person_ids = request.body.at("person_ids");
    if (person_ids.size() > 1 && !edition->holds(batch_rule)) {
        return requests::refuse(wrongField(batch_rule,
                                           "one_at_a_time",
                                           "/person_ids",
                                           {"This edition allows one person at a time; name one.",
                                            "本届不支持批量操作，请逐一处理。"}));
    }
    return doMany(std::move(doing), person_ids);
}

Refusal notConfirmed()
{
    return wrongField("R-170",
                      "lock_not_confirmed",
                      "/confirmed",
                      {"After the lock the category can't be changed; confirm that it is final.",
                       "锁定提交后标签无法修改，请确认。"});
}

Refusal unknownCategory()
{
    return wrongField("R-162",
                      "category_unknown",
                      "/category",
                      {"This edition has no such category; choose one of its categories.",
                       "本届没有该标签，请选择本届的标签。"});
}

} // namespace

hub::Answer categorizePersons(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const std::string wanted = requests::textOf(request.body, "category");
    const std::string reason = requests::textOf(request.body, "reason");
    return carryOut(work, request, "R-165", [&](Person& person, const Edition& edition) -> Refused {
        const Category* category = edition.findCategory(wanted);
        return category == nullptr ? unknownCategory()
                                   : categorize(work, person, *category, reason, edition);
    });
}

hub::Answer uncategorizePersons(const Work& work)
{
    return carryOut(work,
                    requests::readRequest(work.event().payload()),
                    "R-165",
                    [&](Person& person, const Edition& edition) {
                        return uncategorize(work, person, edition);
                    });
}

hub::Answer lockPersons(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const bool is_confirmed = request.body.value("confirmed", false);
    return carryOut(work, request, "R-165", [&](Person& person, const Edition& edition) -> Refused {
        return !is_confirmed && edition.holds("R-170") ? notConfirmed()
                                                       : lock(work, person, edition);
    });
}

hub::Answer cancelPersons(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const std::string reason = requests::textOf(request.body, "reason");
    return carryOut(work, request, "R-186", [&](Person& person, const Edition& edition) {
        return cancel(work, person, reason, edition);
    });
}

hub::Answer refuseCancellation(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const std::string reason = requests::textOf(request.body, "reason");
    return carryOut(work, request, "R-186", [&](Person& person, const Edition& /*edition*/) {
        return refuseToCancel(work, person, reason);
    });
}

hub::Answer cancelOwnPerson(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const std::string organization_id = requests::textOf(request.path, "organization_id");
    const std::string reason = requests::textOf(request.body, "reason");
    Doing doing(work, request, [&](Person& person, const Edition& edition) -> Refused {
        return person.organization_id == organization_id
                   ? askToCancel(work, person, reason, edition)
                   : noSuchPerson();
    });
    Person after;
    if (const auto refused = doing.one(requests::textOf(request.path, "person_id"), after)) {
        return requests::refuse(*refused);
    }
    const bool is_canceled = after.state == PersonState::Canceled;
    Json body = shown(after);
    body["cancellation"] = is_canceled ? "done" : "asked";
    return requests::answered(is_canceled ? 200 : 202, std::move(body));
}

} // namespace registration
