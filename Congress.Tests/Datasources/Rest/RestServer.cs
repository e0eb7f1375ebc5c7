using System.Collections.Concurrent;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Congress.Tests.Datasources.Rest;

/// <summary>A real HTTP server on loopback that answers as a test says, and keeps what it was asked.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);
    private readonly List<IAsyncDisposable> _drivers = [];

    private RestServer(WebApplication application) => _application = application;

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<Asked> Asked { get; } = [];

    /// <summary>The base URL.</summary>
    public string Url { get; private set; } = "";

    public static async Task<RestServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new RestServer(builder.Build());
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        server.Url = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    /// <summary>Answers the requests for a path.</summary>
    public RestServer On(string path, Func<HttpContext, Task> answer)
    {
        _answers[path] = answer;
        return this;
    }

    /// <summary>Answers the requests for a path with a text.</summary>
    public RestServer On(string path, string body, int status = 200) => On(path, context => AnswerAsync(context, body, status));

    public static Task AnswerAsync(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }

    /// <summary>A driver for it. <c>URL</c> in the options is its base URL.</summary>
    public RestDriver Driver(string options)
    {
        using var json = JsonDocument.Parse($$"""{"url": "URL", {{options}}}""".Replace("URL", Url, StringComparison.Ordinal));
        var driver = Make(json.RootElement.Clone());
        _drivers.Add(driver);
        return driver;
    }

    /// <summary>A driver of one resource: the table t, of the ids of what is at <c>/items</c>.</summary>
    public RestDriver Items(string resource = "", string options = "") => Driver(
        $$"""{{options}} "resources": [{"path": "/items", {{resource}} "table": "t", "columns": ["id"]}]""");

    /// <summary>A driver of options that say all.</summary>
    public static RestDriver Make(JsonElement options)
    {
        var factory = new RestDriverFactory();
        var given = options.EnumerateObject().ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        Assert.Subset(factory.Options.Select(o => o.Name).ToHashSet(), given.Keys.ToHashSet());
        return (RestDriver)factory.Create(new("test", given));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var driver in _drivers)
        {
            await driver.DisposeAsync();
        }

        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Asked.Enqueue(new(context.Request.Method, context.Request.Path + context.Request.QueryString.Value, body,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await (_answers.TryGetValue(context.Request.Path.Value!, out var answer) ? answer(context) : AnswerAsync(context, """{"message": "no such thing"}""", 404));
    }
}

/// <summary>A request that came.</summary>
internal sealed record Asked(string Method, string Url, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() => $"{Method} {Url}";
}

/// <summary>Readings as texts.</summary>
internal static class RestReadings
{
    /// <summary>The rows of all tables, sorted, each with its table.</summary>
    public static async Task<string[]> AllAsync(this RestDriver driver, CancellationToken cancellationToken = default) =>
        Texts(await driver.ReadAsync(cancellationToken));

    /// <summary>The rows of the only group; null when nothing has changed.</summary>
    public static async Task<string[]?> OnlyAsync(this RestDriver driver) =>
        await driver.ReadAsync(Assert.Single(driver.Groups)) is { } rows ? Texts(rows) : null;

    /// <summary>The rows of the only group, which has changed.</summary>
    public static async Task<string[]> ChangedAsync(this RestDriver driver)
    {
        var rows = await driver.OnlyAsync();
        Assert.NotNull(rows);
        return rows;
    }

    /// <summary>What a reading fails of.</summary>
    public static Task<DriverException> FailureAsync(this RestDriver driver) => Assert.ThrowsAsync<DriverException>(() => driver.AllAsync());

    private static string[] Texts(IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables) =>
        [.. tables.SelectMany(t => t.Value.Order().Select(row => $"{t.Key}{row}")).Order(StringComparer.Ordinal)];
}
