#include "observe/log.hpp"

#include "base/exception.hpp"
#include "base/json.hpp"
#include "observe/mask.hpp"

#include <fmt/chrono.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <chrono>
#include <memory>
#include <mutex>

namespace hub::observe {

namespace {

constexpr std::array<std::string_view, 6> kLevelNames = {
    "trace", "debug", "info", "warning", "error", "critical"};

/// The loggers are never in spdlog's registry: that is shared with every loaded library.
struct Outputs {
    LogSettings settings;
    std::shared_ptr<spdlog::logger> file;
    std::shared_ptr<spdlog::logger> console;
};

std::shared_ptr<spdlog::logger> makeLogger(spdlog::sink_ptr sink)
{
    auto logger = std::make_shared<spdlog::logger>("hub", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    // A record that only a later one would push out is lost when the process is killed.
    logger->flush_on(spdlog::level::trace);
    return logger;
}

std::shared_ptr<const Outputs> makeOutputs(const LogSettings& settings)
{
    auto outputs = std::make_shared<Outputs>();
    outputs->settings = settings;
    if (!settings.file.empty()) {
        try {
            outputs->file = makeLogger(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
                settings.file.string(), settings.file_bytes_max, settings.files_max));
        } catch (const spdlog::spdlog_ex& problem) {
            throw base::Failure(HUB_UNAVAILABLE,
                                "the log file {} can't be opened ({}): make its folder writable "
                                "for the hub or name another file",
                                settings.file.string(),
                                problem.what());
        }
    }
    if (settings.console) {
        outputs->console = makeLogger(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    }
    return outputs;
}

class Current {
public:
    std::shared_ptr<const Outputs> get()
    {
        const std::lock_guard lock(mutex_);
        return outputs_;
    }

    void set(std::shared_ptr<const Outputs> outputs)
    {
        const std::lock_guard lock(mutex_);
        outputs_ = std::move(outputs);
    }

private:
    std::mutex mutex_;
    std::shared_ptr<const Outputs> outputs_ = makeOutputs({});
};

/// Never destroyed: threads may still log while the process ends.
Current& current()
{
    static auto* const instance = new Current;
    return *instance;
}

struct Record {
    std::string time;
    std::string_view level;
    std::string subsystem;
    std::string trace;
    std::string library;
    std::string message;
    std::vector<std::pair<std::string, std::string>> fields;
};

std::string nowText()
{
    const auto now = std::chrono::system_clock::now();
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() %
        1000;
    return fmt::format(
        "{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms);
}

std::string toJsonLine(const Record& record)
{
    nlohmann::ordered_json line;
    line["time"] = record.time;
    line["level"] = record.level;
    line["subsystem"] = record.subsystem;
    if (!record.library.empty()) {
        line["library"] = record.library;
    }
    if (!record.trace.empty()) {
        line["trace"] = record.trace;
    }
    line["message"] = record.message;
    for (const auto& [name, value] : record.fields) {
        line["fields"][name] = value;
    }
    return line.dump();
}

std::string toTextLine(const Record& record)
{
    std::string line = fmt::format("{} {:<8} {:<9} ", record.time, record.level, record.subsystem);
    if (!record.library.empty()) {
        line += "[" + record.library + "] ";
    }
    line += record.message;
    for (const auto& [name, value] : record.fields) {
        line += " " + name + "=" + value;
    }
    if (!record.trace.empty()) {
        line += " trace=" + record.trace;
    }
    return line;
}

} // namespace

void startLogging(const LogSettings& settings)
{
    current().set(makeOutputs(settings));
}

Log Log::withTrace(std::string_view trace) const
{
    Log narrowed = *this;
    narrowed.trace_ = trace;
    return narrowed;
}

Log Log::withLibrary(std::string_view library) const
{
    Log narrowed = *this;
    narrowed.library_ = library;
    return narrowed;
}

void Log::write(Level level, std::string_view message, Fields fields) const
{
    const std::shared_ptr<const Outputs> outputs = current().get();
    const std::size_t bytes_max = outputs->settings.record_bytes_max;
    if (level < outputs->settings.level || (!outputs->file && !outputs->console)) {
        return;
    }
    const auto clean = [bytes_max](std::string_view text) {
        return oneLine(maskText(text), bytes_max);
    };
    Record record{nowText(),
                  kLevelNames.at(static_cast<std::size_t>(level)),
                  subsystem_,
                  clean(trace_),
                  clean(library_),
                  clean(message),
                  {}};
    for (const auto& [name, value] : fields) {
        record.fields.emplace_back(name, isSecretName(name) ? "***" : clean(value));
    }
    if (outputs->file) {
        outputs->file->log(spdlog::level::info, toJsonLine(record));
    }
    if (outputs->console) {
        outputs->console->log(spdlog::level::info,
                              outputs->settings.console_json ? toJsonLine(record)
                                                             : toTextLine(record));
    }
}

} // namespace hub::observe
