#include "webdriver.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace demo {

namespace {

using Json = nlohmann::json;

Json argumentsFor(const Screen& screen, const std::string& language)
{
    return Json::array(
        {"--headless=new",
         "--no-sandbox",
         "--disable-gpu",
         "--disable-dev-shm-usage",
         "--disable-quic",
         "--no-first-run",
         "--disable-background-networking",
         "--disable-component-update",
         "--disable-sync",
         "--hide-scrollbars",
         "--ignore-certificate-errors",
         "--lang=" + language,
         "--accept-lang=" + language,
         "--window-size=" + std::to_string(screen.width) + "," + std::to_string(screen.height)});
}

Json capabilitiesFor(const Screen& screen, const std::string& language, const std::string& agent)
{
    Json options = {{"binary", "/usr/bin/chromium"},
                    {"args", argumentsFor(screen, language)},
                    {"prefs", {{"intl.accept_languages", language}}}};
    if (!agent.empty()) {
        options["args"].push_back("--user-agent=" + agent);
    }
    if (screen.is_phone) {
        options["mobileEmulation"] = {{"deviceMetrics",
                                       {{"width", screen.width},
                                        {"height", screen.height},
                                        {"pixelRatio", screen.pixel_ratio},
                                        {"mobile", true},
                                        {"touch", true}}}};
        if (!agent.empty()) {
            options["mobileEmulation"]["userAgent"] = agent;
        }
    }
    return {{"capabilities",
             {{"alwaysMatch",
               {{"browserName", "chrome"},
                {"acceptInsecureCerts", true},
                {"goog:chromeOptions", std::move(options)}}}}}};
}

void writePicture(const std::string& file, const std::string& base64)
{
    std::istringstream encoded(base64);
    Poco::Base64Decoder decoder(encoded);
    std::ofstream out(file, std::ios::binary);
    Poco::StreamCopier::copyStream(decoder, out);
    if (!out) {
        throw std::runtime_error(file + " can't be written");
    }
}

} // namespace

struct WebDriver::Process {
    Poco::Pipe output;
    Poco::ProcessHandle handle;
    std::uint16_t port = 0;

    Process()
        : handle(Poco::Process::launch("chromedriver", {"--port=0"}, nullptr, &output, &output))
    {}
};

WebDriver::WebDriver()
    : process_(std::make_unique<Process>())
{
    static const std::string kBefore = "started successfully on port ";
    Poco::PipeInputStream lines(process_->output);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find(kBefore);
        if (at != std::string::npos) {
            const char* from = line.c_str() + at + kBefore.size();
            std::from_chars(from, line.c_str() + line.size(), process_->port);
            return;
        }
    }
    throw std::runtime_error("chromedriver did not start; apt-get install chromium-driver");
}

WebDriver::~WebDriver()
{
    try {
        Poco::Process::requestTermination(process_->handle.id());
        process_->handle.wait();
    } catch (const Poco::Exception&) {
        return; // it has ended by itself
    }
}

Json WebDriver::send(const std::string& method, const std::string& path, const Json& body) const
{
    constexpr int kPatienceSeconds = 60;
    Poco::Net::HTTPClientSession session("127.0.0.1", process_->port);
    session.setTimeout(Poco::Timespan(kPatienceSeconds, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    const std::string text = method == "POST" ? body.dump() : "";
    request.setContentType("application/json; charset=utf-8");
    request.setContentLength(static_cast<std::streamsize>(text.size()));
    session.sendRequest(request) << text;
    Poco::Net::HTTPResponse response;
    std::string answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
    const Json parsed = Json::parse(answer, nullptr, false);
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK || !parsed.is_object()) {
        throw std::runtime_error("chromedriver " + path + ": " + answer.substr(0, 600));
    }
    return parsed.at("value");
}

Window::Window(const WebDriver& driver,
               const Screen& screen,
               const std::string& language,
               const std::string& agent)
    : driver_(driver)
{
    const Json made = driver_.send("POST", "/session", capabilitiesFor(screen, language, agent));
    session_ = "/session/" + made.at("sessionId").get<std::string>();
}

Window::~Window()
{
    try {
        driver_.send("DELETE", session_, {});
    } catch (const Poco::Exception&) {
        return; // the driver's end closes it, too
    } catch (const std::exception&) {
        return;
    }
}

void Window::open(const std::string& url) const
{
    driver_.send("POST", session_ + "/url", {{"url", url}});
}

std::string Window::url() const
{
    return driver_.send("GET", session_ + "/url", {}).get<std::string>();
}

std::string Window::text() const
{
    return run("return document.body ? document.body.innerText : ''").get<std::string>();
}

Json Window::run(const std::string& script) const
{
    return driver_.send(
        "POST", session_ + "/execute/sync", {{"script", script}, {"args", Json::array()}});
}

std::string Window::find(const std::string& css) const
{
    const Json element =
        driver_.send("POST", session_ + "/element", {{"using", "css selector"}, {"value", css}});
    return session_ + "/element/" + element.begin().value().get<std::string>();
}

void Window::press(const std::string& css) const
{
    // A page that changes by itself may go between the look and the click.
    constexpr int kTries = 50;
    for (int i = 1;; ++i) {
        try {
            driver_.send("POST", find(css) + "/click", Json::object());
            return;
        } catch (const std::runtime_error& problem) {
            const std::string_view text = problem.what();
            const bool is_gone = text.find("does not belong to the document") != text.npos ||
                                 text.find("stale element") != text.npos;
            if (!is_gone || i == kTries) {
                throw;
            }
        }
    }
}

void Window::savePicture(const std::string& file) const
{
    writePicture(file, driver_.send("GET", session_ + "/screenshot", {}).get<std::string>());
}

void Window::saveWholePage(const std::string& file) const
{
    const Json picture =
        driver_.send("POST",
                     session_ + "/goog/cdp/execute",
                     {{"cmd", "Page.captureScreenshot"},
                      {"params", {{"format", "png"}, {"captureBeyondViewport", true}}}});
    writePicture(file, picture.at("data").get<std::string>());
}

void Window::saveElement(const std::string& css, const std::string& file) const
{
    writePicture(file, driver_.send("GET", find(css) + "/screenshot", {}).get<std::string>());
}

} // namespace demo
