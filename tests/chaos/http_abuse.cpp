#include "http_abuse.hpp"

#include <random>
#include <utility>

namespace chaos {

namespace {

constexpr std::size_t kMebi = 1 << 20;

std::string repeat(const std::string& text, std::size_t times)
{
    std::string all;
    all.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

class Requests {
public:
    explicit Requests(const std::string& token)
        : token_(token)
    {}

    std::string head(const std::string& headers) const
    {
        return "POST /api/v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\n"
               "Content-Type: application/json\r\nIdempotency-Key: http-abuse\r\n"
               "Authorization: Bearer " +
               token_ + "\r\n" + headers + "\r\n";
    }
    std::string with(const std::string& body) const
    {
        return head("Content-Length: " + std::to_string(body.size()) + "\r\n") + body;
    }
    std::string chunked(const std::string& body) const
    {
        return head("Transfer-Encoding: chunked\r\n") + body;
    }

private:
    std::string token_;
};

/// What would be an answer of its own if the framing were believed in the attacker's way.
const std::string kSmuggled = "GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n";

std::string payment(const std::string& members)
{
    return R"({"order_ref":"http-abuse","method":"scan","currency":"CNY","subject":"abuse",)" +
           members + "}";
}

} // namespace

std::vector<Abuse> framingAbuses(const std::string& token)
{
    const Requests request(token);
    const std::string get = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    return {
        {"length and chunks",
         request.head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" +
             kSmuggled,
         {400}},
        {"chunks and length",
         request.head("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n" +
             kSmuggled,
         {400}},
        {"two lengths",
         request.head("Content-Length: 2\r\nContent-Length: 3\r\n") + "{}x" + kSmuggled,
         {400}},
        {"length with a sign", request.head("Content-Length: +2\r\n") + "{}" + kSmuggled, {400}},
        {"negative length", request.head("Content-Length: -1\r\n") + "{}" + kSmuggled, {400}},
        {"length in hex", request.head("Content-Length: 0x2\r\n") + "{}" + kSmuggled, {400}},
        {"endless number",
         request.head("Content-Length: 18446744073709551618\r\n") + "{}",
         {400, 413}},
        {"list of lengths", request.head("Content-Length: 2, 2\r\n") + "{}" + kSmuggled, {400}},
        {"unknown coding",
         request.head("Transfer-Encoding: xchunked\r\n") + "0\r\n\r\n" + kSmuggled,
         {400, 501}},
        {"two codings",
         request.head("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n" + kSmuggled,
         {400, 501}},
        {"coding twice",
         request.head("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") +
             "0\r\n\r\n" + kSmuggled,
         {400, 501}},
        {"blank before the colon",
         request.head("Transfer-Encoding : chunked\r\n") + "0\r\n\r\n" + kSmuggled,
         {400}},
        {"folded header",
         request.head("X-Fold: a\r\n b\r\nContent-Length: 2\r\n") + "{}" + kSmuggled,
         {400}},
        {"zero byte in a header",
         request.head(std::string("X-Zero: a\0b\r\nContent-Length: 2\r\n", 32)) + "{}",
         {400}},
        {"chunk size too large", request.chunked("ffffffffffffffff1\r\n"), {400, 413}},
        {"negative chunk", request.chunked("-1\r\n{}\r\n0\r\n\r\n"), {400}},
        {"chunk without its end", request.chunked("2\r\n{}XX0\r\n\r\n"), {400}},
        {"chunk extension without end",
         request.chunked("1;" + std::string(kMebi, 'x')),
         {400, 413}},
        // Who goes on sending long after the answer may be cut off before having read it.
        {"bomb of chunks", request.chunked(repeat("1\r\nx\r\n", kMebi + 10)), {413, 0}},
        {"body of 10 MB announced", request.head("Content-Length: 10485760\r\n"), {413}},
        {"body of 8 MB in chunks",
         request.chunked(repeat("10000\r\n" + std::string(65'536, 'x') + "\r\n", 128)),
         {413, 0}},
        {"header of 1 MB", get + "X-Long: " + std::string(kMebi, 'x') + "\r\n\r\n", {431, 400}},
        {"thousands of headers", get + repeat("X-A: b\r\n", 100'000) + "\r\n", {431, 400}},
        {"address of 1 MB",
         "GET /" + std::string(kMebi, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n",
         {431, 414, 400}},
        {"no version", "GET /healthz\r\n\r\n", {400, 0}},
        {"other version", "GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n", {400, 505}},
        {"bytes of TLS",
         std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
         {400, 0}},
        {"climbing path",
         "GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
         {400, 404, 401}},
    };
}

std::vector<Abuse> jsonAbuses(const std::string& token, std::uint64_t seed)
{
    const Requests request(token);
    const std::vector<std::pair<const char*, std::string>> bodies = {
        {"100,000 arrays deep", repeat("[", 100'000)},
        {"100,000 arrays deep and closed", repeat("[", 100'000) + repeat("]", 100'000)},
        {"objects deep", repeat("{\"a\":", 100'000) + "1" + repeat("}", 100'000)},
        {"deep below a member", payment("\"amount_minor\":5,\"x\":" + repeat("[", 50'000))},
        {"amount twice", payment("\"amount_minor\":1,\"amount_minor\":500000")},
        {"amount twice, the other way", payment("\"amount_minor\":500000,\"amount_minor\":1")},
        {"amount twice, escaped", payment("\"amount_minor\":1,\"amount_m\\u0069nor\":500000")},
        {"amount 1e400", payment("\"amount_minor\":1e400")},
        {"amount -1e400", payment("\"amount_minor\":-1e400")},
        {"amount of 30 digits", payment("\"amount_minor\":100000000000000000000000000000")},
        {"amount beyond 63 bits", payment("\"amount_minor\":9223372036854775808")},
        {"amount of 1 MB of digits", payment("\"amount_minor\":" + std::string(900'000, '9'))},
        {"amount NaN", payment("\"amount_minor\":NaN")},
        {"amount Infinity", payment("\"amount_minor\":Infinity")},
        {"amount as text", payment("\"amount_minor\":\"500\"")},
        {"amount with a fraction", payment("\"amount_minor\":500.5")},
        {"amount with a small fraction", payment("\"amount_minor\":500.0000000000000001e-20")},
        {"amount in octal", payment("\"amount_minor\":0500")},
        {"amount in hex", payment("\"amount_minor\":0x1f4")},
        {"amount null", payment("\"amount_minor\":null")},
        {"amount true", payment("\"amount_minor\":true")},
        {"amount negative zero", payment("\"amount_minor\":-0")},
        {"no UTF-8", payment("\"amount_minor\":5,\"subject\":\"\xff\xfe\"")},
        {"overlong UTF-8", payment("\"amount_minor\":5,\"subject\":\"\xc0\xaf\"")},
        {"half a surrogate", payment("\"amount_minor\":5,\"subject\":\"\\ud800\"")},
        {"subject twice", payment("\"amount_minor\":5,\"subject\":\"other\"")},
        {"trailing text", payment("\"amount_minor\":5") + " {}"},
        {"comment", payment("\"amount_minor\":5 /* x */")},
        {"trailing comma", payment("\"amount_minor\":5,")},
        {"no object", "[]"},
        {"nothing", ""},
        {"other members", payment("\"amount_minor\":5,\"__proto__\":{\"amount_minor\":1}")},
    };
    std::vector<Abuse> all;
    for (const auto& [what, body] : bodies) {
        all.push_back({what, request.with(body), {400, 413, 422}, true});
    }
    // Random cuts of a sound body: none of them is one.
    std::mt19937_64 random(seed);
    const std::string sound = payment("\"amount_minor\":5");
    for (int i = 0; i < 50; ++i) {
        const auto size = std::uniform_int_distribution<std::size_t>(0, sound.size() - 1)(random);
        all.push_back(
            {"cut at " + std::to_string(size), request.with(sound.substr(0, size)), {400}, true});
    }
    return all;
}

} // namespace chaos
