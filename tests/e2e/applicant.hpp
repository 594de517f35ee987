// Applicant: an enterprise's contact at the portal, from the first code to the submission. Each
// step is one that the portal's pages offer, and checks what comes of it.
#pragma once

#include "enterprise.hpp"
#include "installation.hpp"
#include "web_client.hpp"

#include <string>
#include <vector>

namespace demo {

struct Visitor {
    std::string name;
    Sex sex = Sex::Male;
    unsigned number = 0;  // the n-th of the enterprise: its document and phone
    std::string category; // '' where the delegation chooses, and for payers
};

class Applicant {
public:
    Applicant(const Installation& installation,
              const std::string& edition,
              const Enterprise& enterprise);

    /// Proves to be a visitor of the past edition, by a code to the phone of then.
    void provePast(unsigned past_phone);
    /// Verifies the phone by a short message, and opens the account.
    void registerAccount();
    void agreeToPrivacy() const;
    /// Uploads it and waits until it was read; the form then knows name and code.
    void uploadLicence() const;
    void fillInPages() const;
    void addAddress();
    void readPersonForm(bool chooses_category);
    /// Before the person has agreed.
    void tryToAddUnasked(const Visitor& visitor) const;
    /// Returns the person's id; it has a photo.
    std::string addPerson(const Visitor& visitor) const;
    /// Of one person, with the declaration; the answer may be a refusal.
    WebAnswer trySubmitPerson(const std::string& person) const;
    void submitPersons(const std::vector<std::string>& persons) const;
    /// What comes of it: "submitted", or "approved" when a rule lets it pass.
    void previewAndSubmit(const std::string& state) const;
    void showProgress() const;

    std::string stateOfPerson(const std::string& person) const;
    void awaitNotice(const std::string& words) const;
    const WebClient& hub() const noexcept { return hub_; }
    const std::string& organization() const noexcept { return organization_; }
    const std::string& address() const noexcept { return address_; }
    /// What the persons agreed to, by kind.
    const Json& consents() const noexcept { return consents_; }
    std::string path(const std::string& rest) const;

private:
    /// {"id", "proof"} of a code to the phone.
    Json proveByCode(const std::string& phone, const char* purpose) const;
    void readBroughtPages() const;
    Json personOf(const Visitor& visitor) const;
    std::string inbox(const std::string& phone) const;
    Json page(const std::string& name) const;
    /// Of the revision that was read; the answer may be a refusal.
    WebAnswer savePage(const std::string& name, const Json& document, int revision) const;
    void saveWholePage(const std::string& name, const Json& document) const;
    void saveContactsInTwoWindows() const;

    const Enterprise& enterprise_;
    WebClient hub_;
    WebClient simulator_;
    std::string organization_;
    std::string address_;
    Json past_ = nullptr; // the proof of the past registration
    Json consents_ = Json::object();
};

} // namespace demo
