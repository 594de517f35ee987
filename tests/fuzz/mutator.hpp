// Mutator: changes inputs the way a blind fuzzer does: bits, bytes, numbers, pieces moved or taken
// from other inputs. The same seed number gives the same sequence on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hub::fuzz {

/// Belongs to one thread.
class Mutator {
public:
    /// `others` is borrowed: what pieces are taken from.
    Mutator(std::uint64_t seed, const std::vector<std::string>& others);

    /// One to four changes. The result has at most kBytesMax bytes more than `input`.
    std::string mutate(std::string input);

private:
    static constexpr std::size_t kBytesMax = 512;

    std::size_t below(std::size_t end);
    void change(std::string& input);
    void flipBit(std::string& input);
    void setByte(std::string& input);
    void setNumber(std::string& input);
    void insertBytes(std::string& input);
    void eraseBytes(std::string& input);
    void copyWithin(std::string& input);
    void splice(std::string& input);

    std::mt19937_64 random_;
    const std::vector<std::string>& others_;
};

} // namespace hub::fuzz
