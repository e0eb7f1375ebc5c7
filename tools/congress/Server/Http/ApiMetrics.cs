using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace Congress.Cli.Server.Http;

/// <summary>Counts the requests of one server, with instruments of the meter <c>Congress</c>, which any listener in the process can read.</summary>
internal sealed class ApiMetrics : IDisposable
{
    private readonly Meter _meter = new("Congress");
    private readonly Counter<long> _requests;
    private readonly Counter<double> _seconds;
    private readonly UpDownCounter<long> _inFlight;

    public ApiMetrics()
    {
        Totals = new(_meter);
        _requests = _meter.CreateCounter<long>("congress_requests_total", description: "Requests that were answered, by method and status.");
        _seconds = _meter.CreateCounter<double>("congress_request_seconds_total", description: "The time that requests took, in seconds.");
        _inFlight = _meter.CreateUpDownCounter<long>("congress_requests_in_flight", description: "Requests that are under way.");
    }

    /// <summary>What was counted.</summary>
    public MetricTotals Totals { get; }

    /// <summary>A request begins.</summary>
    /// <returns>What <see cref="Ended"/> is to be told.</returns>
    public long Began()
    {
        _inFlight.Add(1);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>A request has been answered.</summary>
    public void Ended(long began, HttpContext http)
    {
        _inFlight.Add(-1);
        _seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        _requests.Add(1, new("method", MethodOf(http.Request.Method)), new("status", http.RequestAborted.IsCancellationRequested ? "gone" : http.Response.StatusCode));
    }

    public void Dispose()
    {
        Totals.Dispose();
        _meter.Dispose();
    }

    /// <summary>What a client makes up is not counted by name: the number of counters is bounded.</summary>
    private static string MethodOf(string method) => method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" ? method : "other";
}
