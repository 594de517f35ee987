// WebDriver: Chromium, driven as the W3C's WebDriver says, through Debian's chromedriver.
#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace demo {

struct Screen {
    int width = 0;
    int height = 0;
    int pixel_ratio = 1;
    bool is_phone = false;
};

inline constexpr Screen kPhoneScreen{390, 844, 2, true};
inline constexpr Screen kDesktopScreen{1180, 860, 1, false};

/// The program that starts browsers; it ends with this object.
class WebDriver {
public:
    /// Throws std::runtime_error when chromedriver is not there.
    WebDriver();
    ~WebDriver();
    WebDriver(const WebDriver&) = delete;
    WebDriver& operator=(const WebDriver&) = delete;

    /// The answer's value; throws std::runtime_error with the driver's words.
    nlohmann::json
    send(const std::string& method, const std::string& path, const nlohmann::json& body) const;

private:
    struct Process;
    std::unique_ptr<Process> process_;
};

/// One browser with a profile of its own; closed with this object.
class Window {
public:
    /// `agent` empty: Chromium's own.
    Window(const WebDriver& driver,
           const Screen& screen,
           const std::string& language,
           const std::string& agent = {});
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    void open(const std::string& url) const;
    std::string url() const;
    /// What is to be read on the page.
    std::string text() const;
    /// Runs a function's body in the page.
    nlohmann::json run(const std::string& script) const;
    /// Presses the first element that fits; throws when there is none.
    void press(const std::string& css) const;
    void savePicture(const std::string& file) const;
    void saveWholePage(const std::string& file) const;
    void saveElement(const std::string& css, const std::string& file) const;

private:
    std::string find(const std::string& css) const;

    const WebDriver& driver_;
    std::string session_;
};

} // namespace demo
