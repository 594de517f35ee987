# Puts a library's manifest, routes, migrations and conformance.json beside it; the manifest names the digest
# of the library, so that the hub loads the bytes that were built together with it.
# Variables: LIBRARY, FOLDER, PACKAGE.

file(SHA256 "${LIBRARY}" digest)
get_filename_component(file "${LIBRARY}" NAME)
file(READ "${FOLDER}/manifest.json" manifest)
string(JSON manifest SET "${manifest}" library "\"${file}\"")
string(JSON manifest SET "${manifest}" sha256 "\"${digest}\"")
file(WRITE "${PACKAGE}/manifest.json" "${manifest}\n")
foreach(file IN ITEMS routes.json events.json conformance.json)
    if(EXISTS "${FOLDER}/${file}")
        file(COPY "${FOLDER}/${file}" DESTINATION "${PACKAGE}")
    endif()
endforeach()
foreach(folder IN ITEMS migrations web)
    if(IS_DIRECTORY "${FOLDER}/${folder}")
        file(REMOVE_RECURSE "${PACKAGE}/${folder}")
        file(COPY "${FOLDER}/${folder}" DESTINATION "${PACKAGE}")
    endif()
endforeach()
