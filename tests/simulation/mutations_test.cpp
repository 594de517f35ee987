// Goal: the simulation bites: a core that is wrong on purpose is found within 200 seeds. Method:
// each mutation of mutation.hpp in turn, until a seed objects.
#include "simulation.hpp"
#include "support/suite.hpp"

#include <iostream>
#include <string>

namespace hub::simulation {

namespace {

constexpr std::uint64_t kSeedsMax = 200;

class MutationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MutationsTest);
    CPPUNIT_TEST(everyMutationIsFound);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyMutationIsFound()
    {
        ScratchStore store;
        for (const auto& [mutation, name] : kMutations) {
            Outcome found;
            for (std::uint64_t seed = 1; seed <= kSeedsMax && found.violation.empty(); ++seed) {
                found = simulate(store, seed, mutation);
            }
            CPPUNIT_ASSERT_MESSAGE(std::string(name) + " is not found in 200 seeds",
                                   !found.violation.empty());
            std::cout << name << ": seed " << found.seed << ": " << found.violation << '\n';
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(MutationsTest, "mutations");

} // namespace

} // namespace hub::simulation
