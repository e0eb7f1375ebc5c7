using Congress.Api;
using Congress.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Congress.Cli.Server.Http;

/// <summary>The REST API over HTTP: it maps routes on the models of <c>Congress.Api</c>, and knows nothing of policies itself.</summary>
internal static class HttpFace
{
    private const long LargestBody = 3_900_000;   // what fits a message between services

    /// <summary>Makes the server; it listens when it is started.</summary>
    public static WebApplication Create(DseNode node, HttpOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "congress" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = options.Connections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        var app = builder.Build();
        var access = new Access(options.Tokens);
        var requests = new SemaphoreSlim(options.Requests);
        var metrics = new ApiMetrics();
        app.Lifetime.ApplicationStopped.Register(metrics.Dispose);
        app.Use(async (http, next) =>
        {
            var began = metrics.Began();
            try
            {
                await GuardAsync(http, next, access, requests, options);
            }
            finally
            {
                metrics.Ended(began, http);
            }
        });
        app.UseRouting();
        var events = new ViolationEvents(node, options.Heartbeat, options.Streams, app.Lifetime.ApplicationStopping);
        IReadOnlyList<Resource> resources = [.. Routes.Of(new(node, options.Timeout)), .. Operations.Of(node, metrics, events)];
        foreach (var resource in resources.Append(OpenApiDocument.Of(resources)))
        {
            var endpoints = resource.Endpoints.ToDictionary(e => e.Method, e => e.Endpoint, StringComparer.Ordinal);
            app.Map(resource.Pattern, (RequestDelegate)(http => AnswerAsync(new(http), resource, endpoints)));
        }

        app.Map("/", (RequestDelegate)(http => VersionsAsync(new(http), "versions")));
        app.Map("/v1", (RequestDelegate)(http => VersionsAsync(new(http), "version")));
        app.MapFallback("{**path}", http => http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? throw new ApiException(ApiError.NotFound, "The resource could not be found.")
            : VersionsAsync(new(http), "choices"));
        return app;
    }

    private static async Task AnswerAsync(ApiContext context, Resource resource, Dictionary<string, Endpoint> endpoints)
    {
        if (context.Http.Request.Method == HttpMethods.Options)
        {
            context.Http.Response.Headers.Allow = string.Join(", ", endpoints.Keys);
            return;
        }

        if (!endpoints.TryGetValue(context.Http.Request.Method, out var endpoint))
        {
            if (resource.IsElement && context.Http.Request.Method == HttpMethods.Post)
            {
                Routes.ActionOf(context);
            }

            throw new ApiException(ApiError.NoMethod);
        }

        context.Require(endpoint.Role);
        await endpoint.AnswerAsync(context);
    }

    /// <summary>What holds for every request: paths, bounds, who asks, and what becomes of failures.</summary>
    private static async Task GuardAsync(HttpContext http, RequestDelegate next, Access access, SemaphoreSlim requests, HttpOptions options)
    {
        var context = new ApiContext(http);
        var isIn = false;
        try
        {
            var path = http.Request.Path.Value ?? "/";
            while (path.Contains("//", StringComparison.Ordinal))
            {
                path = path.Replace("//", "/", StringComparison.Ordinal);
            }

            if (path.Length > 1 && path[^1] == '/' && path != "/v1/")
            {
                throw new ApiException(ApiError.NotFound, "The resource could not be found.");
            }

            http.Request.Path = path;
            isIn = requests.Wait(0);
            if (!isIn)
            {
                throw new ApiException(ApiError.Unavailable, "too many requests are under way") { RetryAfter = TimeSpan.FromSeconds(1) };
            }

            http.Items[typeof(Asker)] = path is "/" or "/v1" or "/v1/" or "/health" or "/openapi.json" ? Asker.Anybody : access.AskerOf(http.Request);
            await next(http);
        }
        catch (ApiException failure) when (!http.Response.HasStarted)
        {
            if (failure.Error.Status == StatusCodes.Status500InternalServerError)
            {
                options.Failed?.Invoke($"{http.Request.Method} {http.Request.Path}", failure);
            }

            await context.FailAsync(failure);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            options.Failed?.Invoke($"{http.Request.Method} {http.Request.Path}", exception);
            await context.FailAsync(new(ApiError.Internal, exception is ObjectDisposedException ? "the server stops" : null, inner: exception));
        }
        finally
        {
            if (isIn)
            {
                requests.Release();
            }
        }
    }

    /// <summary>Tells which versions of the API there are; for any path that is in none, with the status that asks to choose.</summary>
    private static Task VersionsAsync(ApiContext context, string form)
    {
        var request = context.Http.Request;
        var self = $"{request.Scheme}://{request.Host}/v1/{(form == "choices" ? request.Path.Value![1..] : "")}";
        var version = $$"""{"id": "v1", "status": "CURRENT", "updated": "2013-08-12T17:42:13Z", "links": [{"rel": "self", "href": "{{System.Text.Json.JsonEncodedText.Encode(self)}}"}""";
        return form == "version"
            ? context.AnswerAsync($$$"""{"version": {{{version}}}, {"rel": "describedby", "type": "text/html", "href": "http://congress.readthedocs.org/"}]}}""")
            : context.AnswerAsync($$"""{"{{form}}": [{{version}}]}]}""", form == "choices" ? StatusCodes.Status300MultipleChoices : StatusCodes.Status200OK);
    }
}

/// <summary>How the API is served.</summary>
internal sealed record HttpOptions
{
    /// <summary>Where it listens.</summary>
    public required System.Net.IPEndPoint Listen { get; init; }

    /// <summary>Who may do what; null: anybody anything.</summary>
    public IReadOnlyList<TokenHash>? Tokens { get; init; }

    /// <summary>The most connections at a time.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>The most requests at a time; one more is answered 503.</summary>
    public int Requests { get; init; } = 1024;

    /// <summary>The most streams of events at a time; one more is answered 503.</summary>
    public int Streams { get; init; } = 64;

    /// <summary>How often a stream of events says that it is alive, when it has nothing else to say.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Is told of requests that failed of something unforeseen; null: nobody is.</summary>
    public Action<string, Exception>? Failed { get; init; }

    /// <summary>How long a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
