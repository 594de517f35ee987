#include "past_people.hpp"

#include "pictures.hpp"
#include "telling.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

namespace demo {

namespace {

std::string ruleOf(const Json& problem)
{
    return problem.at("parameters").at("rule");
}

void expectRefusal(const WebAnswer& answer, int status, const std::string& rule)
{
    expect(answer.status == status && ruleOf(answer.json()) == rule,
           fmt::format("not refused by {}: {}", rule, answer.body));
}

} // namespace

PastPeople::PastPeople(const Applicant& applicant)
    : applicant_(applicant)
{}

void PastPeople::look(std::size_t count)
{
    const WebAnswer answer = applicant_.hub().get(applicant_.path("/past-persons"));
    expect(answer.status == 200 && answer.json().at("total") == count,
           "the past persons are others: " + answer.body);
    persons_ = answer.json().at("persons");
    step("contact", fmt::format("looked at the organization's {} past persons:", count));
    for (const Json& one : persons_) {
        fmt::print("    {}  {}  {}  {}\n",
                   one.at("name").get<std::string>(),
                   one.at("edition").get<std::string>(),
                   one.at("document_masked").get<std::string>(),
                   fmt::join(one.at("actions").get<std::vector<std::string>>(), ", "));
    }
}

std::string PastPeople::idOf(const std::string& name) const
{
    const auto found = std::find_if(persons_.begin(), persons_.end(), [&name](const Json& one) {
        return one.at("name") == name;
    });
    expect(found != persons_.end(), "no past person is called " + name);
    return found->at("past_person_id");
}

WebAnswer PastPeople::apply(const std::string& name, Json wish) const
{
    const std::string id = idOf(name);
    wish["person_ids"] = {id};
    return applicant_.hub().post(
        applicant_.path("/past-persons/applications"),
        wish,
        {{"Idempotency-Key", fmt::format("{}-{}", id, std::hash<std::string>{}(wish.dump()))}});
}

std::string PastPeople::applied(const std::string& name, const Json& wish) const
{
    const WebAnswer answer = apply(name, wish);
    expect(answer.status == 200 && answer.json().at("done") == 1,
           name + " is not taken over: " + answer.body);
    return answer.json().at("results").at(0).at("new_person_id");
}

void PastPeople::tryToReuse(const std::string& name) const
{
    const Json wish = {{"reuse", true},
                       {"confirmed", true},
                       {"badge_kept", true},
                       {"consents", applicant_.consents()}};
    const WebAnswer answer = apply(name, wish);
    expect(answer.status == 200 && answer.json().at("done") == 0,
           "a badge that did not pass is used again: " + answer.body);
    const std::string rule = ruleOf(answer.json().at("results").at(0).at("problem"));
    expect(rule == "R-140", "not refused by R-140: " + answer.body);
    step("hub",
         fmt::format(
             "{} did not pass the review then, so the badge is not used again: {}", name, rule));
}

void PastPeople::compareFaces(const std::string& name) const
{
    const WebAnswer answer = applicant_.hub().get(applicant_.path("/past-persons/" + idOf(name)));
    expect(answer.status == 200, name + " is not shown: " + answer.body);
    const Json shown = answer.json();
    std::vector<std::string> fields;
    for (const Json& one : shown.at("face")) {
        expect(one.at("same") == true, "the badge's face differs: " + one.dump());
        fields.push_back(one.at("field"));
    }
    step("hub",
         fmt::format(
             "compared the badge's face of {}: {} are the same", name, fmt::join(fields, ", ")));
    const auto reused = shown.at("amount_minor_reused").get<std::int64_t>();
    const auto anew = shown.at("amount_minor_new").get<std::int64_t>();
    expect(reused < anew, "the reuse costs no less: " + answer.body);
    step("hub", fmt::format("used again it costs {} instead of {}", yuan(reused), yuan(anew)));
}

std::string PastPeople::reuse(const std::string& name) const
{
    compareFaces(name);
    Json wish = {{"reuse", true}};
    expectRefusal(apply(name, wish), 409, "R-147");
    step("hub", "asked whether the badge is there and undamaged, naming both fees: R-147");
    wish.update({{"confirmed", true}, {"badge_kept", true}});
    expectRefusal(apply(name, wish), 409, "D-09");
    step("hub", "takes nothing over before the person agreed for this edition: D-09");
    wish["consents"] = applicant_.consents();
    const std::string person = applied(name, wish);
    step("contact", "confirmed both; " + name + " comes with the badge of then");
    chooseCourier(person);
    return person;
}

std::string PastPeople::applyAnew(const std::string& name) const
{
    const std::string person =
        applied(name, {{"reuse", false}, {"consents", applicant_.consents()}});
    const WebAnswer photo = applicant_.hub().upload(
        applicant_.path("/persons/" + person + "/photo"), "image/png", samplePhoto());
    expect(photo.status == 200, "the new photo is not taken: " + photo.body);
    step("contact", "applied anew for " + name + ": the data of then, a new photo, a new badge");
    chooseCourier(person);
    return person;
}

WebAnswer PastPeople::save(const std::string& person, const Json& changes) const
{
    const std::string path = applicant_.path("/persons/" + person);
    const Json shown = applicant_.hub().get(path).json();
    Json form = shown.at("form");
    form.update(changes);
    return applicant_.hub().put(
        path,
        {{"form", form}},
        {{"If-Match", fmt::format("\"{}\"", shown.at("revision").get<int>())}});
}

void PastPeople::chooseCourier(const std::string& person) const
{
    const WebAnswer answer =
        save(person, {{"delivery_method", "courier"}, {"address_id", applicant_.address()}});
    expect(answer.status == 200 && answer.json().at("problems").empty(),
           "something is missing: " + answer.body);
    step("contact", "chose how the badge comes; nothing else was to be typed");
}

void PastPeople::tryPickupOnSite(const std::string& person) const
{
    const WebAnswer answer = save(person, {{"delivery_method", "onsite_pickup"}});
    expect(answer.status == 422 && answer.body.find("R-084") != std::string::npos,
           "this edition has no pickup on site: " + answer.body);
    step("hub", "this edition hands out no badges on site: refused, R-084");
}

void PastPeople::tryAnotherPhoto(const std::string& person) const
{
    const WebAnswer answer = applicant_.hub().upload(
        applicant_.path("/persons/" + person + "/photo"), "image/png", samplePhoto());
    expectRefusal(answer, 409, "R-141");
    const Json parameters = answer.json().at("parameters");
    step("hub",
         fmt::format("another photo would be another face, so a new badge for {} instead of {}: "
                     "R-141; the old one stays",
                     yuan(parameters.at("amount_minor_after").get<std::int64_t>()),
                     yuan(parameters.at("amount_minor_before").get<std::int64_t>())));
}

} // namespace demo
