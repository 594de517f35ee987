// Child: a program in the background that ends at the latest with the benchmark. Not thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bench {

class Child {
public:
    Child() = default;
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// What it prints goes behind what is in the file. Throws std::runtime_error, as all here do.
    void start(const std::vector<std::string>& command, const std::filesystem::path& output);
    /// In good order; throws when it reports trouble by its exit code.
    void stop();
    /// Lets the time pass; throws with the end of its output when the program ends meanwhile.
    void watch(std::chrono::milliseconds time) const;
    pid_t pid() const noexcept { return pid_; }

    /// SIGTERM, and waits. Its status; 0 when it was not running.
    int end() noexcept;

private:
    std::filesystem::path output_;
    pid_t pid_ = 0;
    int alive_ = -1; // becomes readable when the program ends
};

/// Runs a shell's line to its end; what it printed. Throws unless it succeeds.
std::string outputOf(const std::string& line);

/// The whole file; nothing when it is not there.
std::string contentOf(const std::filesystem::path& file);

} // namespace bench
