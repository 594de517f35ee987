// Goal: an operator is warned of every wall that a library's process lacks. Method: every setting
// on every kind of machine; the probe on this one.

#include "app/machine.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace {

using hub::app::Machine;
using hub::app::sandboxWarning;

constexpr Machine kWhole{true, true};
constexpr Machine kNoLandlock{false, true};
constexpr Machine kNoNamespaces{true, false};
constexpr Machine kNeither{false, false};

class MachineTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MachineTest);
    CPPUNIT_TEST(warnsOfWhatIsMissing);
    CPPUNIT_TEST(theProbeIsRepeatable);
    CPPUNIT_TEST_SUITE_END();

public:
    void warnsOfWhatIsMissing()
    {
        struct Row {
            const char* sandbox;
            Machine machine;
            const char* warning; // a part of it; empty: none at all
        };
        const std::vector<Row> rows = {
            {"full", kWhole, ""},
            {"without_both", kWhole, ""},
            {"none", kWhole, "off"},
            {"none", kNeither, "off"},
            {"full",
             kNoLandlock,
             "lacks Landlock: libraries in processes of their own are not run"},
            {"without_landlock", kNoLandlock, "lacks Landlock, which plugin_host.sandbox allows"},
            {"without_namespaces", kNoLandlock, "not run"},
            {"without_namespaces", kNoNamespaces, "lacks namespaces, which"},
            {"without_landlock", kNoNamespaces, "not run"},
            {"without_both", kNeither, "lacks Landlock and namespaces, which"},
            {"without_landlock", kNeither, "not run"},
        };
        for (const Row& row : rows) {
            const std::string said = sandboxWarning(row.sandbox, row.machine);
            const std::string expected = row.warning;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.sandbox + (": " + said), expected.empty(), said.empty());
            CPPUNIT_ASSERT_MESSAGE(said, said.find(expected) != std::string::npos);
        }
    }

    /// What it tries must leave nothing behind in this process.
    void theProbeIsRepeatable()
    {
        const Machine first = Machine::probe();
        const Machine second = Machine::probe();
        CPPUNIT_ASSERT_EQUAL(first.landlock, second.landlock);
        CPPUNIT_ASSERT_EQUAL(first.namespaces, second.namespaces);
    }
};

HUB_TEST_SUITE_REGISTRATION(MachineTest, "machine");

} // namespace
