using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Congress.Tests.Cli;

/// <summary>What <c>congress run</c> says of a state, a library, drivers and a port that it cannot use: one line, exit code 2, and everything is left as it was.</summary>
public sealed class RunStateTests : IDisposable
{
    private readonly CommandSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task A_store_that_is_none_is_left_as_it_is()
    {
        const string text = "this is no database, but a text that is longer than the header of one, which has a hundred bytes";
        await RefusedAsync("is no SQLite file; expected a store of Congress, or no file", () => _sandbox.With("state/congress.db", text));
        Assert.Equal(text, _sandbox.Read("state/congress.db"));
    }

    [Fact]
    public Task A_store_of_another_program_is_refused() =>
        RefusedAsync("is an SQLite file of another program; expected a store of Congress, or no file", () => Run("CREATE TABLE theirs(x)"));

    [Fact]
    public async Task A_store_of_a_newer_release_is_refused()
    {
        await MakeStoreAsync();
        await RefusedAsync("has schema 1000; this release knows schemas up to", () => Run("PRAGMA user_version = 1000"));
    }

    [Fact]
    public async Task A_damaged_store_is_refused()
    {
        await MakeStoreAsync();
        await using (var file = new FileStream(_sandbox.PathOf("state/congress.db"), FileMode.Open))
        {
            file.Seek(4096, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        await RefusedAsync("is damaged");
    }

    [Fact]
    public async Task A_key_that_others_may_read_or_that_is_none_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // who may read a file is said otherwise there
        }

        await MakeStoreAsync();
        var key = _sandbox.PathOf("state/congress.key");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await RefusedAsync("may be used by others (GroupRead); expected mode 0600: chmod 600 ");
        await File.WriteAllTextAsync(key, "no key");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await RefusedAsync("is no key file; expected 32 bytes in base64. Restore it from a backup");
    }

    [Fact]
    public Task A_state_that_is_a_file_is_refused() => RefusedAsync("state: error: it cannot be used as a folder for the state", () => _sandbox.With("state", "a file"));

    [Fact]
    public async Task A_port_that_is_taken_is_refused()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await RefusedAsync($"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}: address already in use", null, "--port", $"{((IPEndPoint)other.LocalEndpoint).Port}");
    }

    [Theory]
    [InlineData("library/a.yaml", "name: [", "library/a.yaml:", "--library", "library")]
    [InlineData("library/a.yaml", "name: a", "library/a.yaml: error: 'rules' is missing", "--library", "library")]
    [InlineData("library/a.yaml", "name: a\nrules: [5]", "library/a.yaml:2: error: a rule is a mapping with rule, name and comment", "--library", "library")]
    [InlineData("other/a.yaml", "", "library: error: the library cannot be read", "--library", "library")]
    [InlineData("drivers/a.dll", "no assembly", "a.dll: error: its drivers cannot be loaded", "--drivers", "drivers")]
    [InlineData("other/a.dll", "", "drivers: error: drivers cannot be read", "--drivers", "drivers")]
    public async Task A_library_and_drivers_that_cannot_be_read_are_refused(string file, string content, string message, string option, string value)
    {
        await RefusedAsync(message, () => _sandbox.With(file, content), option, value);
        Assert.False(Directory.Exists(_sandbox.PathOf("state")));
    }

    private async Task RefusedAsync(string message, Action? arrange = null, params string[] more)
    {
        arrange?.Invoke();
        string[] port = more.Contains("--port", StringComparer.Ordinal) ? [] : ["--port", "0"];
        var run = await _sandbox.RunAsync(["run", "--state", "state", .. port, .. more]);
        Assert.True((run.ExitCode, run.Output) == (2, ""), $"{run.ExitCode}: {run.Output}{run.Error}");
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Trim().Count(c => c == '\n') + 1);
    }

    /// <summary>Lets it run for as long as it needs to make its store.</summary>
    private async Task MakeStoreAsync()
    {
        using var process = _sandbox.Start([], "run", "--state", "state", "--port", "0");
        Assert.Contains("serves the API", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        using var end = Process.Start("kill", ["-TERM", $"{process.Id}"]);   // so that all is in the file, and nothing beside it
        await process.WaitForExitAsync();
    }

    private void Run(string sql)
    {
        Directory.CreateDirectory(_sandbox.PathOf("state"));
        using var connection = new SqliteConnection($"Data Source={_sandbox.PathOf("state/congress.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
