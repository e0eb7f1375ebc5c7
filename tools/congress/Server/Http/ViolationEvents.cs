using System.Text.Encodings.Web;
using System.Text.Json;
using Congress.Api;
using Congress.Bus;
using Congress.Data;
using Congress.Policies.Serving;
using Microsoft.AspNetCore.Http;

namespace Congress.Cli.Server.Http;

/// <summary>Violations as server-sent events: <c>snapshot</c> first, then <c>appeared</c> and <c>cleared</c>; <c>stale</c> when what was told may be old, and <c>fresh</c> when it is
/// current again.</summary>
/// <remarks>Each stream follows the table of violations for itself. What waits for one that reads slowly is bounded: it gets a new snapshot, or is cut off when it does not read at all.</remarks>
/// <param name="node">Follows the table, wherever the engine is.</param>
/// <param name="heartbeat">How often a comment is sent when nothing else is, so that both sides notice when the other has gone.</param>
/// <param name="most">The most streams at a time.</param>
/// <param name="stopping">The server stops.</param>
internal sealed class ViolationEvents(DseNode node, TimeSpan heartbeat, int most, CancellationToken stopping)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Columns = ["policy", "table", "fact", "severity", "message"];

    private int _streams;

    /// <summary>Streams until the client goes or the server stops.</summary>
    /// <exception cref="ApiException">There are too many streams.</exception>
    public async Task StreamAsync(ApiContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > most)
            {
                throw new ApiException(ApiError.Unavailable, $"{most} streams of events are open; more are not served") { RetryAfter = TimeSpan.FromSeconds(10) };
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Gone, stopping);
            var response = context.Http.Response;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            await SendAsync(response, ": violations\n\n", stop.Token);
            await FollowAsync(response, stop.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The stream ends in order; the client may come back to another node.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task FollowAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        using var subscription = node.Subscribe(new(EngineMethods.Service, EngineMethods.ViolationsTable));
        await using var events = subscription.GetAsyncEnumerator(cancellationToken);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                bool isThere;
                try
                {
                    isThere = await next.WaitAsync(heartbeat, TimeProvider.System, cancellationToken);
                }
                catch (TimeoutException)
                {
                    await SendAsync(response, ": alive\n\n", cancellationToken);
                    continue;
                }

                if (!isThere)
                {
                    return;
                }

                await TellAsync(response, events.Current, cancellationToken);
                next = events.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            subscription.Dispose();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task TellAsync(HttpResponse response, TableEvent next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case TableSnapshot snapshot:
                await TellAsync(response, "snapshot", snapshot.Version, [.. snapshot.Rows.Order()], cancellationToken);
                break;
            case TableDelta delta:
                // A violation that is explained otherwise now clears and appears: in this order, whoever keeps rows keeps it.
                await TellAsync(response, "cleared", delta.Version, delta.Deleted, cancellationToken);
                await TellAsync(response, "appeared", delta.Version, delta.Inserted, cancellationToken);
                break;
            case TableStale:
                await SendAsync(response, "event: stale\ndata: {}\n\n", cancellationToken);
                break;
            case TableFresh:
                await SendAsync(response, "event: fresh\ndata: {}\n\n", cancellationToken);
                break;
        }
    }

    private static async Task TellAsync(HttpResponse response, string name, TableVersion version, IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0 && name != "snapshot")
        {
            return;
        }

        await SendAsync(response, $"id: {version}\nevent: {name}\ndata: ", cancellationToken);
        await using (var json = new Utf8JsonWriter(response.BodyWriter, Plain))   // without line breaks, which would end the data
        {
            json.WriteStartObject();
            json.WriteStartArray("violations");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                for (var column = 0; column < Math.Min(row.Count, Columns.Length); column++)
                {
                    json.WriteString(Columns[column], row[column].Kind == ValueKind.Null ? null : row[column].ToPlainText());
                }

                json.WriteEndObject();
                if (json.BytesPending > 1 << 16)
                {
                    await json.FlushAsync(cancellationToken);
                    await response.BodyWriter.FlushAsync(cancellationToken);   // waits for whoever reads slowly
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await SendAsync(response, "\n\n", cancellationToken);
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
