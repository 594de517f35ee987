#include "licence/licence.hpp"

#include "core/crypto.hpp"
#include "core/tradeless_provider.hpp"
#include "licence/code_reader.hpp"
#include "licence/codes.hpp"
#include "licence/gateway.hpp"
#include "licence/picture.hpp"
#include "licence/register.hpp"
#include "licence/sample.hpp"
#include "licence/settings.hpp"
#include "licence/signature.hpp"

#include <stdexcept>
#include <utility>

namespace hub::simulator::licence {

namespace {

class LicenceReader final : public TradelessProvider {
public:
    explicit LicenceReader(Settings settings)
        : settings_(std::move(settings))
        , gateway_(settings_)
        , register_(settings_.entries, settings_.is_register_available)
    {}

    std::string_view name() const override { return "licence"; }
    bool serves(const HttpMessage& message) const override { return isOurs(message); }
    Call read(const HttpMessage& message) const override { return gateway_.read(message); }
    Answer book(const Call& call) override;
    Answer refuse(const Call&, const ScriptedRefusal& scripted) const override
    {
        return refusal(scripted.code, scripted.status);
    }
    Reply render(const Call& call, const Answer& answer, Distortion distortion) const override;
    Result<Json> command(std::string_view word, const Json& body) override;

    // It tells nobody anything by itself.
    OutMessage renderNotification(const Notification&, const Json&, Distortion) const override
    {
        return {};
    }
    bool isAcknowledgement(int, std::string_view) const override { return false; }
    const std::vector<std::int64_t>& notifyPausesMs() const override { return no_pauses_; }

private:
    Result<Json> drawFor(const Json& body) const;

    const Settings settings_;
    const Gateway gateway_;
    Register register_;
    const std::vector<std::int64_t> no_pauses_;
};

Answer unreadable(const char* why)
{
    return success({{"state", "unreadable"}, {"reason", why}});
}

Answer LicenceReader::book(const Call& call)
{
    const auto picture = decodePicture(call.parameters.at(kPicture), settings_.picture_pixels_max);
    if (!picture.ok()) {
        return picture.error().code == HUB_REJECTED ? refusal("PICTURE_TOO_MANY_PIXELS")
                                                    : unreadable("no_picture");
    }
    const auto reading = readCode(picture.value());
    if (!reading) {
        return unreadable("no_code");
    }
    if (reading->licence.type != call.parameters.at(kKind)) {
        return unreadable("other_document");
    }
    Json confidence = Json::object();
    for (const auto& [name, value] : reading->licence.fields) {
        confidence[name] = reading->confidence;
    }
    return success(
        {{"state", "read"},
         {"fields", reading->licence.fields},
         {"confidence", confidence},
         {"register", register_.look(reading->licence.fields.at("social_credit_code"))}});
}

Reply LicenceReader::render(const Call& call, const Answer& answer, Distortion distortion) const
{
    Json fields{{"request_id", randomToken(16)}};
    fields.update(answer.fields);
    Reply reply{.status = answer.status, .body = fields.dump()};
    const Account* account = settings_.findAccount(call.app);
    if (account == nullptr || !answer.is_signed || distortion == Distortion::Unsigned) {
        return reply;
    }
    const bool is_forged =
        distortion == Distortion::BadSignature || distortion == Distortion::ProbeSignature;
    reply.headers = {{"X-Licence-Signature",
                      answerSignature(reply.status,
                                      call.parameters.at(kNonce),
                                      is_forged ? reply.body + "\n" : reply.body,
                                      account->secret)}};
    return reply;
}

Result<Json> LicenceReader::command(std::string_view word, const Json& body)
{
    if (word == "register") {
        const auto changed = register_.change(body);
        return changed.ok() ? Result<Json>{body} : changed.error();
    }
    if (word == "sample") {
        return drawFor(body);
    }
    return Provider::command(word, body);
}

Result<Json> LicenceReader::drawFor(const Json& body) const
{
    Licence licence{"business_licence", {}};
    for (const auto& [name, value] : body.items()) {
        if (!value.is_string()) {
            return Error{HUB_BAD_REQUEST, "\"" + name + "\" must be a text"};
        }
        (name == "type" ? licence.type : licence.fields[name]) = value.get<std::string>();
    }
    try {
        return Json{{"media_type", kPng},
                    {"picture_base64", toBase64(encodePng(drawSample(licence)))}};
    } catch (const std::invalid_argument& mistake) {
        return Error{HUB_BAD_REQUEST, mistake.what()};
    }
}

} // namespace

std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path&, Surroundings)
{
    return std::make_unique<LicenceReader>(readSettings(section));
}

} // namespace hub::simulator::licence
