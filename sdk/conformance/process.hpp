// One child process: started, listened to line by line, ended. What it forks goes with it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace hub::conformance {

/// Created, asked and destroyed by one thread, because a host dies with the thread that started it.
class Process {
public:
    using LineSink = std::function<void(const std::string&)>;

    struct Ending {
        std::optional<int> exit_code; // empty: a signal ended it
        std::string text;
    };

    /// `line` hears stdout and stderr, on a thread of this object. Throws std::runtime_error.
    Process(const std::filesystem::path& program,
            std::vector<std::string> arguments,
            std::vector<std::string> environment,
            LineSink line);
    /// Kills what still runs.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const noexcept { return pid_; }
    /// Empty when it still runs after `patience`.
    std::optional<Ending> wait(std::chrono::milliseconds patience);
    void signal(int number) noexcept;
    /// After the end: waits until everything that was written has been heard.
    void finishOutput();
    /// The last line that it wrote; empty when there is none.
    std::string lastLine();
    /// The first line that begins so; empty after `patience` or at the end of the output.
    std::string waitForLine(const std::string& start, std::chrono::milliseconds patience);

private:
    void read();

    pid_t pid_ = -1;
    int watch_ = -1;  // pidfd
    int output_ = -1; // both streams, so that the order is kept
    LineSink line_;
    std::optional<Ending> ending_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    bool closed_ = false;
    std::thread reader_;
};

} // namespace hub::conformance
