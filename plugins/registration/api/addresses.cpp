#include "api/addresses.hpp"

#include "flow/opening.hpp"
#include "store/address_rows.hpp"

namespace registration {

namespace {

using requests::Refusal;

Json bodyOf(const Address& address, const Edition& edition)
{
    Json body = address.document;
    body["address_id"] = address.address_id;
    body["revision"] = address.revision;
    if (edition.holds("R-113")) {
        body["is_default"] = address.is_default;
    }
    return body;
}

Json formOf(const Edition& edition)
{
    Json fields = Json::array();
    if (edition.holds("R-114")) {
        for (const AddressField& field : addressFields()) {
            fields.push_back(
                {{"name", field.name},
                 {"title", {{"en", std::string(field.en)}, {"zh", std::string(field.zh)}}},
                 {"required", true}});
        }
    }
    return fields;
}

Refusal invalid(std::vector<requests::Violation> violations)
{
    Refusal refusal = broken(422,
                             "address_invalid",
                             "R-114",
                             {"A courier would not find this address; correct what is named.",
                              "地址信息不完整或有误，请按提示更正。"});
    refusal.violations = std::move(violations);
    return refusal;
}

Refusal tooMany(const Edition& edition)
{
    const std::string most = std::to_string(edition.addresses_max);
    return broken(409,
                  "addresses_max",
                  "R-112",
                  {"At most " + most + " addresses can be kept; change or delete one.",
                   "常用地址最多 " + most + " 个，请修改或删除已有地址。"});
}

Refusal changed(const Address& address, const Edition& edition)
{
    Refusal refusal{412,
                    "address_changed",
                    {"The address was changed elsewhere meanwhile. Look at both and save again.",
                     "该地址已在别处被修改，请核对后重新保存。"}};
    refusal.parameters = {{"revision", address.revision}, {"document", bodyOf(address, edition)}};
    return refusal;
}

Refusal inUse()
{
    return {409,
            "address_in_use",
            {"Badges of persons are to be sent there; choose another address for them first.",
             "已有人员选择该地址领取证件，请先为其更换地址。"}};
}

/// Nothing for one that is another organization's.
std::optional<Address> findOwn(const Work& work, const Opened& opened)
{
    const std::string id = opened.request.path.at("address_id");
    auto address = findAddress(work.unit(), id);
    const bool is_own = address && address->organization_id == opened.organization.organization_id;
    return is_own ? std::move(address) : std::nullopt;
}

Refusal noSuchAddress()
{
    return notFound({"There is no such address; read the list again.", "没有该地址，请刷新列表。"});
}

bool wantsDefault(const Json& body, const Edition& edition)
{
    return edition.holds("R-113") && body.value("is_default", false);
}

} // namespace

hub::Answer listAddresses(const hub::Snapshot& snapshot, const hub::Event& event)
{
    return withOrganization(snapshot, event, [&](const Opened& opened) {
        const Edition& edition = opened.edition;
        if (!edition.holds("R-110")) {
            return requests::refuse(noSuchAddress());
        }
        Json list = Json::array();
        for (const Address& one : addressesOf(snapshot, opened.organization.organization_id)) {
            list.push_back(bodyOf(one, edition));
        }
        Json body = {{"addresses", std::move(list)}, {"fields", formOf(edition)}};
        if (edition.holds("R-112")) {
            body["addresses_max"] = edition.addresses_max;
        }
        if (edition.holds("R-115")) {
            body["hint"] = requests::toJson({"Give the address at which the organization receives "
                                             "its persons' badges. Couriers "
                                             "deliver in the Chinese mainland, free of charge; it "
                                             "must stay valid for six months.",
                                             "请填写单位收取人员入场证件的地址。仅限中国大陆地区，"
                                             "免费寄送，请确保六个月内有效。"});
        }
        return requests::answered(200, std::move(body));
    });
}

hub::Answer addAddress(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const Edition& edition = opened.edition;
        const std::string& organization_id = opened.organization.organization_id;
        if (!edition.holds("R-111")) {
            return requests::refuse(noSuchAddress());
        }
        const auto known = addressesOf(work.unit(), organization_id).size();
        if (edition.holds("R-112") && known >= static_cast<std::size_t>(edition.addresses_max)) {
            return requests::refuse(tooMany(edition));
        }
        Address address{work.drawId(),
                        organization_id,
                        1,
                        wantsDefault(opened.request.body, edition),
                        addressOf(opened.request.body),
                        work.nowMs()};
        if (auto violations = checkAddress(address.document, edition); !violations.empty()) {
            return requests::refuse(invalid(std::move(violations)));
        }
        if (address.is_default) {
            clearDefault(work.unit(), organization_id);
        }
        insertAddress(work.unit(), address);
        // Nothing of the address: answers to keys are kept.
        return requests::answered(
            201,
            {{"address_id", address.address_id}, {"revision", address.revision}},
            address.revision);
    });
}

hub::Answer putAddress(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const Edition& edition = opened.edition;
        auto address = findOwn(work, opened);
        if (!address) {
            return requests::refuse(noSuchAddress());
        }
        Json document = addressOf(opened.request.body);
        const bool is_default = wantsDefault(opened.request.body, edition);
        if (document == address->document && is_default == address->is_default) {
            return requests::answered(200, bodyOf(*address, edition), address->revision);
        }
        if (requests::revisionOf(opened.request.if_match) != address->revision) {
            return requests::refuse(changed(*address, edition));
        }
        if (auto violations = checkAddress(document, edition); !violations.empty()) {
            return requests::refuse(invalid(std::move(violations)));
        }
        if (is_default && !address->is_default) {
            clearDefault(work.unit(), address->organization_id);
        }
        address->document = std::move(document);
        address->is_default = is_default;
        ++address->revision;
        updateAddress(work.unit(), *address);
        return requests::answered(200, bodyOf(*address, edition), address->revision);
    });
}

hub::Answer deleteAddress(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const auto address = findOwn(work, opened);
        if (!address) {
            return requests::refuse(noSuchAddress());
        }
        if (isAddressUsed(work.unit(), *address)) {
            return requests::refuse(inUse());
        }
        removeAddress(work.unit(), address->address_id);
        return requests::answered(200, Json::object());
    });
}

} // namespace registration
