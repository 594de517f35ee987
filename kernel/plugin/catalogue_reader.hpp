// CatalogueReader: reads packages, contracts and plugins.d, and cross-checks them. Private to
// catalogue.cpp; catalogue.hpp says what the outcome means.
#pragma once

#include "plugin/catalogue.hpp"

#include <set>
#include <string>
#include <vector>

namespace hub::plugin {

class CatalogueReader {
public:
    explicit CatalogueReader(const CatalogueSettings& settings)
        : settings_(settings)
    {}

    Catalogue read();

private:
    using Reasons = std::vector<std::string>;

    void readContracts();
    void readPackages();
    void readPackage(const std::filesystem::path& folder);
    void addPackage(Package installed, Reasons& reasons);
    bool readRoutesOf(Package& package, const std::string& name, Reasons& reasons) const;
    bool readEventsOf(Package& package, const std::string& name, Reasons& reasons) const;
    void applyFiles();
    void applyFile(config::LibraryFile file);

    /// Configuration against the manifest: what is wrong stops the start.
    void checkConfiguration(const Package& package);
    static Reasons checkAgainst(const Package& package, const Manifest& manifest);
    static void checkValues(const Package& package,
                            const base::Json& schema,
                            const base::Json& value,
                            const std::string& place,
                            Reasons& problems);
    static void checkRoles(const Package& package, const Manifest& manifest, Reasons& problems);

    /// Manifest against contracts and publishers: a library that does not fit is refused.
    void refuseMisfits();
    Reasons misfitsOf(const Package& package) const;
    void checkImplementation(const Implementation& item, Reasons& reasons) const;
    void checkSubscriptions(const Package& package, Reasons& reasons) const;
    void checkViews(const Package& package, Reasons& reasons) const;

    /// Libraries against each other: a conflict stops the start.
    void checkOwners();
    void checkPublishers();
    void checkShapes();
    void checkCommands();
    void checkAsks();
    bool findCycle(const Package& package, std::vector<std::string>& path);
    void claim(std::map<std::string, std::string>& owners,
               const std::string& what,
               const std::string& name,
               const std::string& library);

    CatalogueSettings settings_;
    Catalogue catalogue_;
};

} // namespace hub::plugin
