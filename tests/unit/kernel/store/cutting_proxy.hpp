// CuttingProxy: stands between the hub and PostgreSQL on a Unix socket and, when armed, passes one
// COMMIT on, waits for the server's answer, and cuts the connection instead of passing that back.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace hub::store::test {

class CuttingProxy {
public:
    /// Makes `<folder>/.s.PGSQL.5432`, which leads to the same of `server`.
    CuttingProxy(const std::filesystem::path& folder, const std::filesystem::path& server);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    /// The next COMMIT is answered to the proxy only.
    void cutNextCommit() { armed_.store(true); }
    /// While closed, connections are cut before they reach the server.
    void close(bool closed) { closed_.store(closed); }
    bool cut() const { return cut_.load(); }

private:
    struct Pair {
        int client;
        int server;
        bool cutting = false;
    };

    void run();
    void accept();
    bool forward(Pair& pair, bool from_client);

    std::filesystem::path server_;
    int listener_ = -1;
    int wake_[2] = {-1, -1};
    std::atomic<bool> armed_{false};
    std::atomic<bool> closed_{false};
    std::atomic<bool> cut_{false};
    std::vector<Pair> pairs_;
    std::thread thread_;
};

} // namespace hub::store::test
