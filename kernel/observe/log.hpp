// Log: what people read about the running hub. One record is one line, bounded in length, masked
// where it is built; JSON lines in a rotating file, readable text on the console.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace hub::observe {

/// The values of the ABI's log levels.
enum class Level { Trace, Debug, Info, Warning, Error, Critical };

struct LogSettings {
    std::filesystem::path file; // empty: none
    std::size_t file_bytes_max = std::size_t{64} * 1024 * 1024;
    std::size_t files_max = 8;
    bool console = true; // on standard error
    bool console_json = false;
    Level level = Level::Info;
    std::size_t record_bytes_max = 8192; // of the message, and of each field
};

/// Replaces what was set before; until then records go to the console. Throws base::Failure
/// when the file can't be opened. Thread-safe.
void startLogging(const LogSettings& settings);

/// Where a part of the hub writes to. A value: copy it and narrow it. Thread-safe.
class Log {
public:
    using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    explicit Log(std::string subsystem)
        : subsystem_(std::move(subsystem))
    {}

    Log withTrace(std::string_view trace) const;
    Log withLibrary(std::string_view library) const;

    template <typename... Arguments>
    void debug(fmt::format_string<Arguments...> text, Arguments&&... values) const
    {
        write(Level::Debug, fmt::format(text, std::forward<Arguments>(values)...));
    }
    template <typename... Arguments>
    void info(fmt::format_string<Arguments...> text, Arguments&&... values) const
    {
        write(Level::Info, fmt::format(text, std::forward<Arguments>(values)...));
    }
    template <typename... Arguments>
    void warning(fmt::format_string<Arguments...> text, Arguments&&... values) const
    {
        write(Level::Warning, fmt::format(text, std::forward<Arguments>(values)...));
    }
    template <typename... Arguments>
    void error(fmt::format_string<Arguments...> text, Arguments&&... values) const
    {
        write(Level::Error, fmt::format(text, std::forward<Arguments>(values)...));
    }
    template <typename... Arguments>
    void critical(fmt::format_string<Arguments...> text, Arguments&&... values) const
    {
        write(Level::Critical, fmt::format(text, std::forward<Arguments>(values)...));
    }

    /// Message and fields are masked and made printable here.
    void write(Level level, std::string_view message, Fields fields = {}) const;

private:
    std::string subsystem_;
    std::string trace_;
    std::string library_;
};

} // namespace hub::observe
