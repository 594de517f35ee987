#include "flow/codes.hpp"

#include "domain/ids.hpp"

#include <hub/person.hpp>

#include <optional>

namespace messaging {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kDrawnBytes = 4;
constexpr std::size_t kProofBytes = 32;

// Six digits are guessed from any plain hash at once; the blind index is keyed by the hub.
std::string hashOf(const hub::Snapshot& snapshot,
                   std::string_view column,
                   const Verification& verification,
                   std::string_view secret)
{
    const std::string salted = verification.salt + std::string{secret};
    return hub::person::blindIndex(snapshot, column, salted);
}

} // namespace

std::string drawCode(const hub::Unit& unit, Verification& verification)
{
    std::optional<std::string> code;
    while (!code) {
        code = makeCode(unit.random(kDrawnBytes));
    }
    verification.salt = unit.random(kSaltBytes);
    verification.code_hash = hashOf(unit, "code", verification, *code);
    return *code;
}

bool isCodeOf(const hub::Snapshot& snapshot,
              const Verification& verification,
              std::string_view code)
{
    return isSame(hashOf(snapshot, "code", verification, code), verification.code_hash);
}

std::string drawProof(const hub::Unit& unit, Verification& verification)
{
    std::string proof = toHex(unit.random(kProofBytes));
    verification.proof_hash = hashOf(unit, "proof", verification, proof);
    return proof;
}

bool isProofOf(const hub::Snapshot& snapshot,
               const Verification& verification,
               std::string_view proof)
{
    return isSame(hashOf(snapshot, "proof", verification, proof), verification.proof_hash);
}

} // namespace messaging
