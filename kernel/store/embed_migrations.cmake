# Writes migrations/*.sql as one C++ file. Variables: FOLDER, OUTPUT.

file(GLOB migrations "${FOLDER}/*.sql")
list(SORT migrations)
set(rows "")
foreach(migration IN LISTS migrations)
    get_filename_component(file "${migration}" NAME)
    if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
        message(FATAL_ERROR "${migration}: the name must be like 0001_name.sql")
    endif()
    set(number "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "^0+" "" number "${number}")
    file(READ "${migration}" sql)
    string(APPEND rows "        {${number}, \"${name}\", R\"hubsql(${sql})hubsql\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from kernel/store/migrations by embed_migrations.cmake.
#include \"store/migrator.hpp\"

namespace hub::store {

const std::vector<Migration>& kernelMigrations()
{
    static const std::vector<Migration> migrations{
${rows}    };
    return migrations;
}

} // namespace hub::store
")
