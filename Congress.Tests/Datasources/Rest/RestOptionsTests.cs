using System.Text.Json;
using Congress.Datasources;
using Congress.Datasources.Drivers.Rest;

namespace Congress.Tests.Datasources.Rest;

/// <summary>What is wrong with the options is said with the place, and without secrets.</summary>
public sealed class RestOptionsTests
{
    private const string Table = "\"table\": \"t\", \"columns\": [\"id\"]";

    public static TheoryData<string, string> Wrong => new()
    {
        { "", "option 'url' of datasource 'test' is missing; expected a text" },
        { "\"url\": \"ftp://x\"", "option 'url' of datasource 'test' is no URL; expected one of http or https, without user, password and fragment" },
        { "\"url\": \"http://ann:pw@x\"", "option 'url' of datasource 'test' is no URL; expected one of http or https, without user, password and fragment" },
        { Url("\"resources\": {}"), "option 'resources' of datasource 'test' is {}; expected a list of objects" },
        { Url("\"resources\": [5]"), "option 'resources[0]' of datasource 'test' is 5; expected an object" },
        { Resource(""), "option 'resources[0].path' of datasource 'test' is missing; expected a text" },
        { Resource("\"path\": \"x\""), "option 'resources[0].table' of datasource 'test' is missing; expected a table with columns, or a translator" },
        { Resource("\"path\": \"http://y/x\", " + Table), "option 'resources[0].path' of datasource 'test' is \"http://y/x\"; expected a path below url" },
        { Resource("\"path\": \"x\", \"tabel\": 1"), "option 'resources[0].tabel' of datasource 'test' is unknown; expected one of name, path, query, items, translator, table, columns, lazy, paging, headers, endpoint" },
        { Resource("\"path\": \"x\", \"table\": \"t\""), "option 'resources[0].columns' of datasource 'test' is missing; expected a list of properties, or an object with a path for each column" },
        { Resource("\"path\": \"x\", \"table\": \"t\", \"columns\": [\"a\", \"a\"]"), "option 'resources[0].columns' of datasource 'test' is [\"a\", \"a\"]; expected columns of different names" },
        { Resource("\"path\": \"x\", \"table\": \"t\", \"columns\": {\"a\": {\"type\": \"date\"}}"), "option 'resources[0].columns.a.type' of datasource 'test' is \"date\"; expected text, int, real, bool or any" },
        { Resource("\"path\": \"x\", \"table\": \"t\", \"columns\": {\"a\": \"b[\"}"), "option 'resources[0].columns.a' of datasource 'test': the path b[ is wrong at character 3: expected an index, a name in quotes, '*' or '?'" },
        { Resource("\"path\": \"x\", \"translator\": {\"table-name\": \"t\"}"), "resources[0].translator: Param (translation-type) must be in translator" },
        { Resource($"\"path\": \"x\", {Table}}}, {{\"path\": \"y\", {Table}"), "option 'resources[1].table' of datasource 'test' is \"t\"; expected another table, as (t) is used twice" },
        { Resource("\"path\": \"x/{id}\", " + Table), "option 'resources[0].path' has the placeholder {id}; there are none, or {{ for a brace" },
        { Resource("\"path\": \"x\", \"endpoint\": \"compute\", " + Table), "option 'resources[0].endpoint' of datasource 'test' is \"compute\"; expected login to have endpoints" },
        { Resource("\"path\": \"x\", \"lazy\": 1, " + Table), "option 'resources[0].lazy' of datasource 'test' is 1; expected true or false" },
        { Resource("\"path\": \"x\", \"paging\": {\"style\": \"scroll\"}, " + Table), "option 'resources[0].paging.style' of datasource 'test' is \"scroll\"; expected none, link, header, marker or page" },
        { Resource("\"path\": \"x\", \"paging\": {\"style\": \"link\"}, " + Table), "option 'resources[0].paging.path' of datasource 'test' is missing; expected the path in the answer to the URL of the next page" },
        { Resource("\"path\": \"x\", \"paging\": {\"style\": \"page\", \"size\": 0}, " + Table), "option 'resources[0].paging.size' of datasource 'test' is 0; expected a whole number from 1" },
        { Url("\"headers\": {\"a b\": \"c\"}"), "option 'headers.a b' is no header; expected a name of letters, digits and dashes, and a text of ASCII" },
        { Url("\"secret_headers\": {\"a\": \"hush\\n\"}"), "option 'secret_headers.a' is no header; expected a name of letters, digits and dashes, and a text of ASCII" },
        { Url("\"secrets\": \"hush\""), "option 'secrets' of datasource 'test' makes no sense; expected an object of texts" },
        { Url("\"password\": 12345"), "option 'password' of datasource 'test' makes no sense; expected a text" },
        { Url("\"token\": \"hush\", \"username\": \"ann\""), "options 'token' and 'username' of datasource 'test' exclude each other where there is no 'login'" },
        { Url("\"values\": {\"a\": 1}, \"secrets\": {\"a\": \"hush\"}"), "option 'secrets.a' of datasource 'test' has a name that is taken" },
        { Url("\"login\": {\"path\": \"x\"}"), "option 'login.token_header' of datasource 'test' is {\"path\": \"x\"}; expected either a token_header or a token_path" },
        { Url("\"login\": {\"path\": \"x\", \"token_path\": \"t\", \"body\": {\"a\": [\"{user}\"]}}, \"token\": \"hush\""), "option 'login.body.a[0]' has the placeholder {user}; expected one of {token}, or {{ for a brace" },
        { Action("\"path\": \"x\""), "option 'actions[0].name' of datasource 'test' is missing; expected a text" },
        { Action("\"name\": \"a\", \"path\": \"x\", \"method\": \"GET\""), "option 'actions[0].method' of datasource 'test' is \"GET\"; expected POST, PUT, PATCH or DELETE" },
        { Action("\"name\": \"a\", \"path\": \"x\", \"promise\": \"exactly-once\""), "option 'actions[0].promise' of datasource 'test' is \"exactly-once\"; expected at-most-once, at-least-once or keyed" },
        { Action("\"name\": \"a\", \"path\": \"x\", \"key_header\": \"K\""), "option 'actions[0].key_header' of datasource 'test' is \"K\"; expected promise to be keyed" },
        { Action("\"name\": \"a\", \"path\": \"x\", \"parameters\": [\"p\", \"p\"]"), "option 'actions[0].parameters' of datasource 'test' is [\"p\", \"p\"]; expected different names" },
        { Action("\"name\": \"a\", \"path\": \"x/{q}\", \"parameters\": [\"p\"]"), "option 'actions[0].path' has the placeholder {q}; expected one of {p}, or {{ for a brace" },
        { Action("\"name\": \"a\", \"path\": \"x\"}, {\"name\": \"a\", \"path\": \"y\""), "option 'actions[1].name' of datasource 'test' is \"a\"; expected a name that no other action has" },
        { Url("\"values\": {\"a\": \"\\ud800\"}"), "an option of datasource 'test' has a text that escapes half a surrogate pair" },
        { Url("\"timeout\": 0"), "option 'timeout' of datasource 'test' is 0; expected a number from 0.05 to 3600" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_that_make_no_sense_are_refused(string options, string message)
    {
        var refusal = Assert.Throws<DriverException>(() => RestServer.Make(JsonElement.Parse($"{{{options}}}")));
        Assert.Equal(message, refusal.Message);
        Assert.DoesNotContain("hush", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_options_that_are_secret_are_kept_so()
    {
        var factory = new RestDriverFactory();
        Assert.Equal("rest", factory.Name);
        Assert.Equal(["password", "secret_headers", "secrets", "token"], factory.Options.Where(o => o.IsSecret).Select(o => o.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["url"], factory.Options.Where(o => o.IsRequired).Select(o => o.Name));
        Assert.DoesNotContain(factory.Options, o => o.Description.Contains('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://h/v2/", "/a/b", "http://h/v2/a/b")]
    [InlineData("http://h", "a?x=1", "http://h/a?x=1&q=%26")]
    [InlineData("http://h/v2?k=1", "", "http://h/v2?k=1&q=%26")]
    public void A_path_is_below_the_base(string start, string path, string url) => Assert.Equal(
        url, RestUrl.Under(new(start), path, url.Contains('q', StringComparison.Ordinal) ? [new("q", "&")] : []).AbsoluteUri);

    [Theory]
    [InlineData("https://h/a", "http://h/a?m=1", "https://h/a?m=1")]
    [InlineData("https://h:8443/a", "http://h/a?m=1", "https://h:8443/a?m=1")]
    [InlineData("http://h/a", "https://h/a", null)]
    [InlineData("http://h/a", "//other/a", null)]
    [InlineData("http://h/a", "http://h:81/a", null)]
    [InlineData("http://h/a", "file:///etc/passwd", null)]
    [InlineData("http://h/a", "http://ann@h/a", null)]
    public void A_link_leads_to_the_same_server_or_nowhere(string page, string link, string? target) =>
        Assert.Equal(target, RestUrl.Follow(new(page), link)?.AbsoluteUri);

    private static string Url(string options) => $"\"url\": \"http://x\", {options}";

    private static string Resource(string resource) => Url($"\"resources\": [{{{resource}}}]");

    private static string Action(string action) => Url($"\"actions\": [{{{action}}}]");
}
