using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Congress.Tests.Cli;
using Congress.Tests.Persistence;

namespace Congress.Tests.Api;

/// <summary>The API answers what OpenStack Congress answered, byte by byte, but for the steps that are listed with a reason.</summary>
/// <remarks>The environment variable CONGRESS_REST_CASES names another file of transcripts, to which the list applies as far as it has its groups.</remarks>
public sealed class RestTranscriptTests : IDisposable
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly string Cases = Environment.GetEnvironmentVariable("CONGRESS_REST_CASES") is { Length: > 0 } named ? named : PathOf("rest-transcripts.jsonl");

    private readonly TemporaryFolder _folder = new();

    /// <summary>A step that is answered otherwise on purpose.</summary>
    private sealed record Deviation(string Group, int Step, string Asked, string Differs, string Reason);

    private sealed record Report(IReadOnlyList<GroupReport> Groups);

    private sealed record GroupReport(string Id, int Ok, IReadOnlyList<Failure> Why);

    private sealed record Failure(int Step, string Req, string Why);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_request_is_answered_as_recorded_or_deviates_as_listed()
    {
        var groups = await PlayAsync("", jobs: 2);
        if (groups.Where(NeverBegan).ToArray() is { Length: > 0 } again)
        {
            // Its port was taken meanwhile, or the machine was too busy for a server to start in time.
            var played = await PlayAsync($"^({string.Join('|', again.Select(g => g.Id))})$", jobs: 1);
            groups = [.. groups.Except(again), .. played];
        }

        Assert.NotEmpty(groups);
        Assert.True(groups.Sum(g => g.Ok) > 100 || Cases != PathOf("rest-transcripts.jsonl"), "hardly any step passed");
        var listed = Deviations().Where(d => groups.Any(g => g.Id == d.Group)).ToDictionary(d => (d.Group, d.Step));
        var failed = groups.SelectMany(g => g.Why.Select(w => (g.Id, Failure: w))).ToArray();
        var unlisted = failed.Where(f => !listed.TryGetValue((f.Id, f.Failure.Step), out var d) || !f.Failure.Why.StartsWith(d.Differs, StringComparison.Ordinal))
            .Select(f => $"{f.Id}, step {f.Failure.Step}: {f.Failure.Req}: {f.Failure.Why}");
        var passed = listed.Keys.Except(failed.Select(f => (f.Id, f.Failure.Step))).Select(d => $"{d.Item1}, step {d.Item2} passes, though it is listed as a deviation");
        Assert.Empty(unlisted.Concat(passed));
    }

    [Fact]
    public void Every_deviation_is_listed_once_and_says_why()
    {
        var deviations = Deviations();
        Assert.Equal(deviations.Length, deviations.DistinctBy(d => (d.Group, d.Step)).Count());
        Assert.All(deviations, d => Assert.True(d.Reason.Length > 10 && d.Asked.Length > 0 && d.Differs.Length > 0, $"{d.Group}, step {d.Step}"));
    }

    private static bool NeverBegan(GroupReport group) => group.Why.Any(w => w.Step < 0);

    private static Deviation[] Deviations() => JsonSerializer.Deserialize<Deviation[]>(File.ReadAllText(PathOf("deviations.json")), Names)!;

    /// <summary>Plays the groups whose name fits, each against a server of its own.</summary>
    private async Task<IReadOnlyList<GroupReport>> PlayAsync(string only, int jobs)
    {
        var report = _folder.File($"report-{jobs}.json");
        string[] server = [.. CommandSandbox.Command, "run", "--port", "{port}", "--state", "{state}", "--library", PathOf("rest-library")];
        using var player = Process.Start(new ProcessStartInfo("python3",
        [
            PathOf("rest_replay.py"), Cases, "--start", string.Join(' ', server.Select(a => $"'{a}'")), "--jobs", $"{jobs}", "--port", $"{FreePorts(jobs)}", "--only", only, "--json", report,
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = _folder.Path },
        })!;
        var (output, error) = (player.StandardOutput.ReadToEndAsync(), player.StandardError.ReadToEndAsync());
        await player.WaitForExitAsync();
        Assert.True(File.Exists(report), $"{await output}{await error}");
        return JsonSerializer.Deserialize<Report>(await File.ReadAllTextAsync(report), Names)!.Groups;
    }

    /// <summary>The first of as many ports in a row that nobody listens at.</summary>
    private static int FreePorts(int count)
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            if (port + count <= IPEndPoint.MaxPort && Enumerable.Range(port + 1, count - 1).All(IsFree))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string PathOf(string file) => Repository.PathOf($"Congress.Tests/Api/Rest/{file}");
}
