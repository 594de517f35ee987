#include "import_bench.hpp"

#include "flow/import_check.hpp"
#include "flow/import_photos.hpp"
#include "flow/import_steps.hpp"
#include "flow/sealed_file.hpp"

namespace registration::test {

namespace {

constexpr const char* kCsv = "text/csv";

hub::Answer inTask(const hub::Host& host,
                   hub::Answer (*work)(const hub::Host&, const hub::Event&),
                   const std::string& payload)
{
    hub_event raw{};
    raw.struct_size = sizeof raw;
    raw.kind = HUB_KIND_TASK;
    raw.payload = hub::toBytes(payload);
    return work(host, hub::Event{raw});
}

} // namespace

std::string csvOf(const std::vector<std::string>& lines)
{
    std::string file;
    for (const std::string& line : lines) {
        file += line + "\r\n";
    }
    return file;
}

std::string placesOf(const Json& errors)
{
    std::string places;
    for (const Json& error : errors) {
        places += (places.empty() ? "" : ", ") + error.value("column", "") +
                  std::to_string(error.value("line", 0)) + " " + error.value("code", "");
    }
    return places;
}

ImportBench::ImportBench(const std::string& edition)
    : reception(edition)
{}

Json ImportBench::check(const Json& work)
{
    const hub::Answer answer = inTask(blobs.host(), &checkImport, work.dump());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    Json checked = Json::parse(answer.payload);
    if (checked.contains("rows")) {
        // Units of the fake hub read its own blobs.
        kept_ = checked.value("rows", "");
        key_ = fromBase64(checked.value("key", "")).value_or("");
        checked["rows"] = reception.floor.desk.fake.addBlob(blobs.contents.at(kept_));
    }
    return checked;
}

Json ImportBench::finished(hub::testing::PluginEvent event, Json payload)
{
    auto& fake = reception.floor.desk.fake;
    payload["upload"] = {{"media_type", kCsv}, {"bytes", 1}, {"blob", "upload"}};
    event.payload = payload.dump();
    Json said = Json::parse(fake.deliver(event).payload);
    if (said.contains("task")) {
        payload["task"] = check(said["task"]);
        event.payload = payload.dump();
        const hub::Answer answer = fake.deliver(event);
        CPPUNIT_ASSERT_MESSAGE(answer.message, !answer.payload.empty());
        said = Json::parse(answer.payload);
    }
    return said;
}

Json ImportBench::command(const std::string& kind,
                          const std::string& edition,
                          const std::string& file,
                          bool is_dry)
{
    blobs.contents["upload"] = file;
    position_ = 0;
    hub::testing::PluginEvent event;
    event.source = HUB_SOURCE_COMMAND;
    event.operation = "import." + kind;
    event.principal = "operator";
    Json arguments = {edition};
    if (is_dry) {
        arguments.push_back("dry-run");
    }
    Json said = finished(event, {{"arguments", arguments}});
    return said.contains("data") ? said["data"] : said;
}

Json ImportBench::imported(const std::string& kind,
                           const std::string& edition,
                           const std::string& file)
{
    const Json begun = command(kind, edition, file);
    CPPUNIT_ASSERT_MESSAGE(begun.dump(), begun.contains("import_id"));
    runJob();
    hub::testing::PluginEvent event;
    event.kind = HUB_KIND_READ;
    event.source = HUB_SOURCE_COMMAND;
    event.operation = "import.show";
    event.payload = Json{{"arguments", {begun["import_id"]}}}.dump();
    return Json::parse(reception.floor.desk.fake.deliver(event).payload).at("data");
}

Heard ImportBench::upload(const std::string& file, const Json& query)
{
    return upload(reception.contact, kOrganization, file, query);
}

Heard ImportBench::upload(const Visitor& who,
                          const std::string& organization_id,
                          const std::string& file,
                          const Json& query)
{
    blobs.contents["upload"] = file;
    Json asked = {{"sensitive_consent", "1"}};
    asked.update(query);
    return sent("person_import.begin", who, organization_id, asked);
}

Heard ImportBench::uploadPhotos(const std::string& archive)
{
    blobs.contents["upload"] = archive;
    return sent("photo_import.begin", reception.contact, kOrganization, Json::object());
}

Heard ImportBench::sent(const std::string& operation,
                        const Visitor& who,
                        const std::string& organization_id,
                        const Json& query)
{
    position_ = 0;
    hub::testing::PluginEvent event;
    event.source = HUB_SOURCE_REQUEST;
    event.operation = operation;
    event.edition = reception.floor.desk.edition();
    event.principal = "person:" + who.login;
    const Json said = finished(event,
                               {{"path", {{"organization_id", organization_id}}},
                                {"query", query},
                                {"session", {{"id", "session"}, {"scopes", who.scopes}}}});
    return {said.at("status"), said.contains("problem") ? said["problem"] : said["body"]};
}

Heard ImportBench::shown(const std::string& import_id)
{
    return reception.floor.desk.read(
        "import.show",
        reception.contact,
        {{"path", {{"organization_id", kOrganization}, {"import_id", import_id}}}});
}

std::string ImportBench::payloadOf(const hub::testing::BegunJob& job) const
{
    return Json{{"job", job.id},
                {"kind", job.kind},
                {"input", job.input},
                {"blob", parsed_.value("blob", "")},
                {"position", position_},
                {"total", parsed_.value("total", 0)},
                {"parameters", Json::parse(job.parameters)}}
        .dump();
}

Json ImportBench::parsed(const hub::testing::BegunJob& job)
{
    if (Json::parse(job.parameters).at("kind") != "photos") {
        return Json::parse(inTask(blobs.host(), &parseImport, payloadOf(job)).payload);
    }
    // Tasks on this bench open nothing that is sealed: the key is handed in.
    const hub::Answer answer = judgePhotos(blobs.host(), 1, kept_, key_);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    Json judged = Json::parse(answer.payload);
    judged["blob"] = reception.floor.desk.fake.addBlob(blobs.contents.at(judged.value("blob", "")));
    return judged;
}

bool ImportBench::stageOnce()
{
    const hub::testing::BegunJob job = reception.floor.desk.fake.jobs().back();
    if (position_ == 0) {
        parsed_ = parsed(job);
    }
    const hub::Answer staged = reception.floor.desk.fake.jobStep(job, "stage", payloadOf(job));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(staged.message, hub_status{HUB_OK}, staged.status);
    const Json said = Json::parse(staged.payload);
    position_ = said.at("position");
    return said.at("finished");
}

std::string ImportBench::endJob()
{
    auto& fake = reception.floor.desk.fake;
    const hub::testing::BegunJob job = fake.jobs().back();
    const hub::Answer activated = fake.jobStep(job, "activate", payloadOf(job));
    if (activated.status == HUB_OK) {
        return "done";
    }
    CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, fake.jobStep(job, "discard", payloadOf(job)).status);
    return "failed: " + activated.message;
}

std::string ImportBench::runJob()
{
    while (!stageOnce()) {}
    return endJob();
}

std::int64_t ImportBench::count(const std::string& table, const std::string& where)
{
    std::int64_t rows = 0;
    reception.floor.run([&](const Work& work) {
        work.unit().query("SELECT COUNT(*) FROM " + table + " WHERE " + where,
                          {},
                          [&](const hub::Row& row) { rows = row.integer(0); });
    });
    return rows;
}

} // namespace registration::test
