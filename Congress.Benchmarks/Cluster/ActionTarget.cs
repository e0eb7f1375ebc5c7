using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Congress.Benchmarks.Cluster;

/// <summary>A process that actions are sent to. It writes each call into a file before it answers: <c>ACTION ITEM KEY effect|repeated TIME</c>.</summary>
/// <remarks><c>keyed</c> does what calls of one key ask for once, also after it has been killed; <c>once</c> does what each call asks for.</remarks>
internal static class ActionTarget
{
    public const string Child = "target";

    /// <summary>Serves until the process is killed.</summary>
    public static async Task<int> RunAsync(int port, string file)
    {
        var keys = Read(file).Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
        using var log = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        app.MapPost("/{action}/{item}", (string action, string item, HttpContext http) =>
        {
            var key = http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given ? given : "-";
            lock (keys)
            {
                var isNew = action != "keyed" || keys.Add(key);
                var line = $"{action} {item} {key} {(isNew ? "effect" : "repeated")} {Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture)}\n";
                log.Write(Encoding.UTF8.GetBytes(line));   // without a buffer: what is written here outlives the process
            }

            return Results.Ok();
        });
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The calls that have been written; a line that is being written is not there yet.</summary>
    public static IReadOnlyList<ReceivedCall> Read(string file) => !File.Exists(file) ? [] : [.. ReadLines(file)
        .Select(l => l.Split(' ')).Where(p => p.Length == 5).Select(p => new ReceivedCall(p[0], int.Parse(p[1], CultureInfo.InvariantCulture), p[2], p[3] == "effect", long.Parse(p[4], CultureInfo.InvariantCulture)))];

    private static string[] ReadLines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A call that the target got.</summary>
/// <param name="Action">keyed or once.</param>
/// <param name="Item">Its argument.</param>
/// <param name="Key">The key of the call; - when it has none.</param>
/// <param name="IsEffect">Whether the target did something, because the key was new or does not count.</param>
/// <param name="At">When, by the clock of <see cref="Stopwatch"/>, which all processes of a machine share.</param>
internal sealed record ReceivedCall(string Action, int Item, string Key, bool IsEffect, long At);
