// Goal: one record is one line of the file, complete JSON, masked and bounded, and the file
// rotates. Method: canaries and hostile bytes through every field, read back from the file.

#include "base/exception.hpp"
#include "base/json.hpp"
#include "observe/log.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <stdlib.h>

namespace {

using hub::observe::Level;
using hub::observe::Log;
using hub::observe::LogSettings;

class LogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogTest);
    CPPUNIT_TEST(writesStructuredJsonLines);
    CPPUNIT_TEST(keepsOneRecordOneLineWhateverIsInIt);
    CPPUNIT_TEST(leavesOutWhatIsBelowTheLevel);
    CPPUNIT_TEST(rotatesTheFile);
    CPPUNIT_TEST(keepsRecordsOfManyThreadsApart);
    CPPUNIT_TEST(refusesAFileItCannotOpen);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "hub-log-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        settings_.file = folder_ / "hub.log";
        settings_.console = false;
        hub::observe::startLogging(settings_);
    }

    void tearDown() override
    {
        LogSettings silent;
        silent.console = false;
        hub::observe::startLogging(silent);
        std::filesystem::remove_all(folder_);
    }

    void writesStructuredJsonLines()
    {
        const Log log =
            Log("gateway").withTrace("4bf92f3577b34da6a3ce929d0e0e4736").withLibrary("x");

        log.write(Level::Warning, "refused", {{"reason", "too large"}, {"api_key", "CANARY two"}});

        const auto record = hub::base::parseJson(lines().at(0)).value();
        CPPUNIT_ASSERT_EQUAL(std::string("warning"), record["level"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("gateway"), record["subsystem"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("x"), record["library"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("4bf92f3577b34da6a3ce929d0e0e4736"),
                             record["trace"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("too large"),
                             record["fields"]["reason"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("***"), record["fields"]["api_key"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{24}, record["time"].get<std::string>().size());
    }

    void keepsOneRecordOneLineWhateverIsInIt()
    {
        const std::string hostile = "x\r\n{\"level\":\"info\"}\n\x1b[2J\x07\xff password=CANARY\n" +
                                    std::string(2 * 1024 * 1024, 'A') + "CANARY";

        Log("a").withTrace(hostile).withLibrary(hostile).write(
            Level::Error, hostile, {{"field", hostile}});

        const std::vector<std::string> written = lines();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, written.size());
        CPPUNIT_ASSERT(written[0].size() < 50000);
        CPPUNIT_ASSERT(written[0].find("CANARY") == std::string::npos);
        CPPUNIT_ASSERT(written[0].find('\x1b') == std::string::npos);
        CPPUNIT_ASSERT(hub::base::parseJson(written[0]).ok());
    }

    void leavesOutWhatIsBelowTheLevel()
    {
        Log("a").debug("not {}", "this");
        Log("a").info("but {}", "this");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lines().size());
    }

    void rotatesTheFile()
    {
        settings_.file_bytes_max = 4096;
        settings_.files_max = 2;
        hub::observe::startLogging(settings_);

        for (int i = 0; i < 200; ++i) {
            Log("a").info("record number {}", i);
        }

        CPPUNIT_ASSERT(std::filesystem::file_size(settings_.file) <= 4096);
        CPPUNIT_ASSERT(std::filesystem::exists(folder_ / "hub.1.log"));
        CPPUNIT_ASSERT(std::filesystem::exists(folder_ / "hub.2.log"));
        CPPUNIT_ASSERT(!std::filesystem::exists(folder_ / "hub.3.log"));
    }

    void keepsRecordsOfManyThreadsApart()
    {
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([this] {
                for (int record = 0; record < 100; ++record) {
                    Log("a").info("record {} with some length to it", record);
                }
                hub::observe::startLogging(settings_);
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }

        const std::vector<std::string> written = lines();
        CPPUNIT_ASSERT_EQUAL(std::size_t{400}, written.size());
        for (const std::string& line : written) {
            CPPUNIT_ASSERT_MESSAGE(line, hub::base::parseJson(line).ok());
        }
    }

    void refusesAFileItCannotOpen()
    {
        LogSettings settings;
        settings.file = "/proc/nowhere/hub.log";

        CPPUNIT_ASSERT_THROW(hub::observe::startLogging(settings), hub::base::Failure);
    }

private:
    std::vector<std::string> lines() const
    {
        std::ifstream file(settings_.file);
        std::vector<std::string> all;
        for (std::string line; std::getline(file, line);) {
            all.push_back(line);
        }
        return all;
    }

    std::filesystem::path folder_;
    LogSettings settings_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(LogTest, "log");
