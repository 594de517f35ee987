#include "app/server.hpp"

#include "app/cli/protocol.hpp"
#include "app/hub.hpp"
#include "app/translate.hpp"
#include "base/out_of_memory.hpp"
#include "observe/log.hpp"
#include "security/hardening.hpp"

#include <Poco/Util/ServerApplication.h>

#include <csignal>
#include <exception>

#include <unistd.h>

namespace hub::app {

namespace {

const observe::Log kLog("server");

/// The store can't be trusted any more: nothing may be acknowledged, no destructor may write.
[[noreturn]] void endForRestart(const std::string& why)
{
    kLog.critical("{}; the process ends and must be started again", why);
    ::_exit(cli::kExitRestart);
}

class Server final : public Poco::Util::ServerApplication {
public:
    explicit Server(const config::Settings& settings)
        : settings_(settings)
    {}

    /// Throws what ended main(): Poco would print a class's name and end with 70, whatever it was.
    void rethrow() const
    {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

protected:
    int main(const std::vector<std::string>&) override
    {
        try {
            Hub hub(settings_, endForRestart);
            hub.start();
            waitForTerminationRequest();
            hub.stop();
            return EXIT_OK;
        } catch (...) {
            failure_ = std::current_exception();
            return EXIT_SOFTWARE;
        }
    }

private:
    const config::Settings& settings_;
    std::exception_ptr failure_;
};

} // namespace

int serve(const config::Settings& settings)
{
    security::forbidMemoryDumps();
    base::endWithoutMemory();
    std::signal(SIGPIPE, SIG_IGN);
    observe::startLogging(logSettings(settings));
    Server server(settings);
    // The command line is read already; Poco's own options are not ours.
    std::string name = "expohub";
    char* arguments[] = {name.data(), nullptr};
    const int exit = server.run(1, arguments);
    server.rethrow();
    return exit;
}

} // namespace hub::app
