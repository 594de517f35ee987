// Input: JSON, or not. Accepted is exactly what RFC 8259 allows with unique names and bounded
// depth; a plain second walk over the text judges that.

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "expect.hpp"

#include <set>
#include <vector>

namespace {

using namespace hub::fuzz;
using hub::base::Json;

/// Notes doubled names and how deep values lie, and builds nothing.
class Walk final : public nlohmann::json_sax<Json> {
public:
    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override
    {
        doubled_ = !names_.back().insert(name).second || doubled_;
        return value();
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override
    {
        return false;
    }

    bool hasDoubled() const { return doubled_; }
    std::size_t depth() const { return depth_; }

private:
    /// Something lies in all that is open.
    bool value()
    {
        depth_ = std::max(depth_, names_.size());
        return true;
    }
    bool open()
    {
        value();
        names_.emplace_back();
        return true;
    }
    bool close()
    {
        names_.pop_back();
        return true;
    }

    std::vector<std::set<std::string>> names_;
    std::size_t depth_ = 0;
    bool doubled_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    const auto json = hub::base::parseJson(text);
    Walk walk;
    const bool is_json = Json::sax_parse(text.begin(), text.end(), &walk);
    const bool is_strict =
        is_json && !walk.hasDoubled() && walk.depth() <= std::size_t{hub::base::kJsonDepthMax};
    expect(json.ok() == is_strict, "strict JSON and nothing else is accepted", text);
    if (!json.ok()) {
        expect(json.error().code == HUB_BAD_REQUEST, "no JSON is a bad request");
        expectWorded(json.error().message);
        return 0;
    }
    const std::string written = json.value().dump();
    expect(hub::base::isUtf8(written), "JSON is UTF-8", written);
    const auto again = hub::base::parseJson(written);
    expect(again.ok() && again.value() == json.value(), "JSON survives its coding", written);
    expect(again.value().dump() == written, "there is one coding of JSON", written);
    return 0;
}
