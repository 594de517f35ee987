# What Debian 12 packages. Each is named once with its reason in kernel/ARCHITECTURE.md.

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
# Poco's DataPostgreSQL links a target that CMake's own module does not make.
if(NOT TARGET PostgreSQL::client)
    add_library(PostgreSQL::client ALIAS PostgreSQL::PostgreSQL)
endif()
find_package(Poco 1.11 REQUIRED
    COMPONENTS Foundation Util Net NetSSL Crypto Data DataSQLite DataPostgreSQL JSON XML)
find_package(cppzmq REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(valijson CONFIG REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(ZLIB REQUIRED)
# Debian's package of the C++ library is called msgpack.
find_package(msgpack REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CPPUNIT REQUIRED IMPORTED_TARGET cppunit)
pkg_check_modules(QRCODEGEN REQUIRED IMPORTED_TARGET qrcodegencpp)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
