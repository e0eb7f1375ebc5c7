using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Congress.Tests.Cli;
using Microsoft.Data.Sqlite;

namespace Congress.Tests.Chaos;

/// <summary>A running Congress whose store is in trouble: writes are answered 503 and change nothing, reads go on, and nothing that was acknowledged is lost.</summary>
public sealed class StoreTroubleTests : IDisposable
{
    private const string Rules = "v1/policies/p/rules";

    private readonly CommandSandbox _sandbox = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private Process? _process;
    private Uri _base = new("http://localhost");

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        _client.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public async Task A_disk_that_is_full_loses_nothing()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // there is no such limit
        }

        // No file of the process may grow beyond 1 MB: what a file system does that has no more room. The variable lets the runtime start under it.
        await StartAsync(["env", "DOTNET_EnableWriteXorExecute=0", "bash", "-c", "trap '' XFSZ; ulimit -f 1000; exec \"$@\"", "limited"]);
        (await _client.PostAsJsonAsync(new Uri(_base, "v1/policies"), new { name = "p" })).EnsureSuccessStatusCode();
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; ; i++)
        {
            Assert.True(i < 1000, "the disk is never full");
            using var answer = await InsertAsync($"q({i}) :- r({i}), not s(\"{new string('x', 20_000)}\")");
            if ((int)answer.StatusCode == 503)
            {
                Assert.Matches("is full|cannot be used: disk I/O error", await answer.Content.ReadAsStringAsync());
                break;
            }

            acknowledged.Add(await IdOfAsync(answer));
        }

        Assert.True(acknowledged.Count > 10, $"only {acknowledged.Count} rules were written");
        Assert.Equal(acknowledged, await ListAsync());   // it goes on answering from memory
        _process!.Kill();
        await _process.WaitForExitAsync();

        await StartAsync([]);
        Assert.Equal(acknowledged, await ListAsync());
        using var again = await InsertAsync("q(x) :- t(x)");
        acknowledged.Add(await IdOfAsync(again));
        Assert.Equal(acknowledged, await ListAsync());
    }

    [Fact]
    public async Task A_store_that_another_program_holds_is_waited_for_and_then_not()
    {
        await StartAsync([]);
        (await _client.PostAsJsonAsync(new Uri(_base, "v1/policies"), new { name = "p" })).EnsureSuccessStatusCode();
        using var kept = await InsertAsync("q(1)");
        var id = await IdOfAsync(kept);
        await using (var connection = new SqliteConnection($"Data Source={_sandbox.PathOf("state/congress.db")};Pooling=False"))
        {
            connection.Open();
            await using var transaction = connection.BeginTransaction(deferred: false);
            using var refused = await InsertAsync("q(2)");
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.Contains("is held by another process, for more than 5 s", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal([id], await ListAsync());
        }

        using var second = await InsertAsync("q(2)");
        Assert.Equal([id, await IdOfAsync(second)], await ListAsync());
    }

    [Fact]
    public async Task A_key_that_is_lost_stops_what_needs_it_and_says_so_until_the_configuration_is_given_anew()
    {
        const string one = "v1/data-sources/one";
        await StartAsync([]);
        var config = JsonSerializer.Deserialize<JsonElement>(Api.ApiServer.FakeConfig);
        (await _client.PostAsJsonAsync(new Uri(_base, "v1/data-sources"), new { name = "one", driver = "fake_datasource", config })).EnsureSuccessStatusCode();
        _process!.Kill();
        await _process.WaitForExitAsync();
        File.Delete(_sandbox.PathOf("state/congress.key"));

        await StartAsync([]);
        (await _client.PostAsJsonAsync(new Uri(_base, "v1/data-sources"), new { name = "two", driver = "fake_datasource", config })).EnsureSuccessStatusCode();
        Assert.Contains("\"one\"", await _client.GetStringAsync(new Uri(_base, "v1/data-sources")), StringComparison.Ordinal);
        Assert.Contains("cannot be decrypted: the key file is not the one", await _client.GetStringAsync(new Uri(_base, $"{one}/status")), StringComparison.Ordinal);
        using (var push = await _client.PutAsJsonAsync(new Uri(_base, $"{one}/tables/fake_table/rows"), Array.Empty<int>()))
        {
            Assert.Equal(503, (int)push.StatusCode);
            Assert.Contains("datasource one cannot run: the configuration of datasource", await push.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var refused = await _client.PatchAsJsonAsync(new Uri(_base, one), new { description = "d" }))
        {
            Assert.Equal(400, (int)refused.StatusCode);
            Assert.Contains("Give the configuration anew, as 'config'", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        (await _client.PatchAsJsonAsync(new Uri(_base, one), new { config })).EnsureSuccessStatusCode();
        (await _client.PutAsJsonAsync(new Uri(_base, $"{one}/tables/fake_table/rows"), Array.Empty<int>())).EnsureSuccessStatusCode();
    }

    private async Task StartAsync(string[] launcher)
    {
        _process?.Dispose();
        _process = _sandbox.Start(launcher, "run", "--state", "state", "--port", "0");
        var greeting = await _process.StandardOutput.ReadLineAsync() ?? await _process.StandardError.ReadToEndAsync();
        Assert.Contains("serves the API at ", greeting, StringComparison.Ordinal);
        _base = new(greeting[greeting.IndexOf("http", StringComparison.Ordinal)..]);
    }

    private async Task<HttpResponseMessage> InsertAsync(string rule)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { rule }), Encoding.UTF8, "application/json");
        return await _client.PostAsync(new Uri(_base, Rules), body);
    }

    private static async Task<string> IdOfAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
    }

    private async Task<HashSet<string>> ListAsync()
    {
        using var listing = JsonDocument.Parse(await _client.GetStringAsync(new Uri(_base, Rules)));
        return [.. listing.RootElement.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];
    }
}
