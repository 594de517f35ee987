// Input: one byte that chooses the struct, then its MessagePack. What is decoded can be encoded,
// and then decodes to the same.

#include "expect.hpp"
#include "hubp/services.hpp"

#include <iterator>

namespace {

using namespace hub::fuzz;
using namespace hub::hubp;

template <typename Value>
void check(std::string_view bytes)
{
    const auto value = decodeService<Value>(bytes);
    if (!value.ok()) {
        expect(value.error().code == HUB_BAD_REQUEST, "bad bytes are a bad request");
        expectReadable(value.error().message);
        return;
    }
    const auto encoded = encodeService(value.value());
    expect(encoded.ok(), "what was decoded can be encoded");
    const auto again = decodeService<Value>(encoded.value());
    expect(again.ok() && again.value() == value.value(), "a value survives its coding");
    const auto twice = encodeService(again.value());
    expect(twice.ok() && twice.value() == encoded.value(), "there is one coding of a value");
}

using Check = void (*)(std::string_view);

constexpr Check kChecks[] = {&check<HttpExchange>,
                             &check<HttpAnswer>,
                             &check<KeyUse>,
                             &check<Digest>,
                             &check<CipherUse>,
                             &check<SecretName>,
                             &check<Bytes>,
                             &check<BlobWriter>,
                             &check<BlobAppend>,
                             &check<BlobRange>,
                             &check<BlobDigest>,
                             &check<BlobSize>,
                             &check<StreamOpen>,
                             &check<StreamName>,
                             &check<StreamSecure>,
                             &check<StreamWrite>,
                             &check<StreamRead>};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size > 0) {
        kChecks[data[0] % std::size(kChecks)](textOf(data, size).substr(1));
    }
    return 0;
}
