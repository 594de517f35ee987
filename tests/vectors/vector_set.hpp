// Test vectors as files: which there are, and whose key a vector refers to.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace vectors {

// Members in the order of the file: requests are written as they stand there.
using Json = nlohmann::ordered_json;

/// Why a vector does not hold.
class Mismatch : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Vector {
    std::string name;
    std::string kind;
    Json inputs;
    Json expected;
};

class VectorSet {
public:
    /// Reads every *.json of the folder: a list of vectors, or an object with `vectors`. Throws
    /// std::runtime_error naming the file.
    explicit VectorSet(const std::filesystem::path& folder);

    const std::vector<Vector>& all() const noexcept { return vectors_; }

    enum class KeyKind { Private, Public };

    /// The key that a vector gives: as PEM, as one line of base64, as a certificate, or by a
    /// `…_ref` that names the vector which holds it. Throws Mismatch when there is none.
    std::string key(const Vector& vector, KeyKind kind) const;

private:
    const Vector* find(std::string_view name) const;

    std::vector<Vector> vectors_;
};

} // namespace vectors
