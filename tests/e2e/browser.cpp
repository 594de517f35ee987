#include "browser.hpp"

#include <Poco/URI.h>

#include <regex>
#include <stdexcept>
#include <utility>

namespace demo {

namespace {

constexpr int kRedirectsMax = 8;

std::string unescape(std::string text)
{
    constexpr std::pair<const char*, const char*> kSigns[] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
    for (const auto& [escaped, sign] : kSigns) {
        for (auto at = text.find(escaped); at != std::string::npos;
             at = text.find(escaped, at + 1)) {
            text.replace(at, std::string(escaped).size(), sign);
        }
    }
    return text;
}

std::map<std::string, std::string> attributesOf(const std::string& tag)
{
    static const std::regex kAttribute(R"re(([a-z-]+)(?:="([^"]*)")?)re");
    std::map<std::string, std::string> attributes;
    for (std::sregex_iterator one(tag.begin(), tag.end(), kAttribute), end; one != end; ++one) {
        attributes.emplace((*one)[1], unescape((*one)[2]));
    }
    return attributes;
}

/// In their order; an input belongs to the form before it.
std::vector<Element> elementsOf(const std::string& html)
{
    static const std::regex kTag(R"re(<(form|a|button|input)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>)re");
    std::vector<Element> elements;
    for (std::sregex_iterator tag(html.begin(), html.end(), kTag), end; tag != end; ++tag) {
        Element element{(*tag)[1], attributesOf((*tag)[2]), {}};
        if (element.tag != "input") {
            elements.push_back(std::move(element));
            continue;
        }
        for (auto form = elements.rbegin(); form != elements.rend(); ++form) {
            if (form->tag == "form") {
                form->fields[element.attributes["name"]] = element.attributes["value"];
                break;
            }
        }
    }
    return elements;
}

std::string resolve(const std::string& base, const std::string& address)
{
    return Poco::URI(Poco::URI(base), address).toString();
}

} // namespace

const Element* Page::withAttribute(const std::string& name) const
{
    for (const Element& element : elements) {
        if (element.attributes.count(name) != 0) {
            return &element;
        }
    }
    return nullptr;
}

const Element* Page::formTo(const std::string& ending) const
{
    for (const Element& element : elements) {
        const auto action = element.attributes.find("action");
        if (element.tag == "form" && action != element.attributes.end() &&
            action->second.ends_with(ending)) {
            return &element;
        }
    }
    return nullptr;
}

const Element* Page::formWith(const std::string& name, const std::string& value) const
{
    for (const Element& element : elements) {
        const auto field = element.fields.find(name);
        if (field != element.fields.end() && field->second == value) {
            return &element;
        }
    }
    return nullptr;
}

Browser::Browser(const std::string& ca_file, std::string agent, std::string language)
    : client_("", ca_file, "")
    , headers_{{"User-Agent", std::move(agent)}, {"Accept-Language", std::move(language)}}
{}

const Page& Browser::open(const std::string& url)
{
    return go("GET", url, "");
}

const Page& Browser::submit(const Element& form)
{
    const std::string url = resolve(page_.url, form.attributes.at("action"));
    const auto method = form.attributes.find("method");
    const bool is_post =
        method != form.attributes.end() && (method->second == "post" || method->second == "POST");
    const std::string fields = toForm(form.fields);
    return is_post ? go("POST", url, fields)
                   : go("GET", fields.empty() ? url : url + "?" + fields, "");
}

const Page& Browser::go(const std::string& method, std::string url, const std::string& form)
{
    bool is_post = method == "POST";
    for (int hop = 0; hop <= kRedirectsMax; ++hop) {
        const std::string address = url.substr(0, url.find('#'));
        const WebAnswer answer =
            is_post ? client_.postForm(address, form, headers_) : client_.get(address, headers_);
        if (answer.location.empty()) {
            page_ = {address, answer.status, answer.body, elementsOf(answer.body)};
            return page_;
        }
        url = resolve(address, answer.location);
        is_post = false;
    }
    throw std::runtime_error(url + " leads on and on");
}

std::string toForm(const std::map<std::string, std::string>& fields)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        for (const std::string* part : {&name, &value}) {
            text += part == &value ? "=" : text.empty() ? "" : "&";
            Poco::URI::encode(*part, "!*'();:@&=+$,/?#[]\"", text);
        }
    }
    return text;
}

std::string originOf(const std::string& url)
{
    return url.substr(0, url.find('/', std::string("https://").size()));
}

} // namespace demo
