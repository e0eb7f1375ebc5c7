using Congress.Datasources;
using Congress.Datasources.Drivers.Peer;
using Microsoft.AspNetCore.Http;

namespace Congress.Tests.Datasources.Peer;

public sealed class PeerDriverTests : IAsyncLifetime
{
    private readonly List<PeerDriver> _drivers = [];
    private PeerServer _server = null!;

    public async Task InitializeAsync() => _server = await PeerServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var driver in _drivers)
        {
            await driver.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_table_is_read_with_the_token()
    {
        Says("""{"results": [{"data": [1, "a"]}, {"data": [2.5, null]}, {"data": [1, "a"]}]}""");
        var driver = Make("""{"classification:error": ["id", "name:text"]}""");
        Assert.Equal("classification:error(id, name:text)", Assert.Single(driver.Schema).ToString());
        Assert.Equal("(1, \"a\") (2.5, null)", await Rows(driver, "classification:error"));
        Assert.Equal("GET /v1/policies/classification/tables/error/rows t0ken", Assert.Single(_server.Asked));
    }

    [Fact]
    public async Task Columns_need_not_be_named_and_a_table_may_have_a_name_of_its_own()
    {
        Says("""{"results": [{"data": [1, 2]}]}""");
        var driver = Make("""{"p:q": 2, "p:r:s": {"columns": 2, "name": "mine", "lazy": true}}""");
        Assert.Equal("p:q(c0, c1) mine(c0, c1)", string.Join(' ', driver.Schema));
        Assert.Equal([false, true], driver.Groups.Select(group => group.IsLazy));
        Assert.Equal("(1, 2)", await Rows(driver, "mine"));
        Assert.Equal("GET /v1/policies/p/tables/r:s/rows t0ken", Assert.Single(_server.Asked));
        Assert.Equal(2, (await driver.ReadAsync()).Count);
    }

    [Theory]
    [InlineData("""{"results": [{"data": [1]}]}""", "table 'p:q', results[0]: expected 2 values for p:q(c0, c1), found 1")]
    [InlineData("""{"results": [{"data": [1, 2]}, {"date": [1, 2]}]}""", "table 'p:q', results[1]: there is no list 'data'")]
    [InlineData("""{"results": [5]}""", "table 'p:q', results[0]: there is no list 'data'")]
    [InlineData("""{"results": {}}""", "table 'p:q': the answer has no list 'results'")]
    [InlineData("[]", "table 'p:q': the answer has no list 'results'")]
    [InlineData("""{"results": [{"data": [1, 2]}, {"data": [1, 2]}, {"data": [1, 2]}]}""", "table 'p:q' has 3 rows, more than the 2 that are taken")]
    public async Task An_answer_of_another_form_is_refused(string answer, string message)
    {
        Says(answer);
        Assert.Equal(message, await Refusal(Make("""{"p:q": 2}""", ", \"max_rows\": 2")));
    }

    [Fact]
    public async Task An_answer_that_is_no_json_is_refused()
    {
        Says("<html>");
        Assert.StartsWith($"{_server.Url}/v1/policies/p/tables/q/rows: the answer is no JSON: ", await Refusal(Make("""{"p:q": 2}""")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "it does not accept the token")]
    [InlineData(403, "it does not accept the token")]
    [InlineData(404, "it has no such table")]
    [InlineData(429, "it is asked too often")]
    [InlineData(500, "expected 200")]
    [InlineData(302, "expected 200")]
    public async Task A_refusal_is_told_and_no_redirection_followed(int status, string meaning)
    {
        _server.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        Assert.Equal($"{_server.Url}/v1/policies/p/tables/q/rows answers {status}: {meaning}", await Refusal(Make("""{"p:q": 2}""")));
        Assert.Single(_server.Asked);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Sun, 01 Feb 2026 00:00:00 GMT", 10)]       // ten seconds after the test's clock
    [InlineData("Sun, 01 Feb 2015 00:00:00 GMT", null)]
    [InlineData("", null)]
    public async Task It_is_told_when_to_try_again(string retryAfter, int? seconds)
    {
        _server.Answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };
        var failure = await Assert.ThrowsAsync<DriverException>(() => Configured.ReadGroupAsync(Make("""{"p:q": 2}""", time: new ManualTime()), "p:q"));
        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
        Assert.EndsWith("answers 503: it is not ready", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_may_be_so_long_and_no_longer()
    {
        var answer = """{"results": []}""";
        Says(answer);
        var driver = Make("""{"p:q": 2}""", $", \"max_bytes\": {answer.Length}");
        Assert.Equal("", await Rows(driver, "p:q"));
        Says(answer + " ");
        Assert.EndsWith($": the answer is longer than {answer.Length} bytes", await Refusal(driver), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_given_up()
    {
        _server.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        Assert.EndsWith("/rows: no answer within 0.2 s", await Refusal(Make("""{"p:q": 2}""", ", \"timeout\": 0.2")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_stops_on_the_way_is_given_up()
    {
        _server.Answer = async context =>
        {
            await context.Response.WriteAsync("""{"results": [""");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        Assert.EndsWith("/rows: no answer within 0.3 s", await Refusal(Make("""{"p:q": 2}""", ", \"timeout\": 0.3")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        _server.Answer = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Configured.ReadGroupAsync(Make("""{"p:q": 2}"""), "p:q", stop.Token));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var driver = Make("""{"p:q": 2}""");
        var url = _server.Url;
        await _server.DisposeAsync();
        Assert.StartsWith($"{url}/v1/policies/p/tables/q/rows: ", await Refusal(driver), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "ftp://x" """, "{}", "option 'url' of datasource 'source' is \"ftp://x\"; expected an address such as http://host:1789, without user, question mark and fragment")]
    [InlineData(""" "http://u:p@x" """, "{}", "option 'url' of datasource 'source' is \"http://u:p@x\"; expected an address such as http://host:1789, without user, question mark and fragment")]
    [InlineData(""" "http://x" """, """{"p": 1}""", "option 'tables' of datasource 'source': 'p' cannot name a table; a name is a letter or underscore, then letters, digits and underscores, with single dots between")]
    [InlineData(""" "http://x" """, """{"p:q": true}""", "option 'tables.p:q' of datasource 'source' is true; expected the number of columns, a list of them, or an object with columns, name and lazy")]
    [InlineData(""" "http://x" """, """{"p:q": -1}""", "option 'tables.p:q' of datasource 'source' is -1; expected a number of columns")]
    [InlineData(""" "http://x" """, """{"p:q": {}}""", "option 'tables.p:q.columns' of datasource 'source' is missing; expected their number, or a list of them")]
    [InlineData(""" "http://x" """, """{"p:q": {"columns": 1, "name": "a b"}}""", "option 'tables.p:q.name' of datasource 'source': 'a b' cannot name a table; a name is a letter or underscore, then letters, digits and underscores, with single dots between")]
    [InlineData(""" "http://x" """, """{"p:q": {"columns": 1, "name": "a"}, "p:r": {"columns": 1, "name": "a"}}""", "option 'tables' of datasource 'source': p:q and p:r are both called 'a'")]
    public void A_configuration_that_makes_no_sense_is_refused(string url, string tables, string message) =>
        Assert.Equal(message, Configured.Refusal(() => new PeerDriverFactory().Create(Configured.Settings($$"""{"url": {{url}}, "tables": {{tables}} }"""))));

    private PeerDriver Make(string tables, string more = "", TimeProvider? time = null)
    {
        var driver = Configured.Make<PeerDriver>(new PeerDriverFactory(), $$"""{"url": "{{_server.Url}}/", "token": "t0ken", "tables": {{tables}} {{more}} }""", time);
        _drivers.Add(driver);
        return driver;
    }

    private void Says(string answer) => _server.Answer = context => context.Response.WriteAsync(answer);

    private static async Task<string> Rows(PeerDriver driver, string table) => Configured.Rows(await Configured.ReadGroupAsync(driver, table), table);

    private static Task<string> Refusal(PeerDriver driver) => Configured.RefusalAsync(() => Configured.ReadGroupAsync(driver, "p:q"));
}
