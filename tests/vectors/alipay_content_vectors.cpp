// Alipay's certificates, REST v3, content encryption and bills: the connector's own functions,
// with the hub's cryptography where the hub lends it.

#include "alipay_vectors.hpp"
#include "payment_alipay/bill.hpp"
#include "payment_alipay/certificate.hpp"
#include "payment_alipay/content_cipher.hpp"
#include "payment_alipay/encoding.hpp"
#include "payment_alipay/rest.hpp"
#include "security/asymmetric_key.hpp"
#include "security/symmetric.hpp"

#include <string>
#include <vector>

#include <iconv.h>

namespace vectors {

namespace {

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

/// As expectEqual, when the vector states the member at all.
void expectStated(const Json& object, const char* name, const std::string& actual)
{
    if (object.contains(name)) {
        expectEqual(name, textOf(object, name), actual);
    }
}

/// The vector must state it.
void expectMember(const Json& object, const char* name, const std::string& actual)
{
    if (!object.contains(name)) {
        throw Mismatch("the vector does not state \"" + std::string{name} + "\"");
    }
    expectEqual(name, textOf(object, name), actual);
}

template <typename Value>
Value take(hub::Result<Value> result)
{
    if (!result.ok()) {
        throw Mismatch(result.error().message);
    }
    return std::move(result).value();
}

hub::Result<std::string> md5(std::string_view text)
{
    return hub::security::digestBytes("md5", {text});
}

std::string toGbk(std::string text)
{
    iconv_t converter = iconv_open("GBK", "UTF-8");
    std::string out(text.size() * 2, '\0');
    char* from = text.data();
    char* to = out.data();
    std::size_t left = text.size();
    std::size_t room = out.size();
    const std::size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (converted == static_cast<std::size_t>(-1)) {
        throw Mismatch("the table can't be written as GBK");
    }
    out.resize(out.size() - room);
    return out;
}

void checkRow(const Json& expected, const alipay::BillRow& row)
{
    const Json actual{{"trade_no", row.trade_no},
                      {"out_trade_no", row.out_trade_no},
                      {"biz_type", row.biz_type},
                      {"order_amount_fen", row.order_minor},
                      {"receipt_fen", row.receipt_minor},
                      {"fee_fen", row.fee_minor},
                      {"refund_request_no", row.refund_request_no}};
    for (const auto& [name, value] : expected.items()) {
        if (!actual.contains(name)) {
            throw Mismatch("no code reads \"" + name + "\" of a row");
        }
        expectEqual(name, value.dump(), actual[name].dump());
    }
}

} // namespace

void checkCertificateNumber(const VectorSet&, const Vector& vector)
{
    const auto certificates = take(alipay::parseCertificates(textOf(vector.inputs, "cert_pem")));
    const alipay::Certificate& first = certificates.front();
    expectStated(vector.inputs, "issuer_dn_reversed", first.issuer);
    expectStated(vector.inputs, "serial_decimal", first.serial);
    expectMember(vector.expected, "sn", take(alipay::certificateNumber(first, md5)));
}

void checkRootNumber(const VectorSet&, const Vector& vector)
{
    const auto bundle = take(alipay::parseCertificates(textOf(vector.inputs, "root_bundle_pem")));
    const Json stated = vector.inputs.value("per_cert", Json::array());
    for (std::size_t i = 0; i < stated.size(); ++i) {
        if (i >= bundle.size()) {
            throw Mismatch("the bundle holds fewer certificates than the vector states");
        }
        expectStated(stated[i], "issuer", bundle[i].issuer);
        expectStated(stated[i], "serial_decimal", bundle[i].serial);
        expectStated(stated[i], "sig_oid", bundle[i].signature_algorithm);
        expectStated(stated[i], "sn", take(alipay::certificateNumber(bundle[i], md5)));
    }
    expectMember(vector.expected, "sn", take(alipay::rootNumber(bundle, md5)));
}

void checkCertificateKey(const VectorSet& set, const Vector& vector)
{
    const auto certificates =
        take(alipay::parseCertificates(set.key(vector, VectorSet::KeyKind::Public)));
    expectMember(vector.expected, "spki_base64", alipay::toBase64(certificates.front().public_key));
}

void checkContentEncryption(const VectorSet&, const Vector& vector)
{
    const hub::Cipher cipher = alipay::contentCipher();
    const std::string key = take(alipay::fromBase64(textOf(vector.inputs, "key_base64")));
    const std::string plain = textOf(vector.inputs, "plaintext");
    const hub::security::SymmetricInput input{cipher.algorithm, key, cipher.nonce, {}};
    const std::string sealed = take(hub::security::encryptSymmetric(input, plain));
    expectMember(vector.expected, "ciphertext_base64", alipay::toBase64(sealed));
    expectEqual(
        "the plain text read back", plain, take(hub::security::decryptSymmetric(input, sealed)));
}

void checkRestRequest(const VectorSet& set, const Vector& vector)
{
    const auto key =
        take(hub::security::AsymmetricKey::parse(set.key(vector, VectorSet::KeyKind::Private)));
    const std::string credentials = textOf(vector.inputs, "auth_string");
    const std::string text = alipay::restSignText(credentials,
                                                  textOf(vector.inputs, "method"),
                                                  textOf(vector.inputs, "uri"),
                                                  textOf(vector.inputs, "body"));
    expectStated(vector.expected, "message", text);
    const std::string signature = alipay::toBase64(take(key.sign("rsa_sha256", text)));
    expectMember(vector.expected, "signature", signature);
    expectStated(
        vector.expected, "authorization", alipay::restAuthorization(credentials, signature));
}

void checkBill(const VectorSet&, const Vector& vector)
{
    const std::string table = textOf(vector.inputs, "text_utf8");
    const auto bill = take(alipay::parseBill(take(alipay::fromGbk(toGbk(table)))));
    expectEqual("the number of columns",
                vector.expected.value("columns", Json()).dump(),
                Json(bill.columns).dump());
    expectEqual("the number of rows",
                vector.expected.value("data_rows_in_this_excerpt", Json()).dump(),
                Json(bill.rows.size()).dump());
    const std::pair<const char*, std::size_t> kRows[] = {{"first", 0}, {"second", 1}};
    for (const auto& [name, at] : kRows) {
        if (vector.expected.contains(name)) {
            checkRow(vector.expected[name], bill.rows.at(at));
        }
    }
    take(alipay::toBillLines(bill));
}

} // namespace vectors
