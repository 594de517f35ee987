# Puts a library's manifest, routes and migrations beside it; the manifest names the digest of
# the library, so that the hub loads the bytes that were built together with it.
# Variables: LIBRARY, FOLDER, PACKAGE.

file(SHA256 "${LIBRARY}" digest)
get_filename_component(file "${LIBRARY}" NAME)
file(READ "${FOLDER}/manifest.json" manifest)
string(JSON manifest SET "${manifest}" library "\"${file}\"")
string(JSON manifest SET "${manifest}" sha256 "\"${digest}\"")
file(WRITE "${PACKAGE}/manifest.json" "${manifest}\n")
if(EXISTS "${FOLDER}/routes.json")
    file(COPY "${FOLDER}/routes.json" DESTINATION "${PACKAGE}")
endif()
foreach(folder IN ITEMS migrations web)
    if(IS_DIRECTORY "${FOLDER}/${folder}")
        file(REMOVE_RECURSE "${PACKAGE}/${folder}")
        file(COPY "${FOLDER}/${folder}" DESTINATION "${PACKAGE}")
    endif()
endforeach()
