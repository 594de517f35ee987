// Goal: what can't be restored whole is refused with its reason, and the hub that was there is as
// it was; what was erased stays so. Method: the real program on real backups, damaged on purpose.
#include "backup_fixture.hpp"

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace hub::test {

namespace {

class BackupRefusalsTest : public BackupFixture {
    CPPUNIT_TEST_SUITE(BackupRefusalsTest);
    CPPUNIT_TEST(whatDoesNotFitIsRefusedAndNothingIsRestored);
    CPPUNIT_TEST(aBackupNeedsItsMasterKey);
    CPPUNIT_TEST(aDamagedBackupIsRefused);
    CPPUNIT_TEST(aBackupOfANewerHubIsRefused);
    CPPUNIT_TEST(aFolderWithSomethingInItIsLeftAlone);
    CPPUNIT_TEST(anErasedPersonStaysSo);
    CPPUNIT_TEST_SUITE_END();

    fs::path contracts_;

    /// With a plugin of the tests that keeps personal values.
    void startWithPersons()
    {
        const char* source = std::getenv("HUB_SOURCE_DIR");
        const fs::path from(source == nullptr ? "." : source);
        std::string name = (fs::temp_directory_path() / "hub-contracts-XXXXXX").string();
        CPPUNIT_ASSERT(::mkdtemp(name.data()) != nullptr);
        contracts_ = name;
        fs::copy(from / "sdk/contracts", contracts_);
        fs::copy(from / "tests/integration/hub/contracts", contracts_);
        HubOptions options;
        options.settings.push_back("contracts.folder = " + contracts_.string());
        hub_ = std::make_unique<HubProcess>(options);
        for (const char* library : {"test_stock", "test_report"}) {
            hub_->configure(library, {{"library", library}, {"enabled", true}});
        }
        hub_->startSimulator();
        hub_->start();
    }

    void add(const std::string& name, const std::string& buyer) const
    {
        const ApiAnswer answer =
            hub_->post("/api/v1/test-stock",
                       {{"name", name}, {"pieces", 1}, {"buyer", buyer}, {"phone", "13800000001"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 200, answer.status);
    }

    std::string phoneOf(const std::string& name) const
    {
        return hub_->get("/api/v1/test-stock/" + name).body.at("phone").get<std::string>();
    }

    void erase(const std::string& person) const
    {
        const ApiAnswer answer = hub_->post("/api/v1/test-erasures", {{"person", person}});
        CPPUNIT_ASSERT_MESSAGE(answer.body.dump(), answer.body.at("fresh").get<bool>());
    }

    void backUpWithPersons(const std::string& folder) const
    {
        const ProgramEnd end = hub_->command(
            {"backup", "--to", place(folder), "--persons-to", place(folder + "-persons")});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.error, 0, end.code);
    }

    void restoreWithPersons(const std::string& from, const std::string& persons) const
    {
        const ProgramEnd end = hub_->command({"restore",
                                              "--from",
                                              place(from),
                                              "--persons-from",
                                              place(persons + "-persons"),
                                              "--replace"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.error, 0, end.code);
        hub_->start();
    }

    fs::path store() const { return hub_->folder() / "hub/store"; }

    /// Every file of the data folder with its content; nothing beside it.
    std::map<std::string, std::string> dataFolder() const
    {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(store())) {
            if (entry.is_regular_file() && entry.path().filename() != "hub.lock") {
                files[entry.path().string()] = readFile(entry.path());
            }
        }
        for (const auto& entry : fs::directory_iterator(store().parent_path())) {
            const std::string name = entry.path().filename().string();
            if (name != "store" && name.rfind("store", 0) == 0) {
                files[entry.path().string()] = "";
            }
        }
        files["epoch"] = fs::exists(store().parent_path() / "secrets/store.epoch") ? "raised" : "";
        return files;
    }

    void assertRefused(const std::string& backup, const std::vector<std::string>& words) const
    {
        const auto before = dataFolder();
        const ProgramEnd end = hub_->command({"restore", "--from", place(backup), "--replace"});
        CPPUNIT_ASSERT_MESSAGE(end.output, end.code != 0);
        for (const std::string& word : words) {
            CPPUNIT_ASSERT_MESSAGE(end.error, end.error.find(word) != std::string::npos);
        }
        CPPUNIT_ASSERT_MESSAGE("something was restored", dataFolder() == before);
    }

    void change(const fs::path& file, const std::string& sql) const
    {
        sqlite3* handle = nullptr;
        const bool done = sqlite3_open(file.c_str(), &handle) == SQLITE_OK &&
                          sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
        const std::string why = sqlite3_errmsg(handle);
        sqlite3_close(handle);
        CPPUNIT_ASSERT_MESSAGE(why, done);
    }

    void stopAndBackUp(const std::string& folder) const
    {
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        const ProgramEnd backup = hub_->command({"backup", "--to", place(folder)});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(backup.error, 0, backup.code);
    }

public:
    void tearDown() override
    {
        hub_.reset();
        std::error_code ignored;
        fs::remove_all(contracts_, ignored);
    }

    void whatDoesNotFitIsRefusedAndNothingIsRestored()
    {
        const Opened paid = openAndPaid("before");
        const ProgramEnd same =
            hub_->command({"backup", "--to", place("backup"), "--persons-to", place("backup")});
        CPPUNIT_ASSERT_EQUAL(1, same.code);
        CPPUNIT_ASSERT_MESSAGE(same.error, same.error.find("persons") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"backup", "--to", place("backup")}).code);
        CPPUNIT_ASSERT(!fs::exists(place("backup.partial")));
        const ProgramEnd twice = hub_->command({"backup", "--to", place("backup")});
        CPPUNIT_ASSERT(twice.code != 0);
        CPPUNIT_ASSERT_MESSAGE(twice.error, twice.error.find("not there") != std::string::npos);
        const ProgramEnd running =
            hub_->command({"restore", "--from", place("backup"), "--replace"});
        CPPUNIT_ASSERT(running.code != 0);
        CPPUNIT_ASSERT_MESSAGE(running.error,
                               running.error.find("held by another hub") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        // Offline, too.
        const ProgramEnd offline = hub_->command({"backup", "--to", place("offline")});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(offline.error, 0, offline.code);

        const std::string store = place("offline") + "/store/hub.db";
        std::string bytes = readFile(store);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        writeFile(store, bytes);
        const ProgramEnd changed =
            hub_->command({"restore", "--from", place("offline"), "--replace"});
        CPPUNIT_ASSERT(changed.code != 0);
        CPPUNIT_ASSERT_MESSAGE(changed.error,
                               changed.error.find("was changed") != std::string::npos);
        fs::remove(store);
        const ProgramEnd missing =
            hub_->command({"restore", "--from", place("offline"), "--replace"});
        CPPUNIT_ASSERT_MESSAGE(missing.error,
                               missing.error.find("is missing") != std::string::npos);

        hub_->start();
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), stateOf(paid));
        CPPUNIT_ASSERT_EQUAL(200, hub_->request("GET", "/readyz").status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             hub_->ask({"audit", "list", "--action", "store.backed_up"}).size());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"audit", "verify"}).code);
    }

    void aBackupNeedsItsMasterKey()
    {
        const Opened paid = openAndPaid("before");
        stopAndBackUp("backup");
        const fs::path key = hub_->folder() / "hub/master.key";
        const std::string right = readFile(key);
        std::string wrong = right;
        wrong[0] = wrong[0] == '0' ? '1' : '0';
        writeFile(key, wrong);
        assertRefused("backup", {place("backup"), "needs another master key"});
        writeFile(key, right);
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), stateOf(paid));
        CPPUNIT_ASSERT_EQUAL(200, hub_->request("GET", "/readyz").status);
    }

    void aDamagedBackupIsRefused()
    {
        stopAndBackUp("backup");
        const std::string file = place("backup") + "/store/hub.db";
        const std::string whole = readFile(file);
        for (const std::size_t at : {std::size_t{0}, whole.size() / 3, whole.size() - 1}) {
            std::string flipped = whole;
            flipped[at] = static_cast<char>(flipped[at] ^ 1);
            writeFile(file, flipped);
            assertRefused("backup", {file, "was changed"});
        }
        writeFile(file, whole.substr(0, whole.size() - 4096));
        assertRefused("backup", {file, "was changed"});
        writeFile(file, "");
        assertRefused("backup", {file, "was changed"});
        writeFile(file, whole);

        const std::string manifest = place("backup") + "/manifest.json";
        const std::string text = readFile(manifest);
        std::string raised = text;
        const std::size_t at = raised.find("\"last_seq\": ");
        CPPUNIT_ASSERT(at != std::string::npos);
        raised.insert(at + 12, "9");
        writeFile(manifest, raised);
        assertRefused("backup", {manifest, "was changed after the backup"});
        writeFile(manifest, text.substr(0, text.size() / 2));
        assertRefused("backup", {manifest, "no manifest"});
        fs::remove(manifest);
        assertRefused("backup", {"there is no manifest.json"});
        writeFile(manifest, text);
        CPPUNIT_ASSERT_EQUAL(
            0, hub_->command({"restore", "--from", place("backup"), "--replace"}).code);
    }

    void aBackupOfANewerHubIsRefused()
    {
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        const std::string newer = "INSERT INTO hub_migration SELECT library, 99, name, checksum, "
                                  "applied_ms FROM hub_migration WHERE library = ";
        change(store() / "hub.db", newer + "'payments' LIMIT 1");
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"backup", "--to", place("plugin")}).code);
        change(store() / "hub.db", "DELETE FROM hub_migration WHERE number = 99");
        change(store() / "hub.db", newer + "'hub' LIMIT 1");
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"backup", "--to", place("kernel")}).code);
        change(store() / "hub.db", "DELETE FROM hub_migration WHERE number = 99");
        assertRefused("plugin", {"step 99", "\"payments\"", "install the version"});
        assertRefused("kernel", {"step 99", "\"hub\"", "install the version"});
        hub_->start();
    }

    void aFolderWithSomethingInItIsLeftAlone()
    {
        stopAndBackUp("backup");
        const auto before = dataFolder();
        const ProgramEnd end = hub_->command({"restore", "--from", place("backup")});
        CPPUNIT_ASSERT_EQUAL(1, end.code);
        CPPUNIT_ASSERT_MESSAGE(end.error, end.error.find("--replace") != std::string::npos);
        CPPUNIT_ASSERT(dataFolder() == before);

        fs::remove_all(store());
        fs::create_directories(store());
        writeFile(store() / "of-somebody-else", "text");
        CPPUNIT_ASSERT_EQUAL(1, hub_->command({"restore", "--from", place("backup")}).code);
        CPPUNIT_ASSERT_EQUAL(std::string("text"), readFile(store() / "of-somebody-else"));
        const Json restored = hub_->ask({"restore", "--from", place("backup"), "--replace"});
        CPPUNIT_ASSERT_EQUAL(
            std::string("text"),
            readFile(fs::path(restored.at("kept").get<std::string>()) / "of-somebody-else"));
        hub_->start();
        CPPUNIT_ASSERT(quarantine().at("quarantine").get<bool>());
    }

    void anErasedPersonStaysSo()
    {
        startWithPersons();
        add("cup", "person-1");
        add("jug", "person-2");
        add("pot", "person-3");
        backUpWithPersons("first");
        erase("person-1");
        backUpWithPersons("second");
        erase("person-2");
        hub_->kill();

        // Both databases are older than both erasures: the list of what was there counts.
        restoreWithPersons("first", "first");
        CPPUNIT_ASSERT_EQUAL(std::string("gone"), phoneOf("cup"));
        CPPUNIT_ASSERT_EQUAL(std::string("gone"), phoneOf("jug"));
        CPPUNIT_ASSERT_EQUAL(std::string("13800000001"), phoneOf("pot"));

        // The disk is lost, and the keys are older than the store: the store's own list counts.
        hub_->kill();
        fs::remove_all(store());
        restoreWithPersons("second", "first");
        CPPUNIT_ASSERT_EQUAL(std::string("gone"), phoneOf("cup"));
        CPPUNIT_ASSERT_EQUAL(std::string("13800000001"), phoneOf("pot"));
    }
};

HUB_TEST_SUITE_REGISTRATION(BackupRefusalsTest, "backup_refusals");

} // namespace

} // namespace hub::test
