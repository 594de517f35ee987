// Runs the registered CppUnit suites; `--only NAME` runs the suite registered under that name
// (the file name without _test.cpp), and with `--test METHOD` one test of it. Ends with "N passed,
// N failed"; the exit code is 0 only when something ran and nothing failed.

#include <cppunit/BriefTestProgressListener.h>
#include <cppunit/CompilerOutputter.h>
#include <cppunit/Test.h>
#include <cppunit/TestFailure.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

int run(CppUnit::Test& test)
{
    CppUnit::TestResult controller;
    CppUnit::TestResultCollector collector;
    CppUnit::BriefTestProgressListener progress;
    controller.addListener(&collector);
    controller.addListener(&progress);
    test.run(&controller);
    CppUnit::CompilerOutputter{&collector, std::cerr}.write();
    std::set<const CppUnit::Test*> failed;
    for (const CppUnit::TestFailure* failure : collector.failures()) {
        failed.insert(failure->failedTest());
    }
    const int passed = collector.runTests() - static_cast<int>(failed.size());
    std::cout << passed << " passed, " << failed.size() << " failed" << std::endl;
    return failed.empty() && passed > 0 ? 0 : 1;
}

/// The test of this method, somewhere below; null when there is none.
CppUnit::Test* findTest(CppUnit::Test& all, const std::string& method)
{
    if (all.getChildTestCount() == 0) {
        return all.getName().ends_with("::" + method) ? &all : nullptr;
    }
    for (int i = 0; i < all.getChildTestCount(); ++i) {
        if (CppUnit::Test* found = findTest(*all.getChildTestAt(i), method)) {
            return found;
        }
    }
    return nullptr;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    std::string suite;
    std::string method;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--only" && i + 1 < arguments.size()) {
            suite = arguments[++i];
        } else if (arguments[i] == "--test" && i + 1 < arguments.size()) {
            method = arguments[++i];
        } else {
            std::cerr << "usage: " << argv[0] << " [--only SUITE [--test METHOD]]\n";
            return 2;
        }
    }
    auto& registry = suite.empty() ? CppUnit::TestFactoryRegistry::getRegistry()
                                   : CppUnit::TestFactoryRegistry::getRegistry(suite);
    const std::unique_ptr<CppUnit::Test> test(registry.makeTest());
    if (test->countTestCases() == 0) {
        std::cerr << "no test is registered under \"" << suite << "\"\n";
        return 2;
    }
    if (method.empty()) {
        return run(*test);
    }
    CppUnit::Test* const one = findTest(*test, method);
    if (one == nullptr) {
        std::cerr << "no test \"" << method << "\" is registered under \"" << suite << "\"\n";
        return 2;
    }
    return run(*one);
}
