// Goal: nobody can be read in anything that the hub keeps or writes: log, events, dead letters,
// records of exchanges, blobs, backups, its tables and their log, on both back ends. Method: the
// real hub with every value a canary (privacy_fixture), searched for in every coding; that a search
// would find something is shown by what may be there and by planting everything.
#include "privacy_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

namespace hub::test {

namespace {

class PrivacyTest : public PrivacyFixture {
    CPPUNIT_TEST_SUITE(PrivacyTest);
    CPPUNIT_TEST(nobodyCanBeRead);
    CPPUNIT_TEST(nobodyCanBeReadOnPostgres);
    CPPUNIT_TEST_SUITE_END();

    static void assertNone(const Canaries& canaries, const KeptBytes& kept)
    {
        const auto all = found(canaries, kept);
        CPPUNIT_ASSERT_MESSAGE(shownCanaries(all), all.empty());
    }

    static bool holds(const KeptBytes& kept, const std::string& place, const std::string& text)
    {
        const auto at = kept.find(place);
        return at != kept.end() && at->second.find(text) != std::string::npos;
    }

    std::filesystem::path place(const std::string& name) const { return hub().folder() / name; }

    KeptBytes files() const
    {
        KeptBytes kept = filesIn(place("hub"));
        kept.merge(filesIn(place("log")));
        return kept;
    }

    /// The reader's clear copy is the one thing that its blob may show, and only there.
    void assertLicenceIsInItsBlobAlone() const
    {
        const auto all = found(licence_, files());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(shownCanaries(all), std::size_t{1}, all.size());
        CPPUNIT_ASSERT_MESSAGE(all.front(), all.front().find("/blobs/") != std::string::npos);
    }

    static bool anyHolds(const KeptBytes& kept, const std::string& text)
    {
        return std::any_of(kept.begin(), kept.end(), [&](const auto& one) {
            return one.second.find(text) != std::string::npos;
        });
    }

    /// The trap's letter tells what its event carries, and the letter's event is there.
    void assertDeadLettersTellIds() const
    {
        const KeptBytes kept = commandsOf(hub());
        CPPUNIT_ASSERT(holds(kept, "expohub dead-letter list --json", "the trap got"));
        CPPUNIT_ASSERT(holds(kept, "expohub dead-letter list --json", "person.submitted"));
        for (const char* event : {"organization.registered", "staff.invited", "person.submitted"}) {
            CPPUNIT_ASSERT_MESSAGE(event, anyHolds(kept, event));
        }
        assertNone(canaries_, kept);
        assertNone(licence_, kept);
    }

    /// One canary of each kind in a file of the hub's folder.
    void assertWhatIsPlantedIsFound() const
    {
        for (const CanaryForm& form : canaries_.forms()) {
            const auto file = place("hub/run/planted");
            writeFile(file, "planted: " + form.bytes + "\n");
            CPPUNIT_ASSERT_MESSAGE(form.canary + " as " + form.coding,
                                   !found(canaries_, {{"planted", readFile(file)}}).empty());
            std::filesystem::remove(file);
        }
        writeFile(place("hub/run/planted"), "name: " + std::string(kPersonName));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found(canaries_, files()).size());
        std::filesystem::remove(place("hub/run/planted"));
    }

    void backUp() const
    {
        const ProgramEnd backup = hub().command({"backup",
                                                 "--to",
                                                 place("backup").string(),
                                                 "--persons-to",
                                                 place("persons").string()});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(backup.error, 0, backup.code);
    }

    void assertBackupShowsNobody() const
    {
        backUp();
        KeptBytes kept = filesIn(place("backup"));
        kept.merge(filesIn(place("persons")));
        assertNone(canaries_, kept);
    }

public:
    void nobodyCanBeRead()
    {
        prepare();
        configure();
        run();
        enterEverything();

        const KeptBytes tables = tablesOf(hub());
        CPPUNIT_ASSERT_MESSAGE("the search sees no table", !found(told_, tables).empty());
        CPPUNIT_ASSERT(holds(tables, "table hub_exchange", "sms-demo"));
        CPPUNIT_ASSERT(holds(tables, "table hub_exchange", "licence-demo"));
        assertNone(canaries_, tables);
        assertNone(licence_, tables);
        assertDeadLettersTellIds();
        assertBackupShowsNobody();
        assertNone(canaries_, files());
        hub().kill(); // its log of writes stays
        CPPUNIT_ASSERT(std::filesystem::file_size(place("hub/store/hub.db-wal")) > 0);
        CPPUNIT_ASSERT_MESSAGE("the search sees no file", !found(told_, files()).empty());
        assertNone(canaries_, files());
        assertLicenceIsInItsBlobAlone();
        assertWhatIsPlantedIsFound();
    }

    void nobodyCanBeReadOnPostgres()
    {
        prepareOnPostgres();
        configure();
        run();
        enterEverything();

        const KeptBytes dump = dumpOf(*schema());
        CPPUNIT_ASSERT_MESSAGE("the search sees no table",
                               !found(told_, {{"pg_dump", dump.at("pg_dump")}}).empty());
        CPPUNIT_ASSERT(holds(dump, "pg_dump", "licence-demo"));
        CPPUNIT_ASSERT_MESSAGE("the server's files can't be read: run this as the user who started "
                               "it, or as root",
                               dump.size() > 1);
        assertNone(canaries_, dump);
        assertNone(licence_, dump);
        assertDeadLettersTellIds();
        assertBackupShowsNobody();
        hub().stop();
        assertNone(canaries_, files());
        assertLicenceIsInItsBlobAlone();
    }
};

HUB_TEST_SUITE_REGISTRATION(PrivacyTest, "privacy");

} // namespace

} // namespace hub::test
