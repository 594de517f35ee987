#include "wechat_vectors.hpp"

#include "payment_wechat/bill.hpp"
#include "payment_wechat/certificate.hpp"
#include "payment_wechat/encoding.hpp"
#include "payment_wechat/envelope.hpp"
#include "payment_wechat/notice.hpp"
#include "payment_wechat/rfc3339.hpp"
#include "payment_wechat/trust.hpp"
#include "security/asymmetric_key.hpp"
#include "security/symmetric.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vectors {

namespace {

using hub::security::AsymmetricKey;

constexpr std::string_view kAlgorithm = "rsa_sha256";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kTagBytes = 16;

void expectEqual(const std::string& what, const std::string& expected, const std::string& actual)
{
    if (expected != actual) {
        throw Mismatch(what + " differs: expected " + expected + " but got " + actual);
    }
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

template <typename T>
T expectOk(hub::Result<T> result)
{
    if (!result.ok()) {
        throw Mismatch(result.error().message);
    }
    return std::move(result).value();
}

std::string decoded(const std::string& base64)
{
    return expectOk(wechat::fromBase64(base64));
}

/// The provider's fixtures name their key by its form, too, which VectorSet does not look for.
std::string privateKeyOf(const VectorSet& set, const Vector& vector)
{
    const std::string holder = textOf(vector.inputs, "private_key_ref");
    for (const Vector& one : set.all()) {
        if (one.name != (holder.empty() ? vector.name : holder)) {
            continue;
        }
        for (const char* name : {"private_key_pem", "private_key_pem_pkcs8"}) {
            if (std::string pem = textOf(one.inputs, name); !pem.empty()) {
                return pem;
            }
        }
    }
    throw Mismatch("the vector gives no private key");
}

std::string signatureOf(const VectorSet& set, const Vector& vector, const std::string& text)
{
    const auto key = expectOk(AsymmetricKey::parse(privateKeyOf(set, vector)));
    return wechat::toBase64(expectOk(key.sign(kAlgorithm, text)));
}

struct Free {
    void operator()(BIO* value) const noexcept { BIO_free(value); }
    void operator()(EVP_PKEY* value) const noexcept { EVP_PKEY_free(value); }
    void operator()(EVP_PKEY_CTX* value) const noexcept { EVP_PKEY_CTX_free(value); }
    void operator()(EVP_CIPHER_CTX* value) const noexcept { EVP_CIPHER_CTX_free(value); }
};

unsigned char* bytesOf(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

/// One published vector has a key of 16 bytes, which the provider gives to nobody and the hub
/// refuses for this cipher.
std::string openByShortKey(const wechat::Sealed& sealed, std::string key)
{
    const std::unique_ptr<EVP_CIPHER_CTX, Free> context{EVP_CIPHER_CTX_new()};
    std::string nonce = sealed.nonce;
    std::string associated = sealed.associated_data;
    std::string bytes = sealed.bytes;
    std::string tag = bytes.substr(bytes.size() - kTagBytes);
    bytes.resize(bytes.size() - kTagBytes);
    std::string plain(bytes.size(), '\0');
    int size = 0;
    const bool is_open =
        EVP_DecryptInit_ex(
            context.get(), EVP_aes_128_gcm(), nullptr, bytesOf(key), bytesOf(nonce)) == 1 &&
        EVP_DecryptUpdate(context.get(),
                          nullptr,
                          &size,
                          bytesOf(associated),
                          static_cast<int>(associated.size())) == 1 &&
        EVP_DecryptUpdate(
            context.get(), bytesOf(plain), &size, bytesOf(bytes), static_cast<int>(bytes.size())) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytesOf(plain) + size, &size) == 1;
    if (!is_open) {
        throw Mismatch("the content is not sealed with the short key");
    }
    return plain;
}

std::string open(const wechat::Sealed& sealed, const std::string& key)
{
    if (key.size() < kKeyBytes) {
        return openByShortKey(sealed, key);
    }
    return expectOk(hub::security::decryptSymmetric(
        {wechat::kCipher, key, sealed.nonce, sealed.associated_data}, sealed.bytes));
}

/// Empty: genuine at the time that it names; otherwise what is wrong.
std::string findForgery(const VectorSet& set, const Vector& vector, const std::string& body)
{
    const std::string pem = set.key(vector, VectorSet::KeyKind::Public);
    const wechat::Proof proof = wechat::proofOf(vector.inputs.value("headers", Json::object()));
    wechat::Account account;
    account.platform_mode = wechat::PlatformMode::Certificates;
    const std::int64_t now_ms = std::stoll(proof.timestamp) * 1000;
    const auto keys = expectOk(wechat::platformKeys(account, {pem}));
    if (const auto fresh = wechat::checkFresh(proof, now_ms); !fresh.ok()) {
        return fresh.error().message;
    }
    if (const auto role = wechat::roleOf(keys, proof.serial, now_ms); !role.ok()) {
        return role.error().message;
    }
    const auto verdict = expectOk(AsymmetricKey::parse(pem))
                             .verify(kAlgorithm,
                                     wechat::messageText(proof.timestamp, proof.nonce, body),
                                     decoded(proof.signature));
    return verdict.ok() ? std::string{} : "its signature is another's";
}

/// What the connector makes of a notice that it asks for.
void checkReading(const wechat::Notice& notice, const std::string& content)
{
    if (notice.event_type != "TRANSACTION.SUCCESS" && !notice.event_type.starts_with("REFUND.")) {
        return;
    }
    const Json stated = Json::parse(content);
    wechat::Account account;
    account.mchid = textOf(stated, "mchid");
    account.appid = textOf(stated, "appid");
    const auto reading = expectOk(wechat::readNotice(account, notice, content));
    expectEqual("the number", textOf(stated, "out_trade_no"), reading.value("number", ""));
    account.mchid += "0";
    if (wechat::readNotice(account, notice, content).ok()) {
        throw Mismatch("another merchant's notice is read");
    }
}

std::string textOfBill(const Vector& vector)
{
    if (std::string text = textOf(vector.inputs, "text"); !text.empty()) {
        return text;
    }
    std::string text = "\xEF\xBB\xBF" + textOf(vector.inputs, "header") + "\r\n";
    for (const Json& row : vector.inputs.value("first_rows", Json::array())) {
        text += row.get<std::string>() + "\r\n";
    }
    return text + textOf(vector.inputs, "summary_header") + "\r\n" +
           textOf(vector.inputs, "summary_row") + "\r\n";
}

std::size_t linesIn(const std::string& text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Only the first rows are published, so the bill is not whole as it stands; with as many rows as
/// it states, it is.
void checkTrades(const Vector& vector, wechat::BillTable table)
{
    expectEqual("the sum", textOf(vector.expected, "summary_total"), table.sums.at(0).second);
    const auto rows = vector.expected.value("detail_rows", std::size_t{0});
    if (wechat::toTradeLines(table).ok() && table.rows.size() != rows) {
        throw Mismatch("a bill that is cut is read");
    }
    while (table.rows.size() < rows) {
        table.rows.push_back(table.rows[table.rows.size() % 4]);
    }
    const std::string lines = expectOk(wechat::toTradeLines(table));
    expectEqual("the number of lines", std::to_string(rows), std::to_string(linesIn(lines)));
}

void checkFunds(const Vector& vector, wechat::BillTable table)
{
    const Json expected = vector.expected.value("row", Json::object());
    const Json sums = vector.expected.value("summary", Json::object());
    std::size_t place = 0;
    for (const auto& [name, value] : sums.items()) {
        expectEqual(name, value.get<std::string>(), table.sums.at(place++).second);
    }
    table.sums[0].second = "1.0"; // as many rows as the sample shows
    const Json line = Json::parse(expectOk(wechat::toFundLines(table)));
    const bool is_income = textOf(expected, "direction") == "收入";
    expectEqual("the direction", is_income ? "income" : "expense", textOf(line, "type"));
    expectEqual("the amount", expected["amount_fen"].dump(), line["amount_minor"].dump());
    expectEqual("the balance", expected["balance_fen"].dump(), line["balance_minor"].dump());
    expectEqual("the voucher", textOf(expected, "voucher_no"), textOf(line, "voucher_number"));
}

} // namespace

void checkWechatSign(const VectorSet& set, const Vector& vector)
{
    expectEqual("the signature",
                textOf(vector.expected, "signature_base64"),
                signatureOf(set, vector, textOf(vector.inputs, "message")));
}

void checkWechatOaep(const VectorSet& set, const Vector& vector)
{
    const auto key = expectOk(AsymmetricKey::parse(privateKeyOf(set, vector)));
    expectEqual("the text",
                textOf(vector.expected, "plaintext"),
                expectOk(key.decrypt(decoded(textOf(vector.inputs, "ciphertext_base64")))));
}

void checkWechatPkcs1(const VectorSet& set, const Vector& vector)
{
    const std::string pem = privateKeyOf(set, vector);
    std::string bytes = decoded(textOf(vector.inputs, "ciphertext_base64"));
    const std::unique_ptr<BIO, Free> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    const std::unique_ptr<EVP_PKEY, Free> key{
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    const std::unique_ptr<EVP_PKEY_CTX, Free> context{EVP_PKEY_CTX_new(key.get(), nullptr)};
    std::string plain(bytes.size(), '\0');
    std::size_t size = plain.size();
    if (EVP_PKEY_decrypt_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_decrypt(context.get(), bytesOf(plain), &size, bytesOf(bytes), bytes.size()) != 1) {
        throw Mismatch("the text can't be opened");
    }
    plain.resize(size);
    expectEqual("the text", textOf(vector.expected, "plaintext"), plain);
}

void checkWechatNotice(const VectorSet& set, const Vector& vector)
{
    const std::string body = textOf(vector.inputs, "body_raw");
    const wechat::Proof proof = wechat::proofOf(vector.inputs.value("headers", Json::object()));
    if (const std::string text = textOf(vector.inputs, "message_to_verify"); !text.empty()) {
        expectEqual(
            "the signed text", text, wechat::messageText(proof.timestamp, proof.nonce, body));
    }
    expectEqual("forgery", "", findForgery(set, vector, body));
    if (const std::string serial = textOf(vector.expected, "cert_serial_hex_upper");
        !serial.empty()) {
        const std::string pem = set.key(vector, VectorSet::KeyKind::Public);
        expectEqual("the serial number", serial, expectOk(wechat::readCertificate(pem)).serial);
    }
    const wechat::Notice notice = expectOk(wechat::parseNotice(body));
    const std::string content = open(notice.resource, textOf(vector.inputs, "api_v3_key"));
    expectEqual("the content", textOf(vector.expected, "plaintext"), content);
    checkReading(notice, content);
}

void checkWechatForgedNotice(const VectorSet& set, const Vector& vector)
{
    const std::string base = textOf(vector.inputs, "base");
    const auto found = std::find_if(set.all().begin(), set.all().end(), [&base](const Vector& one) {
        return one.name == base;
    });
    if (found == set.all().end() ||
        textOf(vector.inputs, "change") != "append one space to body_raw" ||
        vector.expected.value("signature_valid", true)) {
        throw Mismatch("the vector changes something that is not known here");
    }
    if (findForgery(set, *found, textOf(found->inputs, "body_raw") + " ").empty()) {
        throw Mismatch("the changed notice is believed");
    }
}

void checkWechatSealed(const VectorSet&, const Vector& vector)
{
    const auto sealed =
        expectOk(wechat::parseSealed({{"algorithm", "AEAD_AES_256_GCM"},
                                      {"nonce", textOf(vector.inputs, "nonce_ascii")},
                                      {"associated_data", textOf(vector.inputs, "aad_ascii")},
                                      {"ciphertext", textOf(vector.inputs, "ciphertext_base64")}}));
    expectEqual("the text",
                textOf(vector.expected, "plaintext"),
                open(sealed, textOf(vector.inputs, "key_ascii")));
}

void checkWechatCertificates(const VectorSet&, const Vector& vector)
{
    const Json& response = vector.inputs.at("response_json");
    const auto list = expectOk(wechat::parseCertificates(response.dump()));
    const std::string pem = open(list.at(0).sealed, textOf(vector.inputs, "api_v3_key"));
    expectEqual("the certificate", textOf(vector.expected, "certificate_pem"), pem);
    const auto effective =
        expectOk(wechat::parseRfc3339(textOf(response.at("data").at(0), "effective_time")));
    const auto certificate = expectOk(wechat::checkCertificate(list[0], pem, effective));
    expectEqual("the serial number", textOf(vector.expected, "serial_no"), certificate.serial);
    expectEqual("the begin of validity",
                std::to_string(effective),
                std::to_string(certificate.valid_from_ms));
}

void checkWechatSerial(const VectorSet& set, const Vector& vector)
{
    const std::string pem = set.key(vector, VectorSet::KeyKind::Public);
    expectEqual("the serial number",
                textOf(vector.expected, "serial_hex_upper"),
                expectOk(wechat::readCertificate(pem)).serial);
}

void checkWechatRequest(const VectorSet& set, const Vector& vector)
{
    const std::string uri = textOf(vector.inputs, "canonical_url") + textOf(vector.inputs, "path");
    const wechat::Credentials credentials{textOf(vector.inputs, "mchid"),
                                          textOf(vector.inputs, "serial_no"),
                                          textOf(vector.inputs, "nonce_str"),
                                          std::stoll(textOf(vector.inputs, "timestamp"))};
    const std::string text = wechat::requestText(
        textOf(vector.inputs, "method"), uri, credentials, textOf(vector.inputs, "body"));
    expectEqual("the signed text", textOf(vector.expected, "message"), text);
    if (const std::string form = textOf(vector.expected, "authorization_template"); !form.empty()) {
        // Written with a scheme and a signature of the publisher's own.
        const std::string header = wechat::authorization(credentials, "<sig>");
        expectEqual("the header",
                    form,
                    "<schema>" + header.substr(std::string_view{wechat::kScheme}.size()));
        return;
    }
    const std::string signature = signatureOf(set, vector, text);
    expectEqual("the signature", textOf(vector.expected, "signature"), signature);
    expectEqual("the header",
                textOf(vector.expected, "authorization"),
                wechat::authorization(credentials, signature));
}

void checkWechatInvocation(const VectorSet& set, const Vector& vector)
{
    const std::string text = wechat::invocationText(textOf(vector.inputs, "appId"),
                                                    textOf(vector.inputs, "timeStamp"),
                                                    textOf(vector.inputs, "nonceStr"),
                                                    textOf(vector.inputs, "package"));
    expectEqual("the signed text", textOf(vector.expected, "message"), text);
    expectEqual(
        "the signature", textOf(vector.expected, "paySign"), signatureOf(set, vector, text));
}

void checkWechatBill(const VectorSet&, const Vector& vector)
{
    const auto table = expectOk(wechat::parseBill(textOfBill(vector)));
    expectEqual("the number of columns",
                vector.expected.at("columns").dump(),
                std::to_string(table.titles.size()));
    if (vector.expected.contains("row")) {
        checkFunds(vector, table);
    } else {
        checkTrades(vector, table);
    }
}

} // namespace vectors
