#include "vector_set.hpp"

#include <algorithm>
#include <fstream>

namespace vectors {

namespace {

std::vector<std::filesystem::path> jsonFiles(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool isKeyName(std::string_view name, VectorSet::KeyKind kind)
{
    const auto holds = [name](std::string_view part) {
        return name.find(part) != std::string_view::npos;
    };
    return kind == VectorSet::KeyKind::Private ? holds("private_key")
                                               : holds("public_key") || holds("cert");
}

/// A member that holds such a key itself; a public key goes before a certificate.
std::string findKey(const Json& members, VectorSet::KeyKind kind)
{
    std::string key;
    for (const auto& [name, value] : members.items()) {
        const bool is_text =
            name.ends_with("_pem") || name.ends_with("_base64") || name.ends_with("_key");
        const bool is_better = key.empty() || name.find("public_key") != std::string::npos;
        if (value.is_string() && is_text && isKeyName(name, kind) && is_better) {
            key = value.get<std::string>();
        }
    }
    return key;
}

std::string textOf(const Json& entry, const char* name, const char* otherwise)
{
    const auto found = entry.find(name);
    return found != entry.end() ? found->get_ref<const std::string&>() : otherwise;
}

} // namespace

VectorSet::VectorSet(const std::filesystem::path& folder)
{
    if (!std::filesystem::is_directory(folder)) {
        throw std::runtime_error(folder.string() + " is no folder");
    }
    for (const auto& path : jsonFiles(folder)) {
        std::ifstream file(path, std::ios::binary);
        const Json root = Json::parse(file, nullptr, false);
        const Json list = root.is_object() && root.contains("vectors") ? root["vectors"] : root;
        if (!list.is_array()) {
            throw std::runtime_error(path.string() + " holds no list of vectors");
        }
        for (const Json& entry : list) {
            if (!entry.is_object()) {
                throw std::runtime_error(path.string() + " holds a vector that is no object");
            }
            vectors_.push_back({textOf(entry, "name", "(unnamed)"),
                                textOf(entry, "kind", "(no kind)"),
                                entry.value("inputs", Json::object()),
                                entry.value("expected", Json::object())});
        }
    }
}

const Vector* VectorSet::find(std::string_view name) const
{
    const auto found = std::find_if(vectors_.begin(), vectors_.end(), [name](const Vector& vector) {
        return vector.name == name;
    });
    return found == vectors_.end() ? nullptr : &*found;
}

std::string VectorSet::key(const Vector& vector, KeyKind kind) const
{
    if (std::string own = findKey(vector.inputs, kind); !own.empty()) {
        return own;
    }
    for (const auto& [name, value] : vector.inputs.items()) {
        if (!name.ends_with("_ref") || !value.is_string()) {
            continue;
        }
        const Vector* holder = find(value.get<std::string>());
        if (holder == nullptr) {
            throw Mismatch("\"" + name + "\" names no vector");
        }
        // A private key verifies, too: its public half is in it.
        for (const auto& [members, wanted] : {std::pair{&holder->inputs, kind},
                                              std::pair{&holder->expected, kind},
                                              std::pair{&holder->inputs, KeyKind::Private}}) {
            if (std::string key = findKey(*members, wanted); !key.empty()) {
                return key;
            }
        }
    }
    throw Mismatch("the vector gives no key");
}

} // namespace vectors
