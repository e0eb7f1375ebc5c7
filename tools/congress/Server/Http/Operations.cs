using System.Buffers;
using System.Text.Json;
using Congress.Api;
using Congress.Bus;
using Congress.Policies.Serving;
using Microsoft.AspNetCore.Http;

namespace Congress.Cli.Server.Http;

/// <summary>What operators and their machines ask of a server: how it is, what it counts, and what becomes of the violations.</summary>
internal static class Operations
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);   // whoever looks after a server waits no longer

    public static IEnumerable<Resource> Of(DseNode node, ApiMetrics metrics, ViolationEvents events)
    {
        var status = new StatusApi(new(node, Patience));
        yield return new("/health")
        {
            Get = new("Tells whether the server can do its work: 200 when a policy engine answers, its store is there and no service of this node has failed, else 503.", Role.Anybody,
                c => HealthAsync(node, status, c)),
        };
        yield return new("/metrics")
        {
            Get = new("Tells what is counted, in the text format of Prometheus.", Role.Reader, c => MetricsAsync(metrics, status, c)),
        };
        yield return new("/v1/events")
        {
            Get = new("Streams violations as server-sent events: first a snapshot, then those that appear and clear.", Role.Reader, events.StreamAsync),
        };
    }

    /// <summary>How the engine is; null when none answers.</summary>
    private static async Task<EngineStatus?> EngineAsync(StatusApi status, CancellationToken cancellationToken)
    {
        try
        {
            return await status.EngineAsync(cancellationToken);
        }
        catch (ApiException)
        {
            return null;
        }
    }

    /// <summary>Anybody may ask, so it tells states and no reasons.</summary>
    private static async Task HealthAsync(DseNode node, StatusApi status, ApiContext context)
    {
        var engine = await EngineAsync(status, context.Gone);
        var services = node.GetStatus().Services.Where(s => s.Name[0] == '_').ToArray();
        var isWell = engine is { Store: null } && Array.TrueForAll(services, s => s.State != ServiceState.Failed);
        var text = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("status", isWell ? "ok" : "unavailable");
            json.WriteString("node", node.Id.ToString());
            json.WriteString("engine", engine is null ? "does not answer" : "answers");
            json.WriteString("store", engine is null ? "unknown" : engine.Store is null ? "ok" : "unavailable");
            if (engine is not null)
            {
                json.WriteNumber("policy_version", engine.Version);
            }

            json.WriteStartObject("services");
            foreach (var service in services)
            {
                json.WriteString(service.Name, service.State.ToString().ToLowerInvariant());
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        context.Http.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Http.Response.ContentType = "application/json; charset=UTF-8";
        context.Http.Response.Headers.CacheControl = "no-store";
        await context.Http.Response.Body.WriteAsync(text.WrittenMemory, context.Gone);
    }

    private static async Task MetricsAsync(ApiMetrics metrics, StatusApi status, ApiContext context)
    {
        var text = new MetricsText();
        metrics.Totals.Write(text);
        var engine = await EngineAsync(status, context.Gone);
        text.Gauge("congress_engine_up", "Whether a policy engine answers.", engine is null ? 0 : 1);
        if (engine is not null)
        {
            text.Gauge("congress_store_up", "Whether the policy engine has its store.", engine.Store is null ? 1 : 0)
                .Gauge("congress_policy_version", "The version of the policies and rules.", engine.Version)
                .Gauge("congress_rules_set_aside", "Rules that the policy engine cannot apply.", engine.SetAside.Count)
                .Describe("congress_followed_tables", "gauge", "Tables of datasources that the policy engine follows, by whether they are current.")
                .Value("congress_followed_tables", engine.Tables.Count(t => t.Value), "state=\"current\"")
                .Value("congress_followed_tables", engine.Tables.Count(t => !t.Value), "state=\"stale\"");
            if (await ViolationsAsync(status, context.Gone) is { } violations)
            {
                text.Gauge("congress_violations", "Violations of all policies.", violations);
            }
        }

        context.Http.Response.ContentType = MetricsText.ContentType;
        await context.Http.Response.WriteAsync(text.ToString(), context.Gone);
    }

    private static async Task<long?> ViolationsAsync(StatusApi status, CancellationToken cancellationToken)
    {
        try
        {
            return (await status.ViolationsAsync(null, 0, cancellationToken)).Total;
        }
        catch (ApiException)
        {
            return null;   // the other values are worth telling without it
        }
    }
}
