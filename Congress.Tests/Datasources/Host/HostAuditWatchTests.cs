using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources;
using Congress.Policies;
using HostAudit;

namespace Congress.Tests.Datasources.Host;

/// <summary>The audit that goes on: what it says of a machine that changes under it.</summary>
public sealed class HostAuditWatchTests
{
    /// <summary>Five times what it should take: a reading each second, and hardly more.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Open = Closed | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    [Fact]
    public async Task A_mode_and_a_listener_show_within_seconds_and_clear_again()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("host-audit-");
        var file = Path.Join(folder.FullName, "data");
        await File.WriteAllTextAsync(file, "");
        File.SetUnixFileMode(file, Open);
        using var process = Start("--folder", folder.FullName, "--watch", "--json");
        try
        {
            using var lines = new LineQueue(process.StandardOutput);
            // The start of a process may take long; how soon a change shows does not depend on it.
            var first = await lines.UntilAsync("appeared", "writable-file", file, TimeSpan.FromMinutes(1));
            File.SetUnixFileMode(file, Closed);
            var cleared = await lines.UntilAsync("cleared", "writable-file", file);
            File.SetUnixFileMode(file, Open);
            var again = await lines.UntilAsync("appeared", "writable-file", file);
            Assert.True(VersionOf(first) < VersionOf(cleared) && VersionOf(cleared) < VersionOf(again));

            using (var listener = new TcpListener(IPAddress.Any, 0))
            {
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
                await lines.UntilAsync("appeared", "open-port", port);
                listener.Stop();
                await lines.UntilAsync("cleared", "open-port", port);
            }

            using var interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(new CancellationTokenSource(Limit).Token);
            Assert.Equal(130, process.ExitCode);
            Assert.Matches(@"^\d+ facts, \d+ errors, \d+ warnings\n$", await process.StandardError.ReadToEndAsync());
        }
        finally
        {
            process.Kill();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_reading_that_fails_keeps_the_last_facts_and_is_told_once()
    {
        var driver = new FailingDriver();
        var told = new List<string>();
        await using var audit = new Audit("error(x) :- host:t(x).", "policy.dl", driver);
        await audit.PollAsync();
        driver.Failures = 3;
        using var stop = new CancellationTokenSource(Limit);
        driver.OnReading = reading =>
        {
            if (reading == 7)
            {
                stop.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => audit.PollEveryAsync(TimeSpan.FromMilliseconds(10), told.Add, stop.Token));

        Assert.Equal(["the host cannot be read, its last facts are kept: it is gone", "the host can be read again"], told);
        Assert.Equal("error(1)", Assert.Single(audit.Violations).ToString()[..8]);
    }

    [Fact]
    public void What_a_reader_that_fell_behind_is_given_anew_is_told_as_changes()
    {
        var standing = new StandingViolations();
        standing.Take(new(1, true, [Violation(1), Violation(2)], []));

        var update = standing.Take(new(9, true, [Violation(2), Violation(3)], []));

        Assert.Equal((9, false), (update.Version, update.IsSnapshot));
        Assert.Equal([new Row(3)], update.Appeared.Select(v => v.Row));
        Assert.Equal([new Row(1)], update.Cleared.Select(v => v.Row));
        Assert.Equal([new Row(2), new Row(3)], standing.All.Select(v => v.Row).Order());
    }

    [Fact]
    public void A_line_of_json_has_the_violation_and_its_change()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var writer = new AuditWriter(output, isJson: true);

        writer.Write([Violation("\"é\""), new(new("policy", "warning"), new Row(Value.Null), "warning", null, null, default, [])]);
        writer.Write(new ViolationUpdate(7, false, [], [Violation(1.0)]));

        Assert.Equal("""
            {"table":"error","row":["\"é\""],"severity":"error","message":"it is","rule":"r","line":3,"conditions":["p(1)"]}
            {"table":"warning","row":[null],"severity":"warning","message":null,"rule":null,"line":null,"conditions":[]}
            {"change":"cleared","version":7,"table":"error","row":[1.0],"severity":"error","message":"it is","rule":"r","line":3,"conditions":["p(1)"]}

            """.ReplaceLineEndings("\n"), output.ToString());
    }

    [Theory]
    [InlineData("0.25", 250)]
    [InlineData("2", 2000)]
    public void An_interval_is_in_seconds(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), AuditOptions.Parse(["--interval", text]).Interval);

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--interval", "-1")]
    [InlineData("--interval", "NaN")]
    [InlineData("--interval", "1,5")]
    [InlineData("--interval")]
    [InlineData("--wtach")]
    public void A_wrong_argument_is_refused(params string[] arguments) => Assert.Throws<FormatException>(() => AuditOptions.Parse(arguments));

    private static Violation Violation(Value value) => new(new("policy", "error"), new Row(value), "error", "it is", "r", new("policy.dl", 0, 1, 3, 1), ["p(1)"]);

    private static long VersionOf(JsonElement line) => line.GetProperty("version").GetInt64();

    private static Process Start(params string[] arguments)
    {
        // The tests themselves may have been started where interrupts are ignored.
        string[] command = ["--default-signal=INT", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(Audit).Assembly.Location, .. arguments];
        return Process.Start(new ProcessStartInfo("env", command) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Reads lines of JSON until the one that is awaited.</summary>
    private sealed class LineQueue(StreamReader output) : IDisposable
    {
        /// <summary>The change of the violation of a rule that is about a value.</summary>
        public async Task<JsonElement> UntilAsync(string change, string rule, string value, TimeSpan? limit = null)
        {
            using var stop = new CancellationTokenSource(limit ?? Limit);
            while (await output.ReadLineAsync(stop.Token) is { } line)
            {
                var found = JsonDocument.Parse(line).RootElement;
                if (found.GetProperty("change").ValueEquals(change) && found.GetProperty("rule").ValueEquals(rule)
                    && found.GetProperty("row")[1].ToString() == value)
                {
                    return found;
                }
            }

            throw new EndOfStreamException($"the audit ended before {rule} of {value} {change}");
        }

        public void Dispose() => output.Dispose();
    }

    /// <summary>Fails as often as it is asked to.</summary>
    private sealed class FailingDriver : IDatasourceDriver
    {
        private int _readings;

        public int Failures { get; set; }

        public Action<int> OnReading { get; set; } = _ => { };

        public IReadOnlyList<TableSchema> Schema { get; } = [new("t", [new Column("n")])];

        public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default)
        {
            OnReading(++_readings);
            return Failures-- > 0
                ? ValueTask.FromException<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(new IOException("it is gone"))
                : ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(
                    new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal) { ["t"] = [new Row(1)] });
        }
    }
}
