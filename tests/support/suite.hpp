// Registers a CppUnit fixture among all, and under the name of its file.
#pragma once

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

/// `name` is the file's name without _test.cpp: ctest runs it by that name.
#define HUB_TEST_SUITE_REGISTRATION(Fixture, name)                                                 \
    static CppUnit::AutoRegisterSuite<Fixture> registered_##Fixture;                               \
    static CppUnit::AutoRegisterSuite<Fixture> registered_by_name_##Fixture(name)
