// A registration whose every personal value and secret is a canary: an invited clerk, a contact
// with a licence, persons with documents and photos, messages that arrive, fail and stay in doubt,
// a past edition, and an event that no plugin could take.
#pragma once

#include "canaries.hpp"
#include "kept_bytes.hpp"
#include "portal.hpp"
#include "registration_fixture.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hub::test {

class PrivacyFixture : public RegistrationFixture {
protected:
    static constexpr const char* kEdition = "ciie-7";
    static constexpr const char* kPastEdition = "ciie-6";
    /// Whom the tests erase, and look for afterwards.
    static constexpr const char* kPersonName = "鹂鸰雏";
    static constexpr const char* kPersonPhone = "+8619973916471";
    static const std::string kPersonNumber;
    static const std::string kPersonWords; ///< why its first application was canceled

    /// To be called between prepare() and run().
    void configure() const;
    void openEdition();
    void inviteClerk();
    void registerOrganization();
    void fillInPages();
    void uploadLicence();
    /// The first application of whom the tests erase: it was submitted and canceled.
    void cancelPerson();
    /// Each with a photo.
    void addPersons();
    void submitPersons(const std::vector<std::string>& persons) const;
    void sendMessages();
    void makeMistakes();
    void importPersons();
    void importPastPersons();
    /// All of it, in this order, and waits for the dead letter.
    void enterEverything();

    std::string addPerson(const std::string& kind, const Json& form);
    std::string pathOf(const std::string& rest) const;
    ApiAnswer
    asStaff(const std::string& method, const std::string& path, const Json& body = {}) const;
    /// One person of a past edition.
    static std::string
    pastPersonsFile(const std::string& name, const std::string& number, const std::string& phone);
    /// The form as somebody typed it in.
    const Json& enteredOf(const std::string& person_id) const { return entered_.at(person_id); }
    /// The import of this file, when it has ended well.
    Json imported(const std::string& kind, const std::string& csv) const;

    /// "… in … as …" for each that is somewhere.
    static std::vector<std::string> found(const Canaries& canaries, const KeptBytes& kept);

    Canaries canaries_;    ///< may be nowhere
    Canaries licence_;     ///< of the one file that lies in clear for its reader
    Canaries told_;        ///< not personal: shows that a search sees what is there
    std::string staff_;    ///< an API key
    std::string person_;   ///< kPersonName's id
    std::string canceled_; ///< of the same human
    std::string visitor_;
    std::string organization_;
    std::string person_photo_; ///< as the hub keeps it

private:
    Json proveMyPhone(const std::string& phone, const std::string& purpose);
    ApiAnswer askFor(const std::string& phone, const std::string& purpose) const;
    std::string codeAt(const std::string& phone) const;
    void takeReports() const;
    void awaitMessage(const std::string& phone, const std::string& state) const;
    static Json personForm();
    std::string putPhoto(const std::string& person, unsigned seed);
    void savePage(const std::string& name, const Json& document) const;

    std::map<std::string, Json> entered_;
    std::unique_ptr<Portal> contact_;
    std::unique_ptr<Portal> clerk_;
};

} // namespace hub::test
