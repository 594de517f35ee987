// Goal: what is counted can be read, in Prometheus's format, with bounded labels. Method: count,
// read the text.

#include "observe/metrics.hpp"
#include "support/suite.hpp"

#include <string>
#include <thread>
#include <vector>

namespace {

using namespace hub::observe; // NOLINT: a test of this namespace

class MetricsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MetricsTest);
    CPPUNIT_TEST(showsWhatWasCounted);
    CPPUNIT_TEST(treatsEqualNamesAsOneMetric);
    CPPUNIT_TEST(boundsTheLabels);
    CPPUNIT_TEST(countsFromManyThreads);
    CPPUNIT_TEST_SUITE_END();

public:
    void showsWhatWasCounted()
    {
        const Counter plain{"hub_test_plain_total", "A plain one."};
        const Counter labeled{"hub_test_labeled_total", "A labeled one.", {"reason"}};
        const Gauge gauge{"hub_test_gauge", "A gauge."};
        const Histogram histogram{"hub_test_seconds", "A histogram.", {}, {1, 2}};

        labeled.add({"late\"\n"}, 2);
        gauge.set(7.5);
        histogram.observe(1.5);

        const std::string text = metricsText();
        for (const std::string line : {"hub_test_plain_total 0\n",
                                       "# HELP hub_test_labeled_total A labeled one.\n",
                                       R"(hub_test_labeled_total{reason="late\"\\x0a"} 2)",
                                       "hub_test_gauge 7.5\n",
                                       "hub_test_seconds_bucket{le=\"1\"} 0\n",
                                       "hub_test_seconds_bucket{le=\"2\"} 1\n"}) {
            CPPUNIT_ASSERT_MESSAGE(line + " in " + text, text.find(line) != std::string::npos);
        }
    }

    void treatsEqualNamesAsOneMetric()
    {
        const Counter one{"hub_test_shared_total", "Shared.", {"kind"}};
        const Counter other{"hub_test_shared_total", "Shared.", {"kind"}};

        one.add({"a"});
        other.add({"a"});

        CPPUNIT_ASSERT_EQUAL(2.0, one.value({"a"}));
    }

    void boundsTheLabels()
    {
        const Counter counter{"hub_test_bounded_total", "Bounded.", {"who"}};

        for (std::size_t i = 0; i < kLabelSetsMax + 10; ++i) {
            counter.add({std::to_string(i)});
        }

        CPPUNIT_ASSERT_EQUAL(10.0, counter.value({"other"}));
    }

    void countsFromManyThreads()
    {
        const Counter counter{"hub_test_parallel_total", "Parallel.", {"kind"}};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&counter] {
                for (int count = 0; count < 1000; ++count) {
                    counter.add({count % 2 == 0 ? "even" : "odd"});
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }

        CPPUNIT_ASSERT_EQUAL(2000.0, counter.value({"even"}));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MetricsTest, "metrics");
