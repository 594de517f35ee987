// Browser: what a person's browser does with our pages and a provider's: follows redirections,
// reads forms and links, submits them. It runs no script, so what a page's script would press is
// pressed by whoever holds it.
#pragma once

#include "web_client.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace demo {

/// A form, a link or a button with data of its own.
struct Element {
    std::string tag; // form, a, button
    std::map<std::string, std::string> attributes;
    std::map<std::string, std::string> fields; // a form's hidden inputs
};

struct Page {
    std::string url;
    int status = 0;
    std::string html;
    std::vector<Element> elements;

    bool says(const std::string& text) const { return html.find(text) != std::string::npos; }
    /// The first with that attribute.
    const Element* withAttribute(const std::string& name) const;
    /// The first form whose action ends so.
    const Element* formTo(const std::string& ending) const;
    /// The first form whose hidden input has that value.
    const Element* formWith(const std::string& name, const std::string& value) const;
};

class Browser {
public:
    Browser(const std::string& ca_file, std::string agent, std::string language = "en");

    const Page& open(const std::string& url);
    const Page& submit(const Element& form);
    const Page& reload() { return open(page_.url); }
    const Page& page() const noexcept { return page_; }

private:
    const Page& go(const std::string& method, std::string url, const std::string& form);

    WebClient client_;
    std::map<std::string, std::string> headers_;
    Page page_;
};

std::string toForm(const std::map<std::string, std::string>& fields);
/// "https://127.0.0.1:8443".
std::string originOf(const std::string& url);

} // namespace demo
