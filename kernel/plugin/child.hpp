// Child: one spawned process with its output. Started with a clean environment, in a process
// group of its own, with no descriptor of ours but its output.
#pragma once

#include <hub/result.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace hub::plugin {

/// Cuts a stream of bytes into lines of bounded length.
class LineReader {
public:
    void take(std::string_view bytes, const std::function<void(std::string_view)>& line);
    /// What is left when the stream ends.
    void finish(const std::function<void(std::string_view)>& line);

private:
    std::string rest_;
};

/// Belongs to one thread, which must live as long as the process: a host dies with the thread
/// that started it.
class Child {
public:
    using LineSink = std::function<void(std::string_view)>;

    /// `environment` holds "NAME=value". The error names the program.
    static Result<std::unique_ptr<Child>> spawn(const std::filesystem::path& program,
                                                const std::vector<std::string>& environment,
                                                const std::vector<std::string>& arguments = {});
    /// Kills what is still alive of the process group, and waits for the process.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const noexcept { return pid_; }
    /// For poll(): readable when the process has ended.
    int pidDescriptor() const noexcept { return pid_descriptor_; }
    /// For poll(); -1 when the stream ended.
    int output(int index) const noexcept { return streams_[index].descriptor; }

    /// Reads what is there of both streams.
    void readOutput(const LineSink& line);
    /// What is left of both streams, after the process has ended.
    void finishOutput(const LineSink& line);
    void signalGroup(int signal) noexcept;

    struct Ending {
        std::optional<int> exit_code; // empty: ended by a signal
        std::string text;             // "exited with code 1", "was ended by signal 11 (SEGV)"
    };
    /// Empty while it runs.
    std::optional<Ending> reap();

private:
    struct Stream {
        int descriptor = -1;
        LineReader reader;
    };

    Child() = default;

    pid_t pid_ = -1;
    int pid_descriptor_ = -1;
    bool reaped_ = false;
    Stream streams_[2];
};

} // namespace hub::plugin
