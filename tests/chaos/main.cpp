// expohub-chaos: puts a hub under load, breaks something, lets it heal and counts what was lost,
// doubled, forged or out of order.

#include "fault.hpp"
#include "prove.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SSLManager.h>

#include <csignal>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

using namespace chaos;

int runOne(const Fault& fault, Options options)
{
    if (!fault.takes_load && options.load != Options{}.load) {
        throw std::invalid_argument(std::string("--fault ") + fault.name +
                                    " brings its own load; leave --load out");
    }
    options.rounds = options.rounds != 0 ? options.rounds : fault.full_rounds;
    return fault.run(options);
}

/// A few rounds of each; goes on after a failure, so that one look shows all.
int runAllShort(Options options)
{
    int code = 0;
    for (const Fault* fault : faults()) {
        options.rounds = fault->short_rounds;
        if (runOne(*fault, options) != 0) {
            std::cout << fault->name << " FAILED\n";
            code = 1;
        }
        std::cout << std::endl;
    }
    return code;
}

int runChosen(const Options& options)
{
    if (options.prove) {
        return prove(options, std::filesystem::read_symlink("/proc/self/exe"));
    }
    return options.fault == "all-short" ? runAllShort(options)
                                        : runOne(findFault(options.fault), options);
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Poco::Net::initializeSSL();
    int code = 2;
    try {
        code = runChosen(readOptions({argv + 1, argv + argc}));
    } catch (const Poco::Exception& failure) {
        std::cerr << "expohub-chaos: " << failure.displayText() << "\n";
    } catch (const std::exception& failure) {
        std::cerr << "expohub-chaos: " << failure.what() << "\n";
    }
    Poco::Net::uninitializeSSL();
    return code;
}
