// Goal: the simulated power cut takes what was not synced, keeps what was, and sees every change
// or says that it did not. Method: a program changes files in one way each below the preloaded
// library; then the power is cut, and what is left is compared.

#include "powercut/disk.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using powercut::Disk;
using powercut::Survival;

bool isVolatile(const std::string& name)
{
    return name.size() > 4 && name.compare(name.size() - 4, 4, "-shm") == 0;
}

class Computer {
public:
    Computer()
    {
        std::string form = (fs::temp_directory_path() / "hub-powercut-XXXXXX").string();
        CPPUNIT_ASSERT(::mkdtemp(form.data()) != nullptr);
        top_ = fs::canonical(form);
        fs::create_directory(folder());
        std::ofstream(folder() / "old") << "old";
        std::ofstream(log()).flush();
    }
    ~Computer() { fs::remove_all(top_); }
    Computer(const Computer&) = delete;
    Computer& operator=(const Computer&) = delete;

    fs::path folder() const { return top_ / "data"; }

    /// What the action left on the disk.
    Disk run(const std::string& action)
    {
        Disk disk(folder(), &isVolatile);
        const fs::path build = std::getenv("HUB_BUILD_DIR");
        const std::vector<std::string> command = {"/usr/bin/env",
                                                  "LD_PRELOAD=" +
                                                      (build / "tests/hub_powercut.so").string(),
                                                  "HUB_POWERCUT_FOLDER=" + folder().string(),
                                                  "HUB_POWERCUT_LOG=" + log().string(),
                                                  build / "tests/powercut-writer",
                                                  folder(),
                                                  action};
        std::vector<char*> arguments;
        for (const std::string& argument : command) {
            arguments.push_back(const_cast<char*>(argument.c_str()));
        }
        arguments.push_back(nullptr);
        const pid_t child = ::fork();
        if (child == 0) {
            ::execv(arguments.front(), arguments.data());
            ::_exit(127);
        }
        int status = -1;
        ::waitpid(child, &status, 0);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(action, 0, status);
        disk.replay(log());
        return disk;
    }

    /// "-": there is no such file.
    std::string text(const std::string& name) const
    {
        std::ifstream file(folder() / name);
        std::ostringstream text;
        text << file.rdbuf();
        return file ? text.str() : "-";
    }

private:
    fs::path log() const { return top_ / "log"; }

    fs::path top_;
};

struct Row {
    const char* action;
    const char* file;
    const char* left;
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> kRows = {
        // action                     file           left
        {"overwrite", "old", "old"},
        {"overwrite, sync", "old", "new"},
        {"create, sync file alone", "made", "-"},
        {"create, sync", "made", "new"},
        {"creat, sync", "made", "new"},
        {"openat, sync", "made", "new"},
        {"writev, sync", "made", "newnew"},
        {"copies, sync", "made", "oldold"},
        {"fopen, sync", "made", "new"},
        {"ofstream", "made", "-"},
        {"ofstream, sync", "made", "new"},
        {"mkstemp, sync", "made", "new"},
        {"rename", "old", "old"},
        {"rename", "made", "-"},
        {"rename, sync", "old", "-"},
        {"rename, sync", "made", "old"},
        {"link, sync", "made", "old"},
        {"unlink", "old", "old"},
        {"unlink, sync", "old", "-"},
        {"truncate", "old", "old"},
        {"truncate, sync", "old", "o"},
        {"open to truncate, sync", "old", "new"},
        {"mkdir", "folder/made", "-"},
        {"mkdir, sync", "folder/made", "new"},
    };
    return kRows;
}

/// Rows that are left, or -1 when the database is damaged.
int rowsLeft(const fs::path& file)
{
    sqlite3* database = nullptr;
    int rows = -1;
    const auto number = [](void* result, int, char** values, char**) {
        *static_cast<int*>(result) = std::atoi(values[0]); // NOLINT(cert-err34-c)
        return 0;
    };
    if (sqlite3_open(file.c_str(), &database) != SQLITE_OK ||
        sqlite3_exec(database, "SELECT count(*) FROM row", number, &rows, nullptr) != SQLITE_OK) {
        rows = -1;
    }
    sqlite3_close(database);
    return rows;
}

class PowercutTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PowercutTest);
    CPPUNIT_TEST(keepsWhatWasSyncedAndNothingElse);
    CPPUNIT_TEST(letsSomePagesSurviveBySeed);
    CPPUNIT_TEST(reportsWhatItDoesNotSee);
    CPPUNIT_TEST(losesRowsOfDatabasesThatDoNotSync);
    CPPUNIT_TEST_SUITE_END();

public:
    void keepsWhatWasSyncedAndNothingElse()
    {
        for (const Row& row : rows()) {
            Computer computer;
            const Disk disk = computer.run(row.action);
            const auto escaped = disk.escaped();
            CPPUNIT_ASSERT_MESSAGE(std::string(row.action) + ": " +
                                       (escaped.empty() ? "" : escaped.front()),
                                   escaped.empty());

            disk.cut(Survival{});

            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.action, std::string(row.left), computer.text(row.file));
        }
    }

    void letsSomePagesSurviveBySeed()
    {
        constexpr std::size_t kPages = 98; // of 400,000 bytes
        Computer computer;
        const Disk disk = computer.run("many pages");
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{kPages}, disk.unsyncedPages());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, disk.unsyncedPages("other"));
        const auto survivors = [&](std::uint64_t seed) {
            disk.cut({.seed = seed, .percent = 50});
            return computer.text("made");
        };

        const std::string one = survivors(1);
        const auto bytes = static_cast<std::size_t>(std::count(one.begin(), one.end(), 'x'));

        CPPUNIT_ASSERT(bytes > kPages * 4096 / 4);
        CPPUNIT_ASSERT(bytes < kPages * 4096 * 3 / 4);
        CPPUNIT_ASSERT(one == survivors(1));
        CPPUNIT_ASSERT(one != survivors(2));
    }

    void reportsWhatItDoesNotSee()
    {
        for (const char* action : {"mmap", "unseen write", "unseen creation", "unseen unlink"}) {
            Computer computer;
            CPPUNIT_ASSERT_MESSAGE(action, !computer.run(action).escaped().empty());
        }
    }

    void losesRowsOfDatabasesThatDoNotSync()
    {
        constexpr int kRows = 50;
        Computer careful;
        careful.run("rows, synchronous=FULL").cut(Survival{});
        CPPUNIT_ASSERT_EQUAL(kRows, rowsLeft(careful.folder() / "rows.db"));

        Computer careless;
        careless.run("rows, synchronous=OFF").cut(Survival{});
        CPPUNIT_ASSERT(rowsLeft(careless.folder() / "rows.db") < kRows);
    }
};

HUB_TEST_SUITE_REGISTRATION(PowercutTest, "powercut");

} // namespace
