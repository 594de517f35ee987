// Goal: a result is a value or an error, never both, and can't be read as the other. Method: both
// ways, with a type that moves only.

#include "support/suite.hpp"

#include <hub/result.hpp>

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace {

using hub::Error;
using hub::Result;

class ResultTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ResultTest);
    CPPUNIT_TEST(holdsAValue);
    CPPUNIT_TEST(holdsAnError);
    CPPUNIT_TEST(readingTheOtherThrows);
    CPPUNIT_TEST(valuesMoveOut);
    CPPUNIT_TEST(nothingIsAValueToo);
    CPPUNIT_TEST_SUITE_END();

public:
    void holdsAValue()
    {
        const Result<int> result = 7;

        CPPUNIT_ASSERT(result.ok());
        CPPUNIT_ASSERT(static_cast<bool>(result));
        CPPUNIT_ASSERT_EQUAL(7, result.value());
    }

    void holdsAnError()
    {
        const Result<std::string> result = Error{HUB_NOT_FOUND, "no such thing"};

        CPPUNIT_ASSERT(!result.ok());
        CPPUNIT_ASSERT(!static_cast<bool>(result));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, result.error().code);
        CPPUNIT_ASSERT_EQUAL(std::string("no such thing"), result.error().message);
    }

    void readingTheOtherThrows()
    {
        const Result<int> good = 7;
        const Result<int> bad = Error{HUB_REJECTED, "no"};

        CPPUNIT_ASSERT_THROW(static_cast<void>(good.error()), std::bad_variant_access);
        CPPUNIT_ASSERT_THROW(static_cast<void>(bad.value()), std::bad_variant_access);
    }

    void valuesMoveOut()
    {
        Result<std::unique_ptr<int>> result = std::make_unique<int>(7);

        const std::unique_ptr<int> taken = std::move(result).value();

        CPPUNIT_ASSERT_EQUAL(7, *taken);
    }

    void nothingIsAValueToo()
    {
        const Result<void> good;
        const Result<void> bad = Error{HUB_THROTTLED, "later"};

        CPPUNIT_ASSERT(good.ok());
        CPPUNIT_ASSERT(!bad.ok());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_THROTTLED}, bad.error().code);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ResultTest, "result");
